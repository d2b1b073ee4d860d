package io.guestflow.processor.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.session.SessionState;
import io.guestflow.processor.inspect.SessionsTopic.Where;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionTextTest {
    private static final Where WHERE = new Where(3, 17);

    @Test
    void anOpenSessionTellsHowLongItHasGotAndWhenItWasActive() {
        assertEquals(
                List.of(
                        "conversation  conv-1",
                        "state         ACTIVE",
                        "guest         k1.Jt3Vxv0sQ7m2bYpCkWnRzA",
                        "channel       web-messaging-channel-01",
                        "opened        2026-11-22T07:00:00Z (20 min 0 s ago)",
                        "expires       2026-11-22T07:30:10Z (in 10 min 10 s)",
                        "active        2026-11-22T07:19:18Z (42 s ago)",
                        "refreshes     3",
                        "record        guest-sessions/3/17"),
                SessionText.of(Sessions.open("conv-1", SessionState.ACTIVE), WHERE, Sessions.NOW));
    }

    @Test
    void oneThatEndedTellsWhenAndWhyAndHowLongCxoneKeepsIt() {
        List<String> lines =
                SessionText.of(Sessions.ended("conv-2", SessionState.CLOSED, EndReason.REVOKED), WHERE, Sessions.NOW);

        assertEquals(
                List.of(
                        "active        never",
                        "refreshes     0",
                        "ended         2026-11-22T05:20:00Z (2 h 0 min ago)",
                        "because       REVOKED",
                        "CXone until   2026-11-22T07:20:30Z (in 30 s)",
                        "record        guest-sessions/3/17"),
                lines.subList(6, lines.size()));
    }
}
