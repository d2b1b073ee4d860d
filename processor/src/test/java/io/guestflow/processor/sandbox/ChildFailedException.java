package io.guestflow.processor.sandbox;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A child JVM ended, or stayed silent, before it said what it was waited for; the message quotes its last output. */
public final class ChildFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final @Nullable Integer exitCode;

    ChildFailedException(String message, @Nullable Integer exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    /** The code it ended with; empty when it was still running. */
    public OptionalInt exitCode() {
        return exitCode == null ? OptionalInt.empty() : OptionalInt.of(exitCode);
    }
}
