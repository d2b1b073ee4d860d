package io.guestflow.processor.auth;

import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.auth.AuthInput.Outcome;
import io.guestflow.processor.auth.AuthInput.Request;
import io.guestflow.processor.auth.Decision.Output;
import io.guestflow.processor.auth.Decision.Output.Redelivered;
import io.guestflow.processor.auth.Decision.Output.Replay;
import io.guestflow.processor.auth.Decision.Output.Stray;
import io.guestflow.processor.auth.Decision.Output.Suppressed;
import io.guestflow.processor.auth.Decision.Output.Tell;
import io.guestflow.processor.auth.Decision.Output.Wake;
import io.guestflow.processor.auth.Decision.StrayKind;
import io.guestflow.processor.auth.Decision.WakeKind;
import io.guestflow.processor.auth.Ended.Late;
import io.guestflow.processor.context.ContextPolicy;
import io.guestflow.processor.facts.AuthFacts;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.wire.Trace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a request: {@code (state, input, now) → (state', outputs)}. Every input is safe to see twice, and
 * outcomes and timers may come in any order.
 *
 * <p>Threading: immutable, may be shared.
 */
final class AuthDecisions {
    private final AuthRules rules;
    private final Openings openings;
    private final Endings endings;
    private final Injections injections;

    AuthDecisions(AuthRules rules, ContextPolicy contextPolicy, GuestRefs refs) {
        AuthFacts facts = new AuthFacts(refs);
        this.rules = rules;
        injections = new Injections(rules, facts);
        endings = new Endings(rules, facts, injections);
        openings = new Openings(rules, contextPolicy, refs, endings);
    }

    /**
     * A request came.
     *
     * @param others the other requests of the guest that are pending
     * @param toldAt when the kept attempt's end was told by this process, if it was
     */
    Decision onRequest(
            RequestState state, Request request, GuestPending others, @Nullable Instant toldAt, Instant now) {
        Pending open = state.open();
        if (open != null) {
            return open.opening().equals(request.source())
                    ? Decision.of(
                            state,
                            open.trace(),
                            new Redelivered(),
                            openings.command(request.reading(), open),
                            Openings.life(open))
                    : Decision.of(state, request.trace(), new Suppressed());
        }
        Ended ended = state.ended();
        if (ended == null) {
            return openings.open(state, 1, request, others, now);
        }
        if (isRedelivery(ended, request.source())) {
            return endings.again(state, ended);
        }
        if (isToBeTold(state, ended, toldAt)) {
            return Decision.of(state, request.trace(), new Suppressed());
        }
        boolean asksAgain = ended.result().retryable()
                && request.sentAt().isAfter(ended.result().completedAt());
        return asksAgain
                ? openings.open(state, ended.attempt() + 1, request, others, now)
                : Decision.of(state, request.trace(), new Replay(ended.result()));
    }

    /** An outcome came: the first one for a command counts. */
    Decision onOutcome(RequestState state, Outcome input, Instant now) {
        AuthOutcome outcome = input.outcome();
        Pending pending = state.openBy(outcome.commandId());
        Ended ended = state.ended();
        if (pending != null) {
            return switch (outcome) {
                case AuthOutcome.ConversationCreated created ->
                    endings.succeed(state, pending, created, input.source(), now);
                case AuthOutcome.CallFailed failed -> endings.fail(state, pending, failed, input.source(), now);
                case AuthOutcome.ContextInjected ignored -> stray(state, StrayKind.UNKNOWN);
            };
        }
        if (ended != null && isRedelivery(ended, input.source())) {
            return endings.again(state, ended);
        }
        if (ended != null) {
            Decision injected = injections.onOutcome(state, ended, outcome, input.source(), now);
            if (injected != null) {
                return injected;
            }
            List<Output> told = endings.toldOf(ended, input.source());
            if (!told.isEmpty()) {
                return new Decision(state, told, ended.trace());
            }
        }
        if (outcome instanceof AuthOutcome.ConversationCreated created) {
            return onLateConversation(state, created, input, now);
        }
        return stray(state, ended == null && state.open() == null ? StrayKind.UNKNOWN : StrayKind.DUPLICATE);
    }

    /** Whether records may be processed again after a crash although what they led to is stored. */
    boolean atLeastOnce() {
        return rules.atLeastOnce();
    }

    /** A conversation that no pending attempt of ours asked for by this command. */
    private Decision onLateConversation(
            RequestState state, AuthOutcome.ConversationCreated created, Outcome input, Instant now) {
        Ended ended = state.ended();
        if (ended != null
                && ended.result() instanceof Authenticated answered
                && answered.conversationId().equals(created.conversationId())) {
            return stray(state, StrayKind.DUPLICATE);
        }
        Tell told = endings.late(ended, created, input.source(), now);
        Pending pending = state.open();
        if (pending != null) {
            // The next attempt is under way already: this is its answer, and its own outcome will be a duplicate.
            Decision answered = endings.succeed(state, pending, created, input.source(), now);
            List<Output> outputs = new ArrayList<>();
            outputs.add(told);
            outputs.addAll(answered.outputs());
            return new Decision(answered.state(), List.copyOf(outputs), answered.trace());
        }
        if (ended != null && ended.result().retryable() && ended.late() == null) {
            Late late = new Late(
                    created.conversationId(), created.expiresAt(), created.httpStatus(), created.contextInjected());
            return Decision.of(state.with(ended.withLate(late)), input.trace(), told);
        }
        return Decision.of(state, input.trace(), told);
    }

    /**
     * The time came that a {@link Wake} had asked for.
     *
     * @param toldAt when the kept attempt's end was told by this process, if it was
     */
    Decision onWake(
            RequestState state, RequestKey key, WakeKind kind, int attempt, @Nullable Instant toldAt, Instant now) {
        return switch (kind) {
            case LIFE -> onLife(state, key, attempt, toldAt, now);
            case INJECTION -> onInjection(state, attempt, now);
        };
    }

    private Decision onLife(RequestState state, RequestKey key, int attempt, @Nullable Instant toldAt, Instant now) {
        Pending open = state.open();
        if (open != null && open.attempt() == attempt) {
            return now.isBefore(open.deadline())
                    ? Decision.of(state, Trace.NONE, Openings.life(open))
                    : endings.expire(state, key, open, now);
        }
        Ended ended = state.ended();
        if (open != null || ended == null || ended.attempt() != attempt) {
            // A later attempt has a timer of its own.
            return Decision.of(state, Trace.NONE);
        }
        RequestState tidy = state.tidy();
        if (tidy.kept() != null) {
            return onKept(tidy, ended, toldAt, now);
        }
        Instant forgetAt = endings.forgetAt(ended);
        if (now.isBefore(forgetAt)) {
            return Decision.of(state, Trace.NONE, lifeAt(forgetAt, attempt));
        }
        // Under at-least-once the timer may be gone after a crash and the entry not: so there is another to look again.
        return rules.atLeastOnce()
                ? Decision.of(RequestState.UNKNOWN, Trace.NONE, lifeAt(now.plus(Endings.SETTLED_WITHIN), attempt))
                : Decision.of(RequestState.UNKNOWN, Trace.NONE);
    }

    /** A kept attempt goes when its end and the telling of it are stored, and not together with the end. */
    private Decision onKept(RequestState state, Ended ended, @Nullable Instant toldAt, Instant now) {
        if (isToBeTold(state, ended, toldAt)) {
            return endings.tellStored(state, ended, now);
        }
        Instant settledAt = toldAt == null ? now : toldAt.plus(Endings.SETTLED_WITHIN);
        if (now.isBefore(settledAt)) {
            return Decision.of(state, Trace.NONE, lifeAt(settledAt, ended.attempt()));
        }
        Instant forgetAt = endings.forgetAt(ended);
        Instant next = now.plus(Endings.SETTLED_WITHIN);
        return Decision.of(
                new RequestState(state.pending(), null, ended),
                Trace.NONE,
                lifeAt(next.isBefore(forgetAt) ? forgetAt : next, ended.attempt()));
    }

    private static Wake lifeAt(Instant at, int attempt) {
        return new Wake(at, WakeKind.LIFE, attempt);
    }

    private Decision onInjection(RequestState state, int attempt, Instant now) {
        Ended ended = state.ended();
        Injection injection = ended == null ? null : ended.injection();
        return ended == null || injection == null || ended.attempt() != attempt
                ? Decision.of(state, Trace.NONE)
                : injections.onTime(state, ended, injection, now);
    }

    /** Whether the end was stored and is told a little later, or by a process that may have been killed before. */
    private static boolean isToBeTold(RequestState state, Ended ended, @Nullable Instant toldAt) {
        Pending kept = state.kept();
        return toldAt == null && kept != null && kept.attempt() == ended.attempt() && ended.endedUnasked();
    }

    private boolean isRedelivery(Ended ended, Source source) {
        return rules.atLeastOnce()
                && (ended.opening().equals(source) || ended.cause().equals(source));
    }

    private static Decision stray(RequestState state, StrayKind kind) {
        return Decision.of(state, Trace.NONE, new Stray(kind));
    }
}
