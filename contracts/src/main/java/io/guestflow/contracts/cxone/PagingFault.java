package io.guestflow.contracts.cxone;

/** Why the pages of an answer could not be read to their end. */
public enum PagingFault {
    /** A page led to one that had been read: following it would go round in circles. */
    REPEATED_PAGE,
    /** A page had nothing on it and promised more. */
    EMPTY_PAGE,
    /** More pages than the bound. */
    TOO_MANY_PAGES,
    /** A conversation on a page could not be read, and may be one that was asked for. */
    UNREADABLE_ROW,
    /** A page could not be read, however often it was asked for. */
    UNREADABLE_PAGE,
    /** CXone did not know any more, even after a new beginning, where a page went on. */
    PAGE_TOKEN_EXPIRED,
    /** A page could not be fetched. */
    CALL_FAILED
}
