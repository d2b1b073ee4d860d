package io.guestflow.processor.session;

import static io.guestflow.processor.session.Given.LIFETIME;
import static io.guestflow.processor.session.Given.RULES;
import static io.guestflow.processor.session.Given.START;
import static io.guestflow.processor.session.Given.extended;
import static io.guestflow.processor.session.Given.inbound;
import static io.guestflow.processor.session.Given.message;
import static io.guestflow.processor.session.Given.opened;
import static io.guestflow.processor.session.Lives.END;
import static io.guestflow.processor.session.Lives.MOMENT;
import static io.guestflow.processor.session.Lives.assertIdsDiffer;
import static io.guestflow.processor.session.Lives.count;
import static io.guestflow.processor.session.Lives.one;
import static io.guestflow.processor.session.Lives.restart;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.EndDetail;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionCommand.Refresh;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.contracts.session.SessionState;
import io.guestflow.processor.session.Output.Fate;
import io.guestflow.processor.session.Output.Remark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions whose guests are active, or may be: each is refreshed, as far as CXone lets it. */
class SessionRefreshTest {
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

    @Test
    void webhooksOfWhichNothingIsKnownLagSinceTheStart() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.marksStop();
            sessions.restart();

            sessions.advance(Duration.ofSeconds(30));

            assertEquals(30, sessions.gauge("guestflow.session.webhooks.lag"), 0.5);
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
    void noRefreshIsAskedForTooCloseToTheEnd() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(opened(START, END));
            sessions.advanceTo(END.minusSeconds(9));
            sessions.event(inbound("e1", sessions.now()));
            sessions.advanceTo(END.plus(MOMENT));

            assertEquals(List.of(), sessions.commands());
            Fact.SessionEnded ended = one(sessions.facts(), Fact.SessionEnded.class);
            assertEquals(EndReason.REFRESH_FAILED, ended.endReason());
            assertEquals(EndDetail.TOO_LATE, ended.detail());
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
}
