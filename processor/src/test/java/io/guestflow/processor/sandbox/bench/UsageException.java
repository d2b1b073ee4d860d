package io.guestflow.processor.sandbox.bench;

/** An option that cannot be; the message says which and what it may be. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
