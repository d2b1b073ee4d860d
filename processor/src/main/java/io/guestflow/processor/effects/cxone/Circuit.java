package io.guestflow.processor.effects.cxone;

import java.util.Locale;

/** Calls that share a breaker: one that fails stops the others of its circuit, and only those. */
enum Circuit {
    /** Without a token there is no create: these two fail together. */
    CREATE,
    /** A guest is authenticated without its context too, so a context endpoint that fails must not stop create. */
    CONTEXT;

    /** The endpoint it is named after, for a gauge. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
