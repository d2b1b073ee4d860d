package io.guestflow.processor.runtime;

import org.jspecify.annotations.Nullable;

/** The state directory cannot be this instance's; the message names it and what to do. It ends the start with {@link ExitCode#USAGE}. */
public final class InstanceException extends Exception {
    InstanceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
