package io.guestflow.processor.sandbox.cxone;

import java.util.Locale;

/** How an answer tells when the conversation ends. What it tells changes nothing about when it does. */
public enum Told {
    /** {@code expiresAt}, as the tutorial has it. */
    AT,
    /** {@code expiresIn}, seconds from now, as CXone's own tokens have it. */
    IN,
    /** Not at all. */
    NONE,
    /** An {@code expiresAt} that is an hour over. */
    PAST;

    static Told parse(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
