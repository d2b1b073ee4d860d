package io.guestflow.processor.effects.cxone;

import java.util.Locale;

/** What can be wrong with an answer of several pages, besides a page that cannot be fetched. */
public enum PageFault {
    /** A page led to one that had been read. */
    REPEATED_PAGE,
    /** A page had nothing on it and promised more. */
    EMPTY_PAGE,
    /** More pages than the bound. */
    TOO_MANY_PAGES,
    /** A row could not be read that is, or may be, of a conversation that was asked for and that is on no other. */
    UNREADABLE_ROW,
    /** CXone did not know any more, even after a new beginning, where a page went on. */
    PAGE_TOKEN_EXPIRED;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
