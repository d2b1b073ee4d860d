package io.guestflow.processor.effects.cxone;

import java.util.Locale;

/** Calls that share a breaker: one that fails stops the others of its circuit, and only those. */
enum Circuit {
    /** Without a token there is no create; and to extend is a create call, at the same endpoint: they fail together. */
    CREATE,
    /** A guest is authenticated without its context too, so a context endpoint that fails must not stop create. */
    CONTEXT,
    /** Where the profile has such a call, it is another endpoint, and nobody waits for it. */
    CLOSE,
    /** Analytics are another system of CXone's, and nobody waits for them. */
    DETAILS;

    /**
     * Whether what CXone says to its calls, to wait or that we may not, is about them alone. Guests must not wait for
     * questions, so nothing that a question is answered holds up anything else.
     */
    boolean isApart() {
        return this == DETAILS;
    }

    /** The endpoint it is named after, for a gauge. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
