package io.guestflow.processor.session;

import io.guestflow.contracts.auth.ErrorCode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How far a session's next refresh is. */
sealed interface Refreshing {
    /** None is under way. */
    Idle IDLE = new Idle();

    /** None is under way. */
    record Idle() implements Refreshing {}

    /**
     * CXone is being asked.
     *
     * @param failures how often it had failed before
     * @param calls made for it before
     * @param timeoutAt when the outcome counts as lost
     */
    record InFlight(String commandId, int failures, int calls, Instant timeoutAt) implements Refreshing {}

    /**
     * Not again before that time.
     *
     * @param failed why the last one failed; null if it did not, but CXone told no later end
     */
    record Pausing(
            Instant until,
            int failures,
            int calls,
            @Nullable ErrorCode failed) implements Refreshing {}

    /** Never again in this lifetime. */
    record Refused(ErrorCode code) implements Refreshing {}
}
