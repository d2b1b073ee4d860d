package io.guestflow.processor.session;

import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.contracts.session.SessionOutcome.CallFailed;
import io.guestflow.contracts.session.SessionOutcome.ContextAccepted;
import io.guestflow.contracts.session.SessionOutcome.Gone;
import io.guestflow.processor.context.CommandBudget;
import io.guestflow.processor.facts.FactIds;
import io.guestflow.processor.facts.SessionFacts;
import io.guestflow.processor.session.Injections.Injection;
import io.guestflow.processor.session.Output.Remark;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Context for the bots of running conversations: in order, one update under way at a time. */
final class Contexts {
    /** Even where nothing is tried again, the one call has its time. */
    private static final Duration AT_LEAST = Duration.ofSeconds(10);

    private static final Duration MOST_MARGIN = Duration.ofSeconds(1);
    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
    private static final Duration MOST_DELAY = Duration.ofSeconds(30);

    private final SessionRules rules;

    Contexts(SessionRules rules) {
        this.rules = rules;
    }

    /** The bot is to be told something, now or after what it is being told. */
    Live request(Live live, Map<String, JsonNode> context, Turn turn) {
        Merged merged = Merged.of(live.injections().waiting(), context);
        dropped(live.opening(), merged.dropped(), turn);
        return next(live.with(live.injections().withWaiting(merged.context())), turn);
    }

    /** Too much was to be told at once: what had no room is not told the bot. */
    void dropped(Opening opening, Set<String> keys, Turn turn) {
        if (!keys.isEmpty()) {
            turn.remark(Remark.CONTEXT_DROPPED);
            tellFailed(opening, keys.stream().sorted().toList(), ErrorCode.CONTEXT_NOT_ALLOWED, 0, turn);
        }
    }

    /** Whether the outcome of that command is awaited. */
    static boolean awaits(Live live, String commandId) {
        Injection current = live.injections().current();
        return current != null && commandId.equals(current.commandId());
    }

    Live accepted(Live live, ContextAccepted outcome, Turn turn) {
        Injection current = current(live);
        turn.tell(
                live.opening(),
                SessionFacts.contextInjected(
                        turn.cause(turn.past(outcome.completedAt())),
                        live.opening().about(turn.conversationId()),
                        live.opening().requestId(),
                        live.opening().attempt(),
                        current.keys(),
                        current.calls() + outcome.calls()));
        return next(live.with(live.injections().with(null)), turn);
    }

    Live failed(Live live, CallFailed outcome, Turn turn) {
        Injection current = current(live);
        Integer asked = outcome.retryAfterSeconds();
        Duration delay = delay(current.failures());
        if (asked != null && Duration.ofSeconds(asked).compareTo(delay) > 0) {
            delay = Duration.ofSeconds(asked);
        }
        Instant again = turn.now().plus(delay);
        boolean inTime =
                again.isBefore(current.giveUpAt()) && !rules.contextRetryFor().isZero();
        if (outcome.code().retryable() && inTime) {
            return live.with(live.injections().with(current.failed(outcome.calls(), again)));
        }
        return givenUp(live, current, outcome.code(), outcome.calls(), turn);
    }

    /** CXone did not have the conversation, but has it again. */
    Live gone(Live live, Gone outcome, Turn turn) {
        return givenUp(live, current(live), ErrorCode.UPSTREAM_REJECTED, outcome.calls(), turn);
    }

    /** The time came that the update under way had asked for. */
    Live look(Live live, Turn turn) {
        Injection current = live.injections().current();
        if (current == null || turn.now().isBefore(current.lookAt())) {
            return live;
        }
        if (current.commandId() == null && turn.now().isBefore(current.giveUpAt())) {
            return ask(live, live.injections(), current, turn);
        }
        return givenUp(live, current, ErrorCode.DEADLINE_EXCEEDED, 0, turn);
    }

    /** The session ends: what was under way may have been injected or not, and what waits will not be. */
    void abandon(Live live, EndReason reason, Turn turn) {
        Injections injections = live.injections();
        Injection current = injections.current();
        Set<String> all = new LinkedHashSet<>(injections.waiting().keySet());
        if (current != null) {
            all.addAll(current.context().keySet());
        }
        if (!all.isEmpty()) {
            boolean gone = reason == EndReason.CLOSED_UPSTREAM || reason == EndReason.REPLACED_UPSTREAM;
            tellFailed(
                    live.opening(),
                    List.copyOf(all),
                    gone ? ErrorCode.UPSTREAM_REJECTED : ErrorCode.DEADLINE_EXCEEDED,
                    current == null ? 0 : current.calls(),
                    turn);
        }
    }

    /** When the update under way is to be looked at. */
    static @Nullable Instant due(Live live) {
        Injection current = live.injections().current();
        return current == null ? null : current.lookAt();
    }

    private Live givenUp(Live live, Injection current, ErrorCode code, int calls, Turn turn) {
        tellFailed(live.opening(), current.keys(), code, current.calls() + calls, turn);
        return next(live.with(live.injections().with(null)), turn);
    }

    private Live next(Live live, Turn turn) {
        Injections injections = live.injections();
        if (injections.current() != null || injections.waiting().isEmpty()) {
            return live;
        }
        Duration time = rules.contextRetryFor().compareTo(AT_LEAST) > 0 ? rules.contextRetryFor() : AT_LEAST;
        Instant giveUpAt = turn.now().plus(time);
        Injection first = new Injection(injections.waiting(), null, giveUpAt, giveUpAt, 0, 0);
        return ask(live, injections.begun(first), first, turn);
    }

    private static Live ask(Live live, Injections injections, Injection injection, Turn turn) {
        Opening opening = live.opening();
        int sequence = injections.last();
        String id = FactIds.of("InjectContext/" + injection.failures(), opening.source(), sequence);
        Duration fifth = Duration.between(turn.now(), injection.giveUpAt()).dividedBy(5);
        Duration margin = fifth.compareTo(MOST_MARGIN) < 0 ? fifth : MOST_MARGIN;
        turn.issue(new SessionCommand.InjectContext(
                id,
                turn.conversationId(),
                opening.guestPartition(),
                injection.context(),
                sequence,
                injection.giveUpAt().minus(margin),
                FactIds.of("InjectContext", opening.source(), sequence)));
        return live.with(injections.with(injection.asked(id, injection.giveUpAt())));
    }

    private static void tellFailed(Opening opening, List<String> keys, ErrorCode code, int calls, Turn turn) {
        turn.tell(
                opening,
                SessionFacts.contextFailed(
                        turn.cause(turn.now()),
                        opening.about(turn.conversationId()),
                        opening.requestId(),
                        opening.attempt(),
                        CommandBudget.named(keys),
                        code,
                        calls));
    }

    private static Injection current(Live live) {
        Injection current = live.injections().current();
        if (current == null) {
            throw new IllegalStateException("no context is being injected");
        }
        return current;
    }

    private static Duration delay(int failures) {
        Duration delay = FIRST_DELAY.multipliedBy(1L << Math.min(failures, 10));
        return delay.compareTo(MOST_DELAY) < 0 ? delay : MOST_DELAY;
    }
}
