package io.guestflow.processor.session;

import static io.guestflow.processor.session.Given.LIFETIME;
import static io.guestflow.processor.session.Given.RULES;
import static io.guestflow.processor.session.Given.START;
import static io.guestflow.processor.session.Given.context;
import static io.guestflow.processor.session.Given.contextAccepted;
import static io.guestflow.processor.session.Given.extended;
import static io.guestflow.processor.session.Given.failed;
import static io.guestflow.processor.session.Given.gone;
import static io.guestflow.processor.session.Given.inbound;
import static io.guestflow.processor.session.Given.message;
import static io.guestflow.processor.session.Given.opened;
import static io.guestflow.processor.session.Given.outbound;
import static io.guestflow.processor.session.Given.revoked;
import static io.guestflow.processor.session.Given.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.session.ConversationStatus;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.contracts.session.SessionCommand.InjectContext;
import io.guestflow.contracts.session.SessionCommand.Refresh;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.contracts.session.SessionOutcome;
import io.guestflow.contracts.session.SessionState;
import io.guestflow.processor.session.Output.Fate;
import io.guestflow.processor.session.Output.Remark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lives of sessions through the topology; those that take time are lived with a restart in the middle, too. */
class SessionTopologyTest {
    private static final Instant END = START.plus(LIFETIME);
    private static final Duration MOMENT = Duration.ofSeconds(2);

    @TempDir
    private Path stateDir;

