package io.guestflow.processor.session;

import static io.guestflow.processor.session.Given.CONVERSATION;
import static io.guestflow.processor.session.Given.LIFETIME;
import static io.guestflow.processor.session.Given.RULES;
import static io.guestflow.processor.session.Given.START;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.contracts.session.ConversationStatus;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.contracts.session.SessionState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Webhooks come in any order, some of them twice: whatever the order, a small history ends in the same state. */
class HistoryOrderTest {
    private final SessionDecisions decisions = new SessionDecisions(RULES, Given.REFS);

    @Test
    void everyOrderOfAClosedConversationEndsInTheSameState() {
        SessionEvent.MessageSeen first = Given.message("e1", "m1", Direction.INBOUND, START.plusSeconds(10));
        List<SessionEvent> history = List.of(
                Given.opened(START, START.plus(LIFETIME)),
                first,
                Given.message("e2", "m2", Direction.OUTBOUND, START.plusSeconds(20)),
                first,
                Given.message("e1-created", "m1", Direction.INBOUND, START.plusSeconds(11)),
                Given.status("e3", ConversationStatus.RESOLVED, START.plusSeconds(30)),
                Given.status("e4", ConversationStatus.CLOSED, START.plusSeconds(40)),
                new SessionEvent.Mark(START.plusSeconds(50), 0, 1, START.plusSeconds(50)));

        Outcome expected = new Outcome(
                new Session(
                        CONVERSATION,
                        Given.REFS.guestRef("guest-1"),
                        "web",
                        SessionState.CLOSED,
                        START,
                        START.plus(LIFETIME),
                        START.plusSeconds(11),
                        0,
                        START.plusSeconds(40),
                        EndReason.CLOSED_UPSTREAM,
                        null),
                1,
                1,
                2,
                1,
                1);
        inEveryOrder(history, order -> assertEquals(expected, after(order), () -> "in the order " + order));
    }

    /** The answer that makes us open it can be long on its way, and CXone's clock is another one. */
    @Test
    void everyOrderOfAConversationThatWasClosedBeforeWeKnewOfItEndsInTheSameState() {
        List<SessionEvent> history = List.of(
                Given.opened(START, START.plus(LIFETIME)),
                Given.message("e1", "m1", Direction.INBOUND, START.minusSeconds(20)),
                Given.status("e2", ConversationStatus.CLOSED, START.minusSeconds(10)),
                Given.status("e2", ConversationStatus.CLOSED, START.minusSeconds(10)));

        inEveryOrder(history, order -> {
            Session shown = Objects.requireNonNull(after(order).shown);
            assertEquals(SessionState.CLOSED, shown.state(), () -> "in the order " + order);
            assertEquals(EndReason.CLOSED_UPSTREAM, shown.endReason());
            assertEquals(START, shown.endedAt(), "nothing of a session lies before its opening");
        });
    }

    @Test
    void theEndOfAnEarlierLifeDoesNotEndTheNext() {
        Outcome outcome = after(List.of(
                Given.opened(START, START.plus(LIFETIME)),
                Given.status("e1", ConversationStatus.CLOSED, START.plusSeconds(10)),
                Given.opened(START.plusSeconds(60), START.plusSeconds(60).plus(LIFETIME)),
                Given.status("e1", ConversationStatus.CLOSED, START.plusSeconds(10)),
                Given.status("e2", ConversationStatus.CLOSED, START.plusSeconds(10))));

        assertEquals(SessionState.ACTIVE, Objects.requireNonNull(outcome.shown).state());
        assertEquals(List.of(2, 1), List.of(outcome.openings, outcome.ends));
    }

    @Test
    void everyOrderOfARunningConversationEndsInTheSameState() {
        List<SessionEvent> history = List.of(
                Given.opened(START, START.plus(LIFETIME)),
                Given.opened(START.plusSeconds(60), START.plusSeconds(60).plus(LIFETIME)),
                Given.message("e1", "m1", Direction.INBOUND, START.plusSeconds(10)),
                Given.message("e2", "m2", Direction.OUTBOUND, START.plusSeconds(70)),
                Given.message("e2", "m2", Direction.OUTBOUND, START.plusSeconds(70)),
                Given.status("e3", ConversationStatus.RESOLVED, START.plusSeconds(80)),
                Given.disconnected(START.plusSeconds(90)));

        inEveryOrder(history, order -> {
            // Auth tells its openings in their order, and one partition keeps it.
            if (order.indexOf(history.get(0)) < order.indexOf(history.get(1))) {
                Outcome outcome = after(order);
                Session shown = Objects.requireNonNull(outcome.shown);
                assertEquals(SessionState.ACTIVE, shown.state());
                assertEquals(START, shown.openedAt());
                assertEquals(START.plusSeconds(60).plus(LIFETIME), shown.expiresAt());
                assertEquals(List.of(1, 1, 2), List.of(outcome.inbound, outcome.outbound, outcome.told));
            }
        });
    }

