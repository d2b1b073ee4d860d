package io.guestflow.processor.effects.cxone;

import java.util.Locale;

/** The calls that are told apart in metrics. */
enum Endpoint {
    TOKEN,
    CREATE,
    EXTEND,
    CONTEXT,
    CLOSE,
    DETAILS;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
