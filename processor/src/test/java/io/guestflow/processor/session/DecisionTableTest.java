package io.guestflow.processor.session;

import static io.guestflow.processor.session.Given.LIFETIME;
import static io.guestflow.processor.session.Given.RULES;
import static io.guestflow.processor.session.Given.START;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.Source;
import io.guestflow.contracts.session.ConversationStatus;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.contracts.session.SessionOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Every kind of state meets every kind of input, and what is decided stands in {@code decisions.txt}. When a change there
 * is meant, copy what the test prints, and read every line of it.
 */
class DecisionTableTest {
    private static final Instant END = START.plus(LIFETIME);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SessionDecisions decisions = new SessionDecisions(RULES, Given.REFS);

    /** A state, and the time at which the inputs meet it. */
    private record Situation(Conversation state, Instant now, Instant webhooksReadUntil) {}

    @Test
    void everyStateMeetsEveryInput() throws IOException {
        StringBuilder table = new StringBuilder();
        situations().forEach((name, situation) -> {
            table.append("== ").append(name).append('\n');
            inputs(situation)
                    .forEach((input, value) -> table.append(String.format("%-26s", input))
                            .append(" → ")
                            .append(told(situation, value))
                            .append('\n'));
        });

        assertEquals(golden(), table.toString());
    }

    private Map<String, Situation> situations() {
        Map<String, Situation> all = new LinkedHashMap<>();
        Instant early = START.plusSeconds(60);
        Instant inside = END.minus(RULES.refreshThreshold()).plusSeconds(60);
        Instant lastMoment = END.minusSeconds(11);
        Instant tooLate = END.minusSeconds(5);
        Conversation unknown = Conversation.UNKNOWN;
        Conversation idle = after(unknown, event(Given.opened(START, END)), START);
        Conversation active = after(idle, event(Given.inbound("before", early)), early);
        Conversation expiring = after(idle, look(idle), inside);
        Conversation asking = after(active, look(active), inside);
        Conversation pausing =
                after(asking, outcome(Given.failed(refresh(active), ErrorCode.UPSTREAM_ERROR, 60, inside)), inside);
        Conversation refused = after(
                asking, outcome(Given.failed(refresh(active), ErrorCode.UPSTREAM_FORBIDDEN, null, inside)), inside);
        Conversation injecting = after(idle, event(Given.context(early, "segment", "vip")), early);
        Conversation ended = after(active, event(Given.status("over", ConversationStatus.CLOSED, early)), early);

        all.put("unknown", at(unknown, early));
        all.put("held", at(after(unknown, event(Given.inbound("before", START)), START), early));
        all.put("idle, long before its end", at(idle, early));
        all.put("active, long before its end", at(active, early));
        all.put("idle, inside the threshold", at(expiring, inside));
        all.put("active, inside the threshold", at(active, inside));
        all.put("idle, at the last moment", at(expiring, lastMoment));
        all.put(
                "idle, at the last moment, webhooks lag",
                new Situation(expiring, lastMoment, lastMoment.minusSeconds(6)));
        all.put("idle, too late to refresh", at(expiring, tooLate));
        all.put("active, too late to refresh", at(active, tooLate));
        all.put("idle, at its end", at(expiring, END));
        all.put("active, at its end", at(active, END));
        all.put("a refresh in flight", at(asking, inside.plusSeconds(5)));
        all.put("a refresh in flight, lost", at(asking, inside.plusSeconds(75)));
        all.put("a refresh in flight, at its end", at(asking, END));
        all.put("a refresh to be tried again", at(pausing, inside.plusSeconds(5)));
        all.put("a refresh tried again now", at(pausing, inside.plusSeconds(60)));
        all.put("a refresh refused", at(refused, inside.plusSeconds(5)));
        all.put("a refresh refused, at its end", at(refused, END));
        all.put("context under way", at(injecting, early.plusSeconds(5)));
        all.put("ended", at(ended, inside));
        return all;
    }

    private static Situation at(Conversation state, Instant now) {
        return new Situation(state, now, now.minus(SECOND));
    }

    private static Map<String, SessionInput> inputs(Situation situation) {
        Map<String, SessionInput> all = new LinkedHashMap<>();
        Instant now = situation.now();
        all.put("opened now", event(Given.opened(now, now.plus(LIFETIME))));
        all.put("opened now, no later end", event(Given.opened(now, END)));
        all.put("opened as before", event(Given.opened(START, END)));
        all.put("opened earlier", event(Given.opened(START.minusSeconds(60), END)));
        all.put("inbound", event(Given.inbound("new", now)));
        all.put("outbound", event(Given.outbound("new", now)));
        all.put("inbound, before", event(Given.inbound("before", now)));
        all.put(
                "inbound, id of another",
                event(Given.message(Given.CONVERSATION, "before", null, Direction.INBOUND, now, "other")));
        for (ConversationStatus status : ConversationStatus.values()) {
            all.put("status " + status, event(Given.status("s", status, now)));
        }
        all.put(
                "closed while we opened it",
                event(Given.status("s", ConversationStatus.CLOSED, START.minusSeconds(1))));
        all.put(
                "closed before the opening",
                event(Given.status("s", ConversationStatus.CLOSED, START.minusSeconds(601))));
        all.put("disconnected", event(Given.disconnected(now)));
        all.put("context", event(Given.context(now, "device", "web")));
        all.put("context, nothing left", event(Given.context(now)));
        all.put("revoked", event(Given.revoked(now)));
        all.put("revoked before", event(Given.revoked(START.minusSeconds(60))));
        SessionCommand command = command(situation.state());
        all.put("extended", outcome(Given.extended(command, now.plus(LIFETIME), now)));
        all.put("extended, no end told", outcome(Given.extended(command, null, now)));
        all.put("extended, end passed", outcome(Given.extended(command, START, now)));
        all.put("extended, another", outcome(Given.extended(command, "conv-2", now.plus(LIFETIME), now)));
        all.put("gone", outcome(Given.gone(command, now)));
        all.put("failed, for now", outcome(Given.failed(command, ErrorCode.UPSTREAM_ERROR, null, now)));
        all.put("failed, long retry-after", outcome(Given.failed(command, ErrorCode.RATE_LIMITED, 3_000, now)));
        all.put("failed, for good", outcome(Given.failed(command, ErrorCode.UPSTREAM_REJECTED, null, now)));
        all.put("context accepted", outcome(Given.contextAccepted(command, now)));
        all.put("closed as asked", outcome(Given.closed(command, now)));
        all.put("look", look(situation.state()));
        all.put("foreseen", foreseen(situation));
        all.put("look, an earlier timer's", new SessionInput.Woken(Given.CONVERSATION, WakeKind.LOOK, 0));
        all.put("held long enough", woken(situation.state(), WakeKind.HELD));
        all.put("ended long enough", woken(situation.state(), WakeKind.TOMBSTONE));
        return all;
    }

