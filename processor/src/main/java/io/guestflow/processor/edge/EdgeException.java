package io.guestflow.processor.edge;

import org.jspecify.annotations.Nullable;

/** The edge cannot listen where it was told to; the message says where, why and which setting to change. */
public final class EdgeException extends Exception {
    EdgeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
