package io.guestflow.processor.sandbox.bench.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.contracts.session.SessionState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Two active sessions and two idle ones, all ending at the same time. */
class LifetimesTest {
    private static final Instant END = Instant.parse("2026-11-22T07:30:00Z");
    private static final Duration THRESHOLD = Duration.ofSeconds(60);
    private static final double MS = 1e6;

    private final Lifetimes lifetimes = new Lifetimes(new Crowd("life"), 4, 2, THRESHOLD);

    @Test
    void latenessRunsFromWhenItWasDueToWhenItCouldBeRead() throws InterruptedException {
        lifetimes.command(refresh(0), END.minusSeconds(60).plusMillis(120));
        lifetimes.command(refresh(1), END.minusSeconds(60).plusMillis(400));
        lifetimes.session(
                session(2, SessionState.EXPIRING, null), 0, END.minusSeconds(60).plusMillis(50));
        lifetimes.session(session(2, SessionState.EXPIRED, EndReason.IDLE), 0, END.plusMillis(300));
        lifetimes.session(session(3, SessionState.EXPIRED, EndReason.IDLE), 0, END.plusMillis(200));

        lifetimes.await(Duration.ofSeconds(10));
        assertEquals(List.of(), lifetimes.broken());
        assertEquals(400, lifetimes.refreshes().getMaxValue() / MS, 1);
        assertEquals(300, lifetimes.expiries().getMaxValue() / MS, 1);
        assertEquals(50, lifetimes.expiring().getMaxValue() / MS, 1);
    }

    @Test
    void whatIsMissingDoubledWrongOrEarlyIsTold() throws InterruptedException {
        lifetimes.command(refresh(0), END.minusSeconds(60));
        lifetimes.command(refresh(0), END.minusSeconds(59));
        lifetimes.command(refresh(2), END.minusSeconds(59));
        lifetimes.session(session(1, SessionState.EXPIRED, EndReason.IDLE), 0, END);
        lifetimes.session(session(2, SessionState.EXPIRED, EndReason.IDLE), 0, END.minusMillis(200));
        lifetimes.session(session(2, SessionState.EXPIRED, EndReason.IDLE), 0, END);
        lifetimes.session(session(3, SessionState.CLOSED, EndReason.REFRESH_FAILED), 0, END);

        lifetimes.await(Duration.ofMillis(1));
        assertEquals(
                List.of(
                        "1 active sessions were not refreshed",
                        "1 idle sessions did not run out",
                        "1 refreshes were commanded again",
                        "1 sessions ended twice",
                        "1 idle sessions were refreshed",
                        "2 sessions ended that should not, or not for idleness",
                        "1 refreshes or expiries came early"),
                lifetimes.broken());
    }

    @Test
    void othersAreNobodysConcern() {
        lifetimes.session(session(-1, SessionState.EXPIRED, EndReason.IDLE), 0, END);

        assertEquals(2, lifetimes.broken().size());
        assertEquals(-1, new Crowd("life").number("lifetime-1"));
        assertEquals(-1, new Crowd("life").number("life-"));
        assertEquals(17, new Crowd("life").number("life-17"));
        assertTrue(Crowd.partition("life-17", 4) < 4);
    }

    private static SessionCommand refresh(int number) {
        String conversation = new Crowd("life").conversation(number);
        return new SessionCommand.Refresh(
                "c1", conversation, 0, "guest-1", "channel", "v2.1", END, 1, END.minusSeconds(2), "key");
    }

    private static Session session(int number, SessionState state, @Nullable EndReason reason) {
        return new Session(
                number < 0 ? "conv-9" : new Crowd("life").conversation(number),
                "k1.Jt3Vxv0sQ7m2bYpCkWnRzA",
                "channel",
                state,
                END.minusSeconds(1_800),
                END,
                null,
                0,
                reason == null ? null : END,
                reason,
                null);
    }
}
