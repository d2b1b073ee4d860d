package io.guestflow.processor.session;

import static io.guestflow.processor.session.Given.LIFETIME;
import static io.guestflow.processor.session.Given.RULES;
import static io.guestflow.processor.session.Given.START;
import static io.guestflow.processor.session.Given.extended;
import static io.guestflow.processor.session.Given.opened;
import static io.guestflow.processor.session.Lives.END;
import static io.guestflow.processor.session.Lives.refreshing;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionCommand.Refresh;
import io.guestflow.contracts.session.SessionOutcome;
import io.guestflow.contracts.session.SessionState;
import io.guestflow.processor.session.Output.Remark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What had been waiting while the process was down is read before timeouts and ends strike; what cannot be read is no end. */
class SessionBacklogTest {
    @TempDir
    private Path stateDir;

    @Test
    void timersWaitUntilTheBacklogIsRead() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(opened(START, END));
            sessions.advanceTo(END.minusSeconds(30));
            sessions.webhooksStop();
            sessions.restart();
            sessions.shown();
            // Nothing is known of the webhooks: the last moment must not be missed for it.
            sessions.advance(Duration.ofSeconds(9));
            assertEquals(List.of(), sessions.commands());
            sessions.advance(Duration.ofSeconds(11));
            sessions.command(Refresh.class);
        }
    }

    @Test
    void anOutcomeThatCameWhileWeWereAwayIsNotTakenForLost() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            Refresh refresh = refreshing(sessions);
            Instant answeredAt = sessions.now().plusSeconds(1);
            sessions.restart(Duration.ofSeconds(80));
            sessions.advance(Duration.ofMillis(900));
            sessions.outcome(new SessionOutcome.Gone("another", "conv-9", 404, 1, answeredAt), answeredAt);
            sessions.advance(Duration.ofMillis(600));
            sessions.outcome(extended(refresh, END.plus(LIFETIME), answeredAt), answeredAt);
            sessions.advance(Duration.ofSeconds(5));

            assertEquals(List.of(), sessions.commands());
            assertEquals(0, sessions.remarks(Remark.REFRESH_FAILED));
            assertEquals(END.plus(LIFETIME), sessions.lastShown().expiresAt());
        }
    }

    @Test
    void whileWeWereAwaySessionsEndedWhenTheirTimeWasOver() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(opened(START, END));
            sessions.restart(LIFETIME.plusMinutes(3));
            sessions.advance(Duration.ofSeconds(3));

            Session shown = sessions.lastShown();
            assertEquals(EndReason.IDLE, shown.endReason());
            assertEquals(END, shown.endedAt());
        }
    }

    @Test
    void anUnreadableRecordIsADeadLetter() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.rawEvent(null, new org.apache.kafka.common.header.internals.RecordHeaders());
            sessions.rawEvent(
                    "{\"kind\":\"Opened\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    new org.apache.kafka.common.header.internals.RecordHeaders());
            sessions.event(opened(START, END));

            assertEquals(2, sessions.deadLetters().size());
            assertEquals(SessionState.ACTIVE, sessions.lastShown().state());
        }
    }
}
