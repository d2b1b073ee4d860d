package io.guestflow.processor.sandbox.cxone;

import java.util.Locale;

/** The four calls of CXone that the simulator answers. */
public enum Endpoint {
    TOKEN,
    CREATE,
    CONTEXT,
    QUERY;

    static Endpoint parse(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
