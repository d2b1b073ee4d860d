package io.guestflow.processor.sandbox.cxone;

import java.util.Locale;

/** How the pages of a details query may fail to fit together. */
public enum DetailsFault {
    /** They fit. */
    NONE,
    /** Every page but the last leads to itself. */
    SAME_PAGE,
    /** Behind the first page there is an empty one, which promises more. */
    EMPTY_PAGE,
    /** There is always another page, under a token that was never told before, with nothing new on it. */
    ENDLESS,
    /** The first token that comes back is not known any more; those told after it are. */
    FORGETS_ONE_TOKEN,
    /** No token that comes back is known any more. */
    FORGETS_TOKENS,
    /** The access token expires behind the first page, once. */
    ACCESS_EXPIRES,
    /** All pages but the first fail with 503. */
    FAILS_LATER,
    /** Every second row has no figures. */
    UNREADABLE_ROWS;

    static DetailsFault parse(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
