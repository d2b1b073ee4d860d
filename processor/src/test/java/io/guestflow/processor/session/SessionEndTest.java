package io.guestflow.processor.session;

import static io.guestflow.processor.session.Given.LIFETIME;
import static io.guestflow.processor.session.Given.RULES;
import static io.guestflow.processor.session.Given.START;
import static io.guestflow.processor.session.Given.extended;
import static io.guestflow.processor.session.Given.failed;
import static io.guestflow.processor.session.Given.inbound;
import static io.guestflow.processor.session.Given.opened;
import static io.guestflow.processor.session.Given.outbound;
import static io.guestflow.processor.session.Given.revoked;
import static io.guestflow.processor.session.Given.status;
import static io.guestflow.processor.session.Lives.END;
import static io.guestflow.processor.session.Lives.MOMENT;
import static io.guestflow.processor.session.Lives.assertIdsDiffer;
import static io.guestflow.processor.session.Lives.count;
import static io.guestflow.processor.session.Lives.one;
import static io.guestflow.processor.session.Lives.restart;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.session.ConversationStatus;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.contracts.session.SessionCommand.Refresh;
import io.guestflow.contracts.session.SessionState;
import io.guestflow.processor.session.Output.Fate;
import io.guestflow.processor.session.Output.Remark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.streams.errors.StreamsException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How sessions end, and that they stay ended. */
class SessionEndTest {
    @TempDir
    private Path stateDir;

