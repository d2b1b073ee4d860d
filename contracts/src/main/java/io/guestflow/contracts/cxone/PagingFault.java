package io.guestflow.contracts.cxone;

/** Why the pages of an answer could not be read to their end. */
public enum PagingFault {
    /** A page led to one that had been read: following it would go round in circles. */
    REPEATED_PAGE,
    /** A page had nothing on it and promised more. */
    EMPTY_PAGE,
    /** More pages than the bound. */
    TOO_MANY_PAGES,
    /** CXone did not know any more, even after a new beginning, where a page went on. */
    PAGE_TOKEN_EXPIRED,
    /** A page could not be fetched. */
    CALL_FAILED
}
