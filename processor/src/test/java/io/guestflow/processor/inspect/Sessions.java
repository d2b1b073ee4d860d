package io.guestflow.processor.inspect;

import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionState;
import java.time.Instant;

/** Sessions as the processor publishes them, for tests. */
final class Sessions {
    static final Instant NOW = Instant.parse("2026-11-22T07:20:00Z");

    private Sessions() {}

    static Session open(String conversationId, SessionState state) {
        return new Session(
                conversationId,
                "k1.Jt3Vxv0sQ7m2bYpCkWnRzA",
                "web-messaging-channel-01",
                state,
                NOW.minusSeconds(1_200),
                NOW.plusSeconds(610),
                NOW.minusSeconds(42),
                3,
                null,
                null,
                null);
    }

    static Session ended(String conversationId, SessionState state, EndReason reason) {
        return new Session(
                conversationId,
                "k1.Jt3Vxv0sQ7m2bYpCkWnRzA",
                "web-messaging-channel-01",
                state,
                NOW.minusSeconds(9_000),
                NOW.minusSeconds(7_200),
                null,
                0,
                NOW.minusSeconds(7_200),
                reason,
                reason == EndReason.REVOKED ? NOW.plusSeconds(30) : null);
    }
}
