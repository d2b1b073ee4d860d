package io.guestflow.processor.effects;

import java.time.Instant;

/**
 * Told of pauses that CXone asked for, of this instance or another.
 *
 * <p>Threading: called on the thread that follows the topic, which it must not hold up.
 */
@FunctionalInterface
public interface PauseListener {
    /** No call may be made to the tenant before {@code until}, which is in the future. */
    void paused(Instant until);
}