    private String told(Situation situation, SessionInput input) {
        Decision decision = decisions.decide(
                situation.state(), input, Given.surroundings(situation.webhooksReadUntil()), situation.now());
        assertEquals(
                input instanceof SessionInput.Event ? 1 : 0,
                decision.outputs().stream()
                        .filter(Output.Accounted.class::isInstance)
                        .count(),
                "every event has one fate, so that they balance");
        String outputs = decision.outputs().stream()
                .map(output -> named(output, situation.now()))
                .collect(Collectors.joining(" "));
        return (named(decision.state()) + "  " + outputs).stripTrailing();
    }

    private static String named(Conversation state) {
        return switch (state) {
            case Conversation.Unknown ignored -> "Unknown";
            case Held held -> "Held(" + held.events() + ")";
            case Live live ->
                "Live(" + live.refreshing().getClass().getSimpleName()
                        + (live.active() ? " active" : " idle")
                        + (live.expiring() ? " expiring" : "")
                        + (live.injections().current() == null ? "" : " injecting")
                        + (live.injections().waiting().isEmpty() ? "" : " waiting") + ")";
            case Ended ended -> "Ended(" + ended.reason() + ")";
        };
    }

    private static String named(Output output, Instant now) {
        return switch (output) {
            case Output.Publish publish -> "show:" + publish.session().state();
            case Output.Retract ignored -> "show:nothing";
            case Output.Tell tell -> "tell:" + tell.fact().getClass().getSimpleName();
            case Output.Issue issue -> "ask:" + issue.command().getClass().getSimpleName();
            case Output.Wake wake -> "wake:" + wake.kind() + "+" + Duration.between(now, wake.at());
            case Output.Accounted accounted -> accounted.fate().name();
            case Output.Remarked remarked -> remarked.remark().name();
        };
    }

    private Conversation after(Conversation state, SessionInput input, Instant now) {
        Conversation after =
                decisions.decide(state, input, Given.surroundings(now), now).state();
        return StoredConversation.read(StoredConversation.write(after));
    }

    /** The command that looking at the active session inside the threshold leads to. */
    private SessionCommand refresh(Conversation active) {
        Instant inside = END.minus(RULES.refreshThreshold()).plusSeconds(60);
        return decisions.decide(active, look(active), Given.surroundings(inside), inside).outputs().stream()
                .filter(Output.Issue.class::isInstance)
                .map(output -> ((Output.Issue) output).command())
                .findFirst()
                .orElseThrow();
    }

    /** One with the id that the state awaits; any, if it awaits none. */
    private static SessionCommand command(Conversation state) {
        String id = "nobody-asked";
        if (state instanceof Live live) {
            Injections.Injection injection = live.injections().current();
            if (live.refreshing() instanceof Refreshing.InFlight inFlight) {
                id = inFlight.commandId();
            } else if (injection != null) {
                id = Objects.requireNonNull(injection.commandId());
            }
        }
        return new SessionCommand.Close(id, Given.CONVERSATION, 3, "any", END, "key");
    }

    private static SessionInput event(SessionEvent.OfConversation event) {
        return new SessionInput.Event(event, new Source("cxone-events", 0, 7));
    }

    private static SessionInput outcome(SessionOutcome outcome) {
        return new SessionInput.Outcome(outcome, new Source("cxone-session-outcomes", 0, 7));
    }

    private static SessionInput look(Conversation state) {
        return woken(state, WakeKind.LOOK);
    }

    /** The look, while what had been waiting for us is not read yet. */
    private static SessionInput foreseen(Situation situation) {
        long timer = situation.state() instanceof Live live ? live.timer() : 1;
        return new SessionInput.Foreseen(
                Given.CONVERSATION, timer, situation.now().plusSeconds(10));
    }

    private static SessionInput woken(Conversation state, WakeKind kind) {
        long timer = switch (state) {
            case Conversation.Unknown ignored -> 1;
            case Held held -> held.timer();
            case Live live -> live.timer();
            case Ended ended -> ended.timer();
        };
        return new SessionInput.Woken(Given.CONVERSATION, kind, timer);
    }

    private static String golden() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(DecisionTableTest.class.getResourceAsStream("decisions.txt"), "decisions.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
