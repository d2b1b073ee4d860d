package io.guestflow.processor.effects;

import java.time.Instant;

/** The outcome of a command whose handler gave none. */
@FunctionalInterface
public interface FallbackOutcome<C, O> {
    /** Why there is none. */
    enum Cause {
        /** The deadline had passed before the handler was called. */
        DEADLINE_EXCEEDED,
        /** The handler threw an exception, which is a bug. */
        HANDLER_FAILED
    }

    /** The outcome of {@code command}, complete at {@code at}. */
    O of(C command, Cause cause, Instant at);
}
