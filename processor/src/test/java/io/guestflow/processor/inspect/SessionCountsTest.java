package io.guestflow.processor.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionState;
import io.guestflow.processor.inspect.SessionCounts.Ended;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionCountsTest {
    @Test
    void everyStateHasALineAndThoseThatEndedTheirReasons() {
        SessionCounts counts = new SessionCounts();
        add(counts, Sessions.open("a", SessionState.ACTIVE));
        add(counts, Sessions.open("b", SessionState.ACTIVE));
        add(counts, Sessions.ended("c", SessionState.EXPIRED, EndReason.MAX_LIFETIME));
        add(counts, Sessions.ended("d", SessionState.EXPIRED, EndReason.IDLE));
        add(counts, Sessions.ended("e", SessionState.EXPIRED, EndReason.IDLE));
        add(counts, Sessions.ended("f", SessionState.CLOSED, EndReason.CLOSED_UPSTREAM));

        assertEquals(
                List.of(
                        "ACTIVE            2",
                        "EXPIRING          0",
                        "EXPIRED           3   IDLE 2, MAX_LIFETIME 1",
                        "CLOSED            1   CLOSED_UPSTREAM 1",
                        "total             6"),
                counts.lines());
        assertEquals(0, counts.unreadable());
    }

    @Test
    void whatCannotBeReadIsCountedApart() {
        SessionCounts counts = new SessionCounts();
        counts.add(Ended.of(new byte[] {'{'}));

        assertEquals(1, counts.unreadable());
        assertEquals("total             0", counts.lines().getLast());
    }

    private static void add(SessionCounts counts, Session session) {
        counts.add(Ended.of(Session.CODEC.write(session)));
    }
}