    /** The end of the life before, told at any time, by a webhook or by somebody's will. */
    @Test
    void anEndBeforeASecondAuthenticationEndsNothingAfterItWhenEverItIsRead() {
        SessionEvent.Opened first = Given.opened(START, START.plus(LIFETIME));
        SessionEvent.Opened second =
                Given.opened(START.plusSeconds(60), START.plusSeconds(60).plus(LIFETIME));
        for (SessionEvent end : List.of(
                Given.status("e1", ConversationStatus.CLOSED, START.minusSeconds(10)),
                Given.status("e1", ConversationStatus.CLOSED, START.plusSeconds(30)),
                Given.status("e1", ConversationStatus.TRASHED, START.plusMillis(59_999)),
                Given.revoked(START.plusSeconds(30)))) {
            List<SessionEvent> history = List.of(
                    first,
                    second,
                    end,
                    end,
                    Given.message("e2", "m2", Direction.INBOUND, START.plusSeconds(70)),
                    Given.status("e3", ConversationStatus.OPEN, START.plusSeconds(71)));
            inEveryOrder(history, order -> {
                if (order.indexOf(first) < order.indexOf(second)) {
                    Session shown = Objects.requireNonNull(after(order).shown);
                    assertEquals(SessionState.ACTIVE, shown.state(), () -> "in the order " + order);
                    assertEquals(second.expiresAt(), shown.expiresAt());
                    assertEquals(
                            true, ((Live) left(order)).active(), () -> "the guest is active, in the order " + order);
                }
            });
        }
    }

    @Test
    void anEndAfterASecondAuthenticationEndsItWhenEverItIsRead() {
        SessionEvent.Opened first = Given.opened(START, START.plus(LIFETIME));
        SessionEvent.Opened second =
                Given.opened(START.plusSeconds(60), START.plusSeconds(60).plus(LIFETIME));
        Map<SessionEvent, EndReason> ends = Map.of(
                Given.status("e1", ConversationStatus.CLOSED, START.plusSeconds(60)), EndReason.CLOSED_UPSTREAM,
                Given.status("e1", ConversationStatus.CLOSED, START.plusSeconds(80)), EndReason.CLOSED_UPSTREAM,
                // Before it by less than clocks may differ.
                Given.revoked(START.plusSeconds(57)), EndReason.REVOKED,
                Given.revoked(START.plusSeconds(90)), EndReason.REVOKED);
        ends.forEach((end, reason) -> {
            List<SessionEvent> history =
                    List.of(first, second, end, Given.message("e2", "m2", Direction.INBOUND, START.plusSeconds(70)));
            inEveryOrder(history, order -> {
                if (order.indexOf(first) < order.indexOf(second)) {
                    Session shown = Objects.requireNonNull(after(order).shown);
                    assertEquals(SessionState.CLOSED, shown.state(), () -> "in the order " + order);
                    assertEquals(reason, shown.endReason());
                }
            });
        });
    }

    /** What is left of a history, and how often what was told. */
    private record Outcome(@Nullable Session shown, int inbound, int outbound, int told, int openings, int ends) {}

    private Conversation left(List<SessionEvent> order) {
        Instant now = START.plusSeconds(100);
        Conversation state = Conversation.UNKNOWN;
        long offset = 0;
        for (SessionEvent event : order) {
            SessionInput input = new SessionInput.Event(
                    (SessionEvent.OfConversation) event, new Source("cxone-events", 0, offset++));
            state = decisions.decide(state, input, Given.surroundings(now), now).state();
        }
        return state;
    }

    private Outcome after(List<SessionEvent> order) {
        Instant now = START.plusSeconds(100);
        Conversation state = Conversation.UNKNOWN;
        Session shown = null;
        Map<String, Integer> told = new HashMap<>();
        TreeSet<String> ids = new TreeSet<>();
        long offset = 0;
        for (SessionEvent event : order) {
            if (!(event instanceof SessionEvent.OfConversation happened)) {
                continue;
            }
            SessionInput input = new SessionInput.Event(happened, new Source("cxone-events", 0, offset++));
            Decision decision = decisions.decide(state, input, Given.surroundings(now), now);
            state = decision.state() instanceof Conversation.Unknown
                    ? decision.state()
                    : StoredConversation.read(StoredConversation.write(decision.state()));
            assertEquals(decision.state(), state, "it is read as it was written");
            for (Output output : decision.outputs()) {
                if (output instanceof Output.Publish publish) {
                    shown = publish.session();
                }
                if (output instanceof Output.Tell tell) {
                    told.merge(tell.fact().getClass().getSimpleName(), 1, Integer::sum);
                    assertEquals(true, ids.add(tell.fact().factId()), "an id is used once");
                }
            }
        }
        Tally tally = switch (state) {
            case Live live -> live.tally();
            case Ended ended -> ended.tally();
            default -> throw new AssertionError("neither live nor ended: " + state);
        };
        return new Outcome(
                shown,
                tally.inbound(),
                tally.outbound(),
                told.getOrDefault(Fact.MessageSeen.class.getSimpleName(), 0),
                told.getOrDefault(Fact.SessionOpened.class.getSimpleName(), 0),
                told.getOrDefault(Fact.SessionEnded.class.getSimpleName(), 0));
    }

    private static void inEveryOrder(List<SessionEvent> history, Consumer<List<SessionEvent>> check) {
        permute(new ArrayList<>(history), 0, check);
    }

    private static void permute(List<SessionEvent> history, int from, Consumer<List<SessionEvent>> check) {
        if (from == history.size()) {
            check.accept(List.copyOf(history));
            return;
        }
        for (int i = from; i < history.size(); i++) {
            Collections.swap(history, from, i);
            permute(history, from + 1, check);
            Collections.swap(history, from, i);
        }
    }
}
