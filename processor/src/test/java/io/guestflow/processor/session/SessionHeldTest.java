package io.guestflow.processor.session;

import static io.guestflow.processor.session.Given.LIFETIME;
import static io.guestflow.processor.session.Given.RULES;
import static io.guestflow.processor.session.Given.START;
import static io.guestflow.processor.session.Given.inbound;
import static io.guestflow.processor.session.Given.opened;
import static io.guestflow.processor.session.Given.outbound;
import static io.guestflow.processor.session.Given.revoked;
import static io.guestflow.processor.session.Given.status;
import static io.guestflow.processor.session.Lives.END;
import static io.guestflow.processor.session.Lives.assertIdsDiffer;
import static io.guestflow.processor.session.Lives.count;
import static io.guestflow.processor.session.Lives.one;
import static io.guestflow.processor.session.Lives.restart;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.session.ConversationStatus;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionCommand.Refresh;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.processor.session.Output.Fate;
import io.guestflow.processor.session.Output.Remark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes before the opening of its conversation waits for it: for a while, and only so much. */
class SessionHeldTest {
    @TempDir
    private Path stateDir;

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
    void everyRevocationWaitsItsTimeWhateverWaitedBeforeButNotForEver() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(inbound("e1", START));
            sessions.advance(Duration.ofMinutes(55));
            sessions.event(inbound("e2", sessions.now()));
            sessions.advance(Duration.ofMinutes(55));
            sessions.event(revoked(sessions.now()));
            sessions.advance(Duration.ofMinutes(9));
            sessions.event(revoked(sessions.now()));
            sessions.advance(Duration.ofMinutes(59));
            assertEquals(1, sessions.stored(ConversationStore.HELD), "an hour for the second one");
            sessions.event(revoked(sessions.now()));
            sessions.advance(Duration.ofMinutes(3));
            assertEquals(0, sessions.stored(ConversationStore.HELD), "three hours after the first event");
        }
    }
}
