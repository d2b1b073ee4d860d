package io.guestflow.processor.runtime;

import org.jspecify.annotations.Nullable;

/**
 * The broker cannot be reached, or cannot be used as it is; the message says what to do. It ends the start with {@link
 * ExitCode#BROKER}.
 */
public final class BrokerException extends Exception {
    /** Says what was found and what to do. */
    public BrokerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