    @ParameterizedTest(name = "restart {0}")
    @ValueSource(booleans = {false, true})
    void anIdleSessionExpiresAndIsForgotten(boolean restart) {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(opened(START, END));
            sessions.event(outbound("e1", START.plusSeconds(1)));
            sessions.shown();
            restart(sessions, restart);

            sessions.advanceTo(END.minus(RULES.refreshThreshold()).plus(MOMENT));
            assertEquals(SessionState.EXPIRING, sessions.lastShown().state());
            restart(sessions, restart);
            sessions.advanceTo(END.minusSeconds(1));
            assertEquals(List.of(), sessions.shown());
            sessions.advance(MOMENT);

            Session ended = sessions.lastShown();
            assertEquals(SessionState.EXPIRED, ended.state());
            assertEquals(EndReason.IDLE, ended.endReason());
            assertEquals(END, ended.endedAt());
            assertEquals(List.of(), sessions.commands());
            List<Fact> facts = sessions.facts();
            assertIdsDiffer(facts);
            Fact.SessionEnded fact = one(facts, Fact.SessionEnded.class);
            assertEquals(LIFETIME.toMillis(), fact.durationMs());
            assertEquals(1, fact.outbound());
            assertEquals(0, fact.inbound());
            assertEquals(END, fact.at());

            restart(sessions, restart);
            sessions.advance(Duration.ofHours(3));
            assertEquals(Collections.singletonList(null), sessions.shown(), "a tombstone");
            assertEquals(0, sessions.stored(ConversationStore.LIVE));
            assertEquals(0, sessions.stored(SessionProcessor.TIMERS));
        }
    }

    @ParameterizedTest(name = "restart {0}")
    @ValueSource(booleans = {false, true})
    void aConversationThatCxoneClosesEndsAndStaysEnded(boolean restart) {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(opened(START, END));
            sessions.advance(Duration.ofMinutes(3));
            sessions.event(inbound("e1", sessions.now()));
            sessions.event(status("e2", ConversationStatus.RESOLVED, sessions.now()));
            assertEquals(SessionState.ACTIVE, sessions.lastShown().state(), "resolved is not the end");
            restart(sessions, restart);
            Instant closedAt = sessions.now();
            sessions.advance(Duration.ofSeconds(1));
            sessions.event(status("e3", ConversationStatus.CLOSED, closedAt));

            Session shown = sessions.lastShown();
            assertEquals(SessionState.CLOSED, shown.state());
            assertEquals(EndReason.CLOSED_UPSTREAM, shown.endReason());
            assertEquals(closedAt, shown.endedAt());
            sessions.facts();
            restart(sessions, restart);

            sessions.event(status("e4", ConversationStatus.OPEN, sessions.now()));
            sessions.event(inbound("e5", sessions.now()));
            sessions.advanceTo(END.plus(MOMENT));

            assertEquals(List.of(), sessions.commands());
            assertEquals(List.of(), sessions.shown(), "late activity is not shown");
            assertEquals(2, sessions.events(Fate.LATE));
            assertEquals(1, sessions.facts(Fact.MessageSeen.class).size(), "but it is told");
        }
    }

    @ParameterizedTest(name = "restart {0}")
    @ValueSource(booleans = {false, true})
    void aRevokedSessionIsNotRefreshedAndSaysHowLongCxoneKeepsIt(boolean restart) {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(opened(START, END));
            sessions.event(inbound("e1", START));
            sessions.advanceTo(END.minus(RULES.refreshThreshold()).plusSeconds(1));
            Refresh refresh = sessions.command(Refresh.class);
            restart(sessions, restart);

            sessions.event(revoked(sessions.now()));

            Session shown = sessions.lastShown();
            assertEquals(SessionState.CLOSED, shown.state());
            assertEquals(EndReason.REVOKED, shown.endReason());
            assertEquals(END, shown.upstreamUntil());
            Fact.SessionEnded fact = one(sessions.facts(), Fact.SessionEnded.class);
            assertEquals("CONSENT_WITHDRAWN", fact.detail());
            assertEquals(END, fact.upstreamUntil());
            restart(sessions, restart);

            sessions.outcome(extended(refresh, END.plus(LIFETIME), sessions.now()));
            sessions.advanceTo(END.plus(MOMENT));

            Session kept = sessions.lastShown();
            assertEquals(SessionState.CLOSED, kept.state());
            assertEquals(END.plus(LIFETIME), kept.upstreamUntil(), "what was in flight has moved it");
            assertEquals(END, kept.expiresAt(), "and nothing else");
            assertEquals(List.of(), sessions.commands());
            assertEquals(List.of(), sessions.facts());
            assertEquals(1, sessions.remarks(Remark.STRAY_OUTCOME));
        }
    }

    @Test
    void whereTheProfileHasACloseCallARevokedConversationIsClosed() {
        try (SessionHarness sessions = new SessionHarness(Given.CLOSING, stateDir)) {
            sessions.event(opened(START, END));
            sessions.event(revoked(sessions.now()));

            SessionCommand.Close close = sessions.command(SessionCommand.Close.class);
            assertEquals("CONSENT_WITHDRAWN", close.reason());
            assertNull(sessions.lastShown().upstreamUntil());
            sessions.outcome(failed(close, ErrorCode.UPSTREAM_FORBIDDEN, null, sessions.now()));

            assertEquals(END, sessions.lastShown().upstreamUntil(), "it could not be closed");
        }
    }

    @Test
    void noSessionOutlivesTheMaximum() {
        Duration most = Duration.ofMinutes(40);
        try (SessionHarness sessions = new SessionHarness(Given.lasting(most), stateDir)) {
            sessions.event(opened(START, END));
            for (int i = 0; sessions.now().isBefore(START.plus(most)); i++) {
                sessions.event(inbound("e" + i, sessions.now()));
                for (SessionCommand refresh : sessions.commands()) {
                    sessions.outcome(extended(refresh, sessions.now().plus(LIFETIME), sessions.now()));
                }
                sessions.advance(Duration.ofSeconds(30));
            }
            sessions.advance(MOMENT);
            List<@Nullable Session> shown = sessions.shown();
            Session ended = shown.getLast();
            assertEquals(EndReason.MAX_LIFETIME, ended.endReason());
            assertEquals(START.plus(most), ended.endedAt());
            assertEquals(SessionState.EXPIRED, ended.state());
            assertEquals(SessionState.EXPIRING, shown.get(shown.size() - 2).state(), "it is announced");
        }
    }

    @Test
    void anOpeningAfterTheEndIsANewLife() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(opened(START, END));
            sessions.event(inbound("e1", START));
            sessions.advance(Duration.ofMinutes(1));
            sessions.event(status("e2", ConversationStatus.CLOSED, sessions.now()));
            sessions.event(opened(START, END));
            assertEquals(1, sessions.events(Fate.DUPLICATE));
            sessions.advance(Duration.ofMinutes(1));
            Instant again = sessions.now();

            sessions.event(opened(again, again.plus(LIFETIME)));
            sessions.event(status("e2", ConversationStatus.CLOSED, START.plusSeconds(60)));

            Session shown = sessions.lastShown();
            assertEquals(SessionState.ACTIVE, shown.state(), "the first life's end is not the second's");
            assertEquals(again, shown.openedAt());
            sessions.advance(LIFETIME.plus(MOMENT));
            assertEquals(EndReason.IDLE, sessions.lastShown().endReason());
            List<Fact> facts = sessions.facts();
            assertIdsDiffer(facts);
            assertEquals(2, count(facts, Fact.SessionEnded.class));
            sessions.advance(Duration.ofHours(3));
            assertEquals(0, sessions.stored(ConversationStore.LIVE));
        }
    }

    @Test
    void whatWasWrittenAfterTheEndKeepsNoLaterLifeAlive() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(opened(START, END));
            sessions.advanceTo(END.plus(MOMENT));
            assertEquals(EndReason.IDLE, sessions.lastShown().endReason());
            sessions.advance(Duration.ofMinutes(1));
            sessions.event(inbound("e1", sessions.now()));
            sessions.advance(Duration.ofMinutes(20));
            Instant again = sessions.now();

            sessions.event(opened(again, again.plus(LIFETIME)));

            assertNull(sessions.lastShown().lastActivityAt());
            sessions.advance(LIFETIME.plus(MOMENT));
            assertEquals(List.of(), sessions.commands());
            assertEquals(EndReason.IDLE, sessions.lastShown().endReason());
        }
    }

    @Test
    void stateOfAnotherVersionEndsTheProcessAndIsNeitherADeadLetterNorGivenUp() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(opened(START, END));
            sessions.changeVersionOfState();

            assertThrows(StreamsException.class, () -> sessions.event(inbound("e1", START)));
            assertEquals(List.of(), sessions.deadLetters());
        }
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(opened(START, END));
            sessions.changeVersionOfState();

            assertThrows(StreamsException.class, () -> sessions.advanceTo(END));
        }
    }
}
