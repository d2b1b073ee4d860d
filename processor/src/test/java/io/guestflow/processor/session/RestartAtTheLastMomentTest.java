package io.guestflow.processor.session;

import static io.guestflow.processor.session.Given.LIFETIME;
import static io.guestflow.processor.session.Given.RULES;
import static io.guestflow.processor.session.Given.START;
import static io.guestflow.processor.session.Given.extended;
import static io.guestflow.processor.session.Given.failed;
import static io.guestflow.processor.session.Given.inbound;
import static io.guestflow.processor.session.Given.opened;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.contracts.session.SessionCommand.Refresh;
import io.guestflow.contracts.session.SessionState;
import io.guestflow.processor.session.Output.Remark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A process dies and another takes over, just when sessions come to their last moment: nobody active dies of it. */
class RestartAtTheLastMomentTest {
    private static final Instant END = START.plus(LIFETIME);

    @TempDir
    private Path stateDir;

    /** Down for ten seconds, webhooks unread for longer; the guest wrote just before. */
    @ParameterizedTest(name = "up again {0} s before the end")
    @ValueSource(ints = {35, 30, 25, 21, 20, 19, 17, 13, 12, 11, 10, 9, 8, 7, 6})
    void aGuestWhoseMessageIsUnreadIsKeptAlive(int before) {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(opened(START, END));
            sessions.advanceTo(END.minusSeconds(before + 10));
            Instant wroteAt = sessions.now();
            sessions.webhooksStop();
            sessions.restart(Duration.ofSeconds(10));
            sessions.advanceTo(END.minusSeconds(5));

            Refresh refresh = sessions.command(Refresh.class);
            assertTrue(refresh.deadline().isBefore(END), "the skew is left");
            assertEquals(1, sessions.remarks(Remark.REFRESHED_IN_DOUBT));
            Instant end = sessions.now().plus(LIFETIME);
            sessions.outcome(extended(refresh, end, sessions.now()));
            sessions.advance(Duration.ofMinutes(1));
            sessions.event(inbound("e1", wroteAt));
            sessions.webhooksGoOn();
            assertEquals(SessionState.ACTIVE, sessions.lastShown().state());
            sessions.advanceTo(end.minusSeconds(30));
            assertEquals(List.of(), sessions.commands(), "what was written before the refresh leads to no other");
        }
    }

    @ParameterizedTest(name = "up again {0} s before the end")
    @ValueSource(ints = {35, 25, 20, 15, 13})
    void whereWebhooksAreReadAtOnceAnIdleSessionIsKnownToBeIdle(int before) {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(opened(START, END));
            sessions.advanceTo(END.minusSeconds(before + 10));
            sessions.restart(Duration.ofSeconds(10));
            sessions.advanceTo(END.plusSeconds(2));

            assertEquals(List.of(), sessions.commands());
            assertEquals(EndReason.IDLE, sessions.lastShown().endReason());
        }
    }

    /** The message is read within the first second: there is less time than a call may take, but there is some. */
    @Test
    void aMessageThatIsReadInTheFirstSecondsStillCounts() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(opened(START, END));
            sessions.advanceTo(END.minusSeconds(18));
            Instant wroteAt = sessions.now();
            sessions.restart(Duration.ofSeconds(10));
            sessions.event(inbound("e1", wroteAt));

            sessions.command(Refresh.class);
        }
    }

    /** A refresh that was asked for in doubt and fails is no guest lost, if the webhooks say so in the end. */
    @ParameterizedTest(name = "webhooks are read {0}")
    @ValueSource(booleans = {false, true})
    void whoWasInDoubtAndCouldNotBeRefreshedEndsAsIdleIfThatIsKnownByThen(boolean known) {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(opened(START, END));
            sessions.advanceTo(END.minusSeconds(20));
            sessions.webhooksStop();
            sessions.restart(Duration.ofSeconds(10));
            sessions.advanceTo(END.minusSeconds(5));
            Refresh refresh = sessions.command(Refresh.class);
            sessions.outcome(failed(refresh, ErrorCode.UPSTREAM_FORBIDDEN, null, sessions.now()));
            if (known) {
                sessions.webhooksGoOn();
            }

            sessions.advanceTo(END.plusSeconds(20));

            assertEquals(
                    known ? EndReason.IDLE : EndReason.REFRESH_FAILED,
                    sessions.lastShown().endReason());
        }
    }

    /** What is looked at ahead is looked at in any case when the hold-off ends: then there is time for another try. */
    @Test
    void whoIsKnownToBeActiveIsRefreshedAsSoonAsTheBacklogIsRead() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(opened(START, END));
            sessions.advanceTo(END.minus(RULES.refreshThreshold()).minusSeconds(15));
            sessions.event(inbound("e1", sessions.now()));
            assertEquals(List.of(), sessions.commands());
            sessions.restart(Duration.between(sessions.now(), END.minusSeconds(20)));

            sessions.advance(Duration.ofSeconds(3));

            sessions.command(Refresh.class);
            assertEquals(0, sessions.remarks(Remark.REFRESHED_IN_DOUBT));
        }
    }

    /** A refresh whose outcome may lie unread is neither lost nor asked for again before it is read. */
    @ParameterizedTest(name = "up again {0} s before the end")
    @CsvSource({"20", "8"})
    void whatIsInFlightIsWaitedFor(int before) {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(opened(START, END));
            sessions.advanceTo(END.minusSeconds(before + 30));
            sessions.event(inbound("e1", sessions.now()));
            Refresh refresh = sessions.command(Refresh.class);
            sessions.webhooksStop();
            sessions.restart(Duration.ofSeconds(30));
            sessions.advance(Duration.ofSeconds(4));
            List<SessionCommand> asked = sessions.commands();
            sessions.outcome(extended(refresh, END.plus(LIFETIME), END.minusSeconds(before + 29)));

            assertEquals(List.of(), asked);
            assertEquals(SessionState.ACTIVE, sessions.lastShown().state());
        }
    }
}
