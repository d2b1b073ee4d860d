package io.guestflow.processor.sandbox.cxone;

import java.util.Locale;

/** The calls of CXone that the simulator answers. */
public enum Endpoint {
    TOKEN,
    CREATE,
    CONTEXT,
    /** Ends a conversation; not every tenant has it, see {@link CxoneSimulator#closeCall}. */
    CLOSE,
    QUERY;

    static Endpoint parse(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
