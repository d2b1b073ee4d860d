package io.guestflow.processor.auth;

import java.time.Instant;

/**
 * A guest's other requests that are pending.
 *
 * @param count how many
 * @param firstDeadline when the first of them ends at the latest; far in the future if there is none
 */
record GuestPending(int count, Instant firstDeadline) {
    static final GuestPending NONE = new GuestPending(0, Instant.MAX);

    GuestPending and(Instant deadline) {
        return new GuestPending(count + 1, deadline.isBefore(firstDeadline) ? deadline : firstDeadline);
    }
}
