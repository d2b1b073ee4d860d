package io.guestflow.processor.session;

import static io.guestflow.processor.session.Given.LIFETIME;
import static io.guestflow.processor.session.Given.RULES;
import static io.guestflow.processor.session.Given.START;
import static io.guestflow.processor.session.Given.extended;
import static io.guestflow.processor.session.Given.failed;
import static io.guestflow.processor.session.Given.gone;
import static io.guestflow.processor.session.Given.inbound;
import static io.guestflow.processor.session.Given.opened;
import static io.guestflow.processor.session.Lives.END;
import static io.guestflow.processor.session.Lives.MOMENT;
import static io.guestflow.processor.session.Lives.one;
import static io.guestflow.processor.session.Lives.refreshing;
import static io.guestflow.processor.session.Lives.restart;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.facts.EndDetail;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.contracts.session.SessionCommand.Refresh;
import io.guestflow.contracts.session.SessionState;
import io.guestflow.processor.facts.RefreshAnswer;
import io.guestflow.processor.session.Output.Remark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Refreshes that fail, or come to something else than was asked for. */
class FailedRefreshTest {
    @TempDir
    private Path stateDir;

    @ParameterizedTest(name = "restart {0}")
    @ValueSource(booleans = {false, true})
    void anotherConversationInTheAnswerMeansThatOursWasGone(boolean restart) {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            Refresh refresh = refreshing(sessions);
            restart(sessions, restart);

            sessions.outcome(extended(refresh, "conv-2", END.plus(LIFETIME), sessions.now()));

            Session shown = sessions.lastShown();
            assertEquals(SessionState.CLOSED, shown.state());
            assertEquals(EndReason.REPLACED_UPSTREAM, shown.endReason());
            assertEquals(
                    "conv-2", one(sessions.facts(), Fact.SessionEnded.class).replacedBy());
        }
    }

    @ParameterizedTest(name = "restart {0}")
    @ValueSource(booleans = {false, true})
    void withoutAToldEndTheSessionKeepsItsOwnAndDoesNotAskAllTheTime(boolean restart) {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            Refresh refresh = refreshing(sessions);
            restart(sessions, restart);
            sessions.outcome(extended(refresh, null, sessions.now()));

            Fact.SessionRefreshed fact = one(sessions.facts(), Fact.SessionRefreshed.class);
            assertFalse(fact.expiresAtTold());
            assertEquals(END, fact.expiresAt());
            assertEquals(1, sessions.remarks(Remark.END_NOT_TOLD));
            int calls = 0;
            for (int i = 0; sessions.now().isBefore(END.minusSeconds(10)); i++) {
                sessions.event(inbound("more-" + i, sessions.now()));
                for (SessionCommand again : sessions.commands()) {
                    calls++;
                    sessions.outcome(extended(again, START, sessions.now()));
                }
                sessions.advance(Duration.ofSeconds(1));
            }
            restart(sessions, restart);
            assertTrue(calls >= 5 && calls <= 10, "a refresh in half a minute or so, not " + calls);
            sessions.advanceTo(END.plus(MOMENT));

            Session shown = sessions.lastShown();
            assertEquals(EndReason.REFRESH_FAILED, shown.endReason());
            assertEquals(END, shown.endedAt());
        }
    }

    @Test
    void aFailedRefreshIsTriedAgainWhileThereIsTime() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            Refresh refresh = refreshing(sessions);
            Set<String> ids = new HashSet<>();
            int tries = 0;
            while (sessions.now().isBefore(END.minusSeconds(12))) {
                assertTrue(ids.add(refresh.commandId()), "each try has an id of its own");
                tries++;
                sessions.outcome(failed(refresh, ErrorCode.UPSTREAM_UNAVAILABLE, null, sessions.now()));
                String key = refresh.idempotencyKey();
                List<SessionCommand> next = List.of();
                while (next.isEmpty() && sessions.now().isBefore(END.minusSeconds(8))) {
                    sessions.advance(Duration.ofSeconds(1));
                    next = sessions.commands();
                }
                if (next.isEmpty()) {
                    break;
                }
                refresh = (Refresh) next.getFirst();
                assertEquals(key, refresh.idempotencyKey(), "it is the same refresh");
            }
            assertTrue(tries >= 5 && tries <= 12, "with growing delay, not " + tries + " times");
            sessions.outcome(failed(refresh, ErrorCode.UPSTREAM_UNAVAILABLE, null, sessions.now()));
            sessions.advanceTo(END.plus(MOMENT));

            Fact.SessionEnded ended = one(sessions.facts(), Fact.SessionEnded.class);
            assertEquals(EndReason.REFRESH_FAILED, ended.endReason());
            assertEquals("UPSTREAM_UNAVAILABLE", ended.detail());
            assertEquals(END, ended.endedAt());
        }
    }

    @Test
    void aFinalFailureIsNotTriedAgain() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            Refresh refresh = refreshing(sessions);
            sessions.outcome(failed(refresh, ErrorCode.UPSTREAM_FORBIDDEN, null, sessions.now()));
            assertEquals(SessionState.EXPIRING, sessions.lastShown().state());

            sessions.event(inbound("e9", sessions.now()));
            sessions.advanceTo(END.plus(MOMENT));

            assertEquals(List.of(), sessions.commands());
            Fact.SessionEnded ended = one(sessions.facts(), Fact.SessionEnded.class);
            assertEquals(EndReason.REFRESH_FAILED, ended.endReason());
            assertEquals("UPSTREAM_FORBIDDEN", ended.detail());
        }
    }

    @Test
    void aLostOutcomeCountsAsAFailure() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            Refresh refresh = refreshing(sessions);
            sessions.advance(Duration.ofSeconds(90));

            Refresh again = sessions.command(Refresh.class);
            assertEquals(refresh.idempotencyKey(), again.idempotencyKey());
            assertEquals(1, sessions.remarks(Remark.REFRESH_FAILED));
            // Late, but the truth.
            sessions.outcome(extended(refresh, END.plus(LIFETIME), sessions.now()));
            assertEquals(END.plus(LIFETIME), sessions.lastShown().expiresAt());
            assertEquals(1, sessions.refreshes(RefreshAnswer.EXTENDED));
            assertEquals(0, sessions.refreshes(RefreshAnswer.FAILED), "the session did not end of it");
        }
    }

    @Test
    void aConversationThatCxoneDoesNotHaveEndsAtOnce() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            Refresh refresh = refreshing(sessions);
            sessions.outcome(gone(refresh, sessions.now()));

            assertEquals(EndReason.CLOSED_UPSTREAM, sessions.lastShown().endReason());
            assertEquals(
                    EndDetail.GONE,
                    one(sessions.facts(), Fact.SessionEnded.class).detail());
            assertEquals(1, sessions.remarks(Remark.GONE_UPSTREAM));
            assertEquals(1, sessions.refreshes(RefreshAnswer.GONE));
        }
    }

    /** Had it been read before the authentication, that would have begun a new life. */
    @ParameterizedTest(name = "gone {0}")
    @ValueSource(booleans = {false, true})
    void whatARefreshCameToBeforeTheGuestWasAuthenticatedAgainEndsNothing(boolean gone) {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            Refresh refresh = refreshing(sessions);
            Instant answeredAt = sessions.now().plusSeconds(1);
            sessions.advance(Duration.ofSeconds(5));
            Instant again = sessions.now();
            Instant end = again.plus(LIFETIME);
            sessions.event(opened(again, end));
            sessions.shown();
            sessions.outcome(
                    gone
                            ? gone(refresh, answeredAt)
                            : extended(refresh, "conv-2", answeredAt.plus(LIFETIME), answeredAt));

            assertEquals(List.of(), sessions.shown());
            assertEquals(1, sessions.remarks(Remark.STRAY_OUTCOME));
            sessions.advance(Duration.ofSeconds(1));
            sessions.event(inbound("e2", sessions.now()));
            sessions.advanceTo(end.minus(RULES.refreshThreshold()).plusSeconds(1));
            assertEquals(end, sessions.command(Refresh.class).expiresAt());
        }
    }

    @Test
    void aRefreshThatFailsAfterTheGuestWasAuthenticatedAgainDoesNotHarmTheNewLifetime() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            Refresh refresh = refreshing(sessions);
            Instant again = sessions.now();
            sessions.event(opened(again, again.plus(LIFETIME)));
            sessions.outcome(failed(refresh, ErrorCode.UPSTREAM_REJECTED, null, again));
            sessions.advance(Duration.ofMinutes(1));
            sessions.event(inbound("e2", sessions.now()));
            sessions.advance(LIFETIME.minusMinutes(5));

            assertEquals(again.plus(LIFETIME), sessions.command(Refresh.class).expiresAt());
        }
    }
}
