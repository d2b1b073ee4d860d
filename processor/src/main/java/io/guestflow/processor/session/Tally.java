package io.guestflow.processor.session;

import io.guestflow.contracts.facts.Direction;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a conversation.
 *
 * @param lastActivityAt the latest of those that count as activity, by its own clock
 */
record Tally(int inbound, int outbound, @Nullable Instant lastActivityAt) {
    static final Tally NONE = new Tally(0, 0, null);

    Tally plus(Direction direction) {
        return direction == Direction.INBOUND
                ? new Tally(inbound + 1, outbound, lastActivityAt)
                : new Tally(inbound, outbound + 1, lastActivityAt);
    }

    /** Webhooks overtake each other: the latest activity is not the one that came last. */
    Tally activeAt(Instant at) {
        return lastActivityAt != null && !at.isAfter(lastActivityAt) ? this : new Tally(inbound, outbound, at);
    }

    /** Without an activity before that: it was of an earlier life. */
    Tally activeSince(Instant start) {
        return lastActivityAt != null && lastActivityAt.isBefore(start) ? new Tally(inbound, outbound, null) : this;
    }

    /** Nothing of a session lies behind its end. */
    Tally endedAt(Instant end) {
        return lastActivityAt != null && lastActivityAt.isAfter(end) ? new Tally(inbound, outbound, end) : this;
    }
}