    @ParameterizedTest(name = "restart {0}")
    @ValueSource(booleans = {false, true})
    void anActiveSessionIsRefreshedAsOftenAsItsGuestIsActive(boolean restart) {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(opened(START, END));
            Instant end = END;
            for (int life = 1; life <= 3; life++) {
                sessions.advance(Duration.ofMinutes(1));
                sessions.event(inbound("e" + life, sessions.now()));
                restart(sessions, restart);
                sessions.advanceTo(end.minus(RULES.refreshThreshold()).minusSeconds(1));
                assertEquals(List.of(), sessions.commands(), "not before the threshold");
                sessions.advance(MOMENT);

                Refresh refresh = sessions.command(Refresh.class);
                assertEquals(end, refresh.expiresAt());
                assertEquals(life, refresh.generation());
                assertEquals("guest-1", refresh.guestId());
                assertEquals("v2.1", refresh.policyVersion());
                assertTrue(refresh.deadline().isBefore(end));
                restart(sessions, restart);
                end = sessions.now().plus(LIFETIME);
                sessions.outcome(extended(refresh, end, sessions.now()));
                Session shown = sessions.lastShown();
                assertEquals(SessionState.ACTIVE, shown.state());
                assertEquals(life, shown.refreshes());
                assertEquals(end, shown.expiresAt());
            }
            List<Fact> facts = sessions.facts();
            assertEquals(3, count(facts, Fact.SessionRefreshed.class));
            assertEquals(0, count(facts, Fact.SessionExpiring.class));
            assertIdsDiffer(facts);

            sessions.advanceTo(end.plus(MOMENT));

            assertEquals(List.of(), sessions.commands(), "nothing was written since the last refresh");
            List<@Nullable Session> last = sessions.shown();
            assertEquals(
                    List.of(SessionState.EXPIRING, SessionState.EXPIRED),
                    last.stream().map(Session::state).toList());
            assertEquals(EndReason.IDLE, last.getLast().endReason());
        }
    }

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

    @Test
    void anActivityWhileExpiringRefreshesAtOnce() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(opened(START, END));
            sessions.advanceTo(END.minusSeconds(60));
            assertEquals(SessionState.EXPIRING, sessions.lastShown().state());

            sessions.event(inbound("e1", sessions.now()));

            Refresh refresh = sessions.command(Refresh.class);
            sessions.event(inbound("e2", sessions.now()));
            assertEquals(List.of(), sessions.commands(), "one in flight");
            sessions.outcome(extended(refresh, sessions.now().plus(LIFETIME), sessions.now()));
            assertEquals(SessionState.ACTIVE, sessions.lastShown().state());
            sessions.advanceTo(END.plusSeconds(30));
            assertEquals(List.of(), sessions.shown(), "timers of the time before mean nothing");
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

    @ParameterizedTest(name = "restart {0}")
    @ValueSource(booleans = {false, true})
    void whatCameBeforeTheOpeningCounts(boolean restart) {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(inbound("e1", START));
            sessions.event(outbound("e2", START));
            sessions.event(inbound("e1", START));
            assertEquals(1, sessions.gauge("guestflow.session.held"));
            List<Fact.MessageSeen> strangers = sessions.facts(Fact.MessageSeen.class);
            assertEquals(2, strangers.size());
            assertEquals(Given.CONVERSATION, strangers.getFirst().guestRef(), "until the guest is known");
            restart(sessions, restart);
            assertEquals(1, sessions.gauge("guestflow.session.held"));
            sessions.advance(Duration.ofMinutes(50));

            Instant at = sessions.now();
            sessions.event(opened(at, at.plus(LIFETIME)));

            assertEquals(0, sessions.gauge("guestflow.session.held"));
            List<Fact> facts = sessions.facts();
            assertEquals(2, one(facts, Fact.GuestLinked.class).heldEvents());
            assertEquals(START, sessions.lastShown().lastActivityAt());
            restart(sessions, restart);
            sessions.event(inbound("e1", START));
            assertEquals(2, sessions.events(Fate.DUPLICATE), "its id is still known");
            sessions.advance(LIFETIME.minusMinutes(4));
            sessions.command(Refresh.class);
        }
    }

    @Test
    void aConversationThatWasClosedBeforeItsOpeningEndsAtOnce() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.advance(Duration.ofSeconds(1));
            sessions.event(status("e1", ConversationStatus.CLOSED, START.plusMillis(500)));

            sessions.event(opened(START, END));

            Session shown = sessions.lastShown();
            assertEquals(EndReason.CLOSED_UPSTREAM, shown.endReason());
            assertEquals(START.plusMillis(500), shown.endedAt());
            List<Fact> facts = sessions.facts();
            assertEquals(1, count(facts, Fact.SessionOpened.class));
            assertEquals(1, count(facts, Fact.SessionEnded.class));
            assertIdsDiffer(facts);
        }
    }

    @Test
    void whatWaitsInVainIsForgottenAndOnlySoMuchMayWait() {
        try (SessionHarness sessions = new SessionHarness(Given.holding(2), stateDir)) {
            for (int i = 0; i < 3; i++) {
                sessions.event(Given.message("c" + i, "e", null, Direction.INBOUND, START, null));
            }
            assertEquals(2, sessions.events(Fate.HELD));
            assertEquals(1, sessions.events(Fate.REFUSED));
            sessions.restart();
            sessions.event(Given.message("c3", "e", null, Direction.INBOUND, START, null));
            assertEquals(2, sessions.events(Fate.REFUSED), "the number is known after a restart");

            sessions.advance(Duration.ofMinutes(61));

            assertEquals(0, sessions.stored(ConversationStore.HELD));
            assertEquals(0, sessions.gauge("guestflow.session.held"));
            assertEquals(2, sessions.remarks(Remark.HELD_IN_VAIN));
        }
    }

    @Test
    void aRevocationMayWaitWhereEventsMayNot() {
        try (SessionHarness sessions = new SessionHarness(Given.holding(0), stateDir)) {
            sessions.event(inbound("e1", START));
            assertEquals(1, sessions.events(Fate.REFUSED));
            for (int i = 0; i <= 1_000; i++) {
                sessions.event(new SessionEvent.Revoked(i == 0 ? Given.CONVERSATION : "c" + i, START, "WHY", "portal"));
            }
            assertEquals(1_000, sessions.events(Fate.HELD));
            assertEquals(2, sessions.events(Fate.REFUSED), "there is an end to that too");
            sessions.restart();
            sessions.event(opened(START, END));

            assertEquals(EndReason.REVOKED, sessions.lastShown().endReason());
        }
    }

    @Test
    void eachEventWaitsItsTimeButAllTogetherNotForEver() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(inbound("e1", START));
            for (int i = 1; i <= 5; i++) {
                sessions.advance(Duration.ofMinutes(20));
                sessions.event(inbound("e1" + i, sessions.now()));
            }
            sessions.advance(Duration.ofMinutes(19));
            assertEquals(1, sessions.stored(ConversationStore.HELD), "two hours after the first one");
            sessions.advance(Duration.ofMinutes(2));
            assertEquals(0, sessions.stored(ConversationStore.HELD));
            assertEquals(1, sessions.remarks(Remark.HELD_IN_VAIN));
        }
    }

    @Test
    void theFirstRevocationWaitsItsTimeWhateverWaitedBefore() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(inbound("e1", START));
            sessions.advance(Duration.ofMinutes(55));
            sessions.event(inbound("e2", sessions.now()));
            sessions.advance(Duration.ofMinutes(55));
            sessions.event(revoked(sessions.now()));
            sessions.advance(Duration.ofMinutes(30));
            sessions.event(revoked(sessions.now()));
            sessions.advance(Duration.ofMinutes(29));
            assertEquals(1, sessions.stored(ConversationStore.HELD));
            sessions.advance(Duration.ofMinutes(2));
            assertEquals(0, sessions.stored(ConversationStore.HELD));
        }
    }

    @ParameterizedTest(name = "restart {0}")
    @ValueSource(booleans = {false, true})
    void whileWebhooksLagASessionIsRefreshedRatherThanLetDie(boolean restart) {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(opened(START, END));
            sessions.advanceTo(END.minus(Duration.ofMinutes(2)));
            restart(sessions, restart);
            sessions.webhooksStop();
            sessions.advanceTo(END.minusSeconds(20));
            assertEquals(List.of(), sessions.commands(), "not before the last moment");
            sessions.advanceTo(END.minusSeconds(10));

            Refresh refresh = sessions.command(Refresh.class);
            assertEquals(1, sessions.remarks(Remark.REFRESHED_IN_DOUBT));
            Instant end = sessions.now().plus(LIFETIME);
            sessions.outcome(extended(refresh, end, sessions.now()));
            sessions.webhooksGoOn();
            restart(sessions, restart);
            sessions.advanceTo(end.plus(MOMENT));

            assertEquals(List.of(), sessions.commands(), "now it is known to be idle");
            assertEquals(EndReason.IDLE, sessions.lastShown().endReason());
        }
    }

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

    @Test
    void theSameConversationInUpperCaseIsTheSame() {
        String id = "0f3a8c1e-5b7d-4e2f-9a6b-112233445566";
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(opened(id, START, END, 1));
            sessions.event(message(id, "e1", null, Direction.INBOUND, START.plusSeconds(1), "content-of-e1"));
            sessions.advanceTo(END.minus(RULES.refreshThreshold()).plusSeconds(1));
            Refresh refresh = sessions.command(Refresh.class);

            sessions.outcome(extended(refresh, id.toUpperCase(Locale.ROOT), END.plus(LIFETIME), sessions.now()));

            Session shown = sessions.lastShown();
            assertEquals(SessionState.ACTIVE, shown.state());
            assertEquals(END.plus(LIFETIME), shown.expiresAt());
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
        }
    }

    @Test
    void aConversationThatCxoneDoesNotHaveEndsAtOnce() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            Refresh refresh = refreshing(sessions);
            sessions.outcome(gone(refresh, sessions.now()));

            assertEquals(EndReason.CLOSED_UPSTREAM, sessions.lastShown().endReason());
        }
    }

    @Test
    void noRefreshIsAskedForTooCloseToTheEnd() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(opened(START, END));
            sessions.advanceTo(END.minusSeconds(9));
            sessions.event(inbound("e1", sessions.now()));
            sessions.advanceTo(END.plus(MOMENT));

            assertEquals(List.of(), sessions.commands());
            Fact.SessionEnded ended = one(sessions.facts(), Fact.SessionEnded.class);
            assertEquals(EndReason.REFRESH_FAILED, ended.endReason());
            assertEquals(Ends.TOO_LATE, ended.detail());
        }
    }

    @Test
    void anAnswerAroundTheEndIsWaitedFor() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(opened(START, END));
            sessions.advanceTo(END.minusSeconds(11));
            sessions.event(inbound("e1", sessions.now()));
            Refresh refresh = sessions.command(Refresh.class);
            sessions.advanceTo(END.plusSeconds(1));
            sessions.outcome(extended(refresh, END.plus(LIFETIME), END.minusSeconds(6)));

            assertEquals(SessionState.ACTIVE, sessions.lastShown().state());
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
    void aSecondAuthenticationIsARefresh() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            SessionEvent.Opened first = opened(START, END);
            sessions.event(first);
            sessions.event(first);
            assertEquals(1, sessions.events(Fate.DUPLICATE));
            sessions.advance(Duration.ofMinutes(3));
            Instant again = sessions.now();
            sessions.event(opened(again, again.plus(LIFETIME)));

            Session shown = sessions.lastShown();
            assertEquals(1, shown.refreshes());
            assertEquals(START, shown.openedAt());
            assertEquals(again.plus(LIFETIME), shown.expiresAt());
            assertTrue(one(sessions.facts(), Fact.SessionRefreshed.class).byAuthentication());
            sessions.event(opened(START.plusSeconds(1), END));
            assertEquals(2, sessions.events(Fate.DUPLICATE), "an older one says nothing new");
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

    @ParameterizedTest(name = "restart {0}")
    @ValueSource(booleans = {false, true})
    void contextIsInjectedInOrderAndOneAtATime(boolean restart) {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(context(START, "segment", "early"));
            sessions.event(opened(START, END));
            InjectContext first = sessions.command(InjectContext.class);
            assertEquals(Given.scalars("segment", "early"), first.context());
            sessions.event(context(START, "segment", "vip", "device", "web"));
            sessions.event(context(START, "segment", "gold"));
            assertEquals(List.of(), sessions.commands(), "one at a time");
            restart(sessions, restart);

            sessions.outcome(contextAccepted(first, sessions.now()));
            InjectContext second = sessions.command(InjectContext.class);
            assertEquals(Given.scalars("segment", "gold", "device", "web"), second.context(), "the last value wins");
            assertEquals(2, second.sequence());
            sessions.outcome(failed(second, ErrorCode.UPSTREAM_ERROR, null, sessions.now()));
            restart(sessions, restart);
            // After a restart timers wait for the backlog.
            sessions.advance(Duration.ofSeconds(5));
            InjectContext again = sessions.command(InjectContext.class);
            assertEquals(second.idempotencyKey(), again.idempotencyKey());
            sessions.outcome(failed(again, ErrorCode.UPSTREAM_REJECTED, null, sessions.now()));

            List<Fact> facts = sessions.facts();
            assertEquals(
                    List.of("segment"), one(facts, Fact.ContextInjected.class).contextKeys());
            Fact.ContextFailed failure = one(facts, Fact.ContextFailed.class);
            assertEquals(2, failure.calls());
            assertEquals("r1", failure.requestId());
            sessions.advance(Duration.ofMinutes(2));
            assertEquals(List.of(), sessions.commands());
        }
    }

    /** Each update has 32 KiB at most, as the allow-list lets it pass; together they have no more. */
    @ParameterizedTest(name = "restart {0}")
    @ValueSource(booleans = {false, true})
    void updatesThatWaitTogetherHaveTheRoomOfOne(boolean restart) {
        String much = "x".repeat(20_000);
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(context(START, "a", much));
            sessions.event(context(START, "b", much, "c", "1"));
            sessions.event(context(START, "d", much));
            restart(sessions, restart);
            sessions.event(opened(START, END));
            InjectContext first = sessions.command(InjectContext.class);
            assertEquals(Given.scalars("d", much), first.context(), "the newest");
            Fact.ContextFailed before = one(sessions.facts(), Fact.ContextFailed.class);
            assertEquals(List.of("a", "b", "c"), before.contextKeys());
            assertEquals(ErrorCode.CONTEXT_NOT_ALLOWED, before.code());

            sessions.event(context(START, "a", much));
            sessions.event(context(START, "e", much));
            assertEquals(
                    List.of("a"), one(sessions.facts(), Fact.ContextFailed.class).contextKeys());
            sessions.outcome(contextAccepted(first, sessions.now()));
            assertEquals(
                    Given.scalars("e", much),
                    sessions.command(InjectContext.class).context());
            assertEquals(2, sessions.remarks(Remark.CONTEXT_DROPPED));
            assertEquals(List.of(), sessions.deadLetters());
        }
    }

    @Test
    void contextWhoseOutcomeIsLostIsGivenUp() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(opened(START, END));
            sessions.event(context(START, "segment", "vip"));
            sessions.advance(RULES.contextRetryFor().plus(MOMENT));

            assertEquals(
                    ErrorCode.DEADLINE_EXCEEDED,
                    one(sessions.facts(), Fact.ContextFailed.class).code());
        }
    }

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

    @Test
    void messagesDoNotWriteTheShownState() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(opened(START, END));
            sessions.shown();
            for (int i = 0; i < 100; i++) {
                sessions.event(inbound("e" + i, START.plusSeconds(i)));
            }
            assertEquals(List.of(), sessions.shown());
            assertEquals(1, sessions.stored(SessionProcessor.TIMERS), "nor any timer");
        }
    }

    private static Refresh refreshing(SessionHarness sessions) {
        sessions.event(opened(START, END));
        sessions.event(inbound("e1", START.plusSeconds(1)));
        sessions.advanceTo(END.minus(RULES.refreshThreshold()).plusSeconds(1));
        sessions.shown();
        return sessions.command(Refresh.class);
    }

    private static void restart(SessionHarness sessions, boolean restart) {
        if (restart) {
            sessions.restart();
        }
    }

    private static <F extends Fact> F one(List<Fact> facts, Class<F> type) {
        List<F> all = facts.stream().filter(type::isInstance).map(type::cast).toList();
        assertEquals(1, all.size(), type.getSimpleName() + " in " + facts);
        return all.getFirst();
    }

    private static long count(List<Fact> facts, Class<? extends Fact> type) {
        return facts.stream().filter(type::isInstance).count();
    }

    private static void assertIdsDiffer(List<Fact> facts) {
        // The test driver counts offsets from 0 again in the next process.
        List<Fact> once = facts.stream()
                .filter(fact -> !fact.source().topic().equals(Topics.CXONE_SESSION_OUTCOMES.name()))
                .toList();
        assertEquals(once.size(), once.stream().map(Fact::factId).distinct().count(), "ids of " + once);
    }
}
