package io.guestflow.processor.auth;

import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.auth.AuthInput.Outcome;
import io.guestflow.processor.auth.AuthInput.Request;
import io.guestflow.processor.auth.Decision.Output.Redelivered;
import io.guestflow.processor.auth.Decision.Output.Replay;
import io.guestflow.processor.auth.Decision.Output.Stray;
import io.guestflow.processor.auth.Decision.Output.Suppressed;
import io.guestflow.processor.auth.Decision.Output.Tell;
import io.guestflow.processor.auth.Decision.Output.Wake;
import io.guestflow.processor.auth.Decision.StrayKind;
import io.guestflow.processor.auth.Decision.WakeKind;
import io.guestflow.processor.auth.Ended.Injection;
import io.guestflow.processor.auth.Ended.Late;
import io.guestflow.processor.wire.Trace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

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

    AuthDecisions(AuthRules rules, Openings openings, Endings endings) {
        this.rules = rules;
        this.openings = openings;
        this.endings = endings;
    }

    /**
     * A request came.
     *
     * @param guestPending how many other requests of the guest are pending, and until when the first of them
     */
    Decision onRequest(RequestState state, Request request, GuestPending guestPending, Instant now) {
        Pending pending = state.pending();
        if (pending != null) {
            return pending.opening().equals(request.source())
                    ? Decision.of(
                            state, pending.trace(), new Redelivered(), openings.command(request.reading(), pending))
                    : Decision.of(state, request.trace(), new Suppressed());
        }
        Ended ended = state.ended();
        if (ended == null) {
            return openings.open(state, 1, request, guestPending, now);
        }
        if (isRedelivery(ended, request.source())) {
            return endings.again(state, ended);
        }
        boolean asksAgain = ended.result().retryable()
                && request.sentAt().isAfter(ended.result().completedAt());
        return asksAgain
                ? openings.open(state, ended.attempt() + 1, request, guestPending, now)
                : Decision.of(state, request.trace(), new Replay(ended.result()));
    }

    /** An outcome came: the first one for a command counts. */
    Decision onOutcome(RequestState state, Outcome input, Instant now) {
        AuthOutcome outcome = input.outcome();
        Pending pending = state.pending();
        Ended ended = state.ended();
        if (pending != null && pending.commandId().equals(outcome.commandId())) {
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
        Injection injection = ended == null ? null : ended.injection();
        if (ended != null && injection != null && injection.commandId().equals(outcome.commandId())) {
            return switch (outcome) {
                case AuthOutcome.ContextInjected injected ->
                    endings.contextInjected(state, ended, injection, injected, input.source(), now);
                case AuthOutcome.CallFailed failed ->
                    endings.contextFailed(
                            state, ended, injection, failed.code(), failed.calls(), input.source(), 0, now);
                case AuthOutcome.ConversationCreated ignored -> stray(state, StrayKind.UNKNOWN);
            };
        }
        if (outcome instanceof AuthOutcome.ConversationCreated created) {
            return onLateConversation(state, created, input, now);
        }
        return stray(state, ended == null && pending == null ? StrayKind.UNKNOWN : StrayKind.DUPLICATE);
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
        Pending pending = state.pending();
        if (pending != null) {
            // The next attempt is under way already: this is its answer, and its own outcome will be a duplicate.
            Decision answered = endings.succeed(state, pending, created, input.source(), now);
            List<Decision.Output> outputs = new ArrayList<>();
            outputs.add(told);
            outputs.addAll(answered.outputs());
            return new Decision(answered.state(), List.copyOf(outputs), answered.trace());
        }
        if (ended != null && ended.result().retryable() && ended.late() == null) {
            Late late = new Late(
                    created.conversationId(), created.expiresAt(), created.httpStatus(), created.contextInjected());
            return Decision.of(new RequestState(null, ended.withLate(late)), input.trace(), told);
        }
        return Decision.of(state, input.trace(), told);
    }

    /** The time came that a {@link Wake} had asked for. */
    Decision onWake(RequestState state, RequestKey key, WakeKind kind, int attempt, Instant now) {
        return switch (kind) {
            case LIFE -> onLife(state, key, attempt, now);
            case INJECTION -> onInjectionEnd(state, attempt, now);
        };
    }

    private Decision onLife(RequestState state, RequestKey key, int attempt, Instant now) {
        Pending pending = state.pending();
        if (pending != null && pending.attempt() == attempt) {
            return now.isBefore(pending.deadline())
                    ? Decision.of(state, Trace.NONE, new Wake(pending.deadline(), WakeKind.LIFE, attempt))
                    : endings.expire(key, pending, now);
        }
        Ended ended = state.ended();
        if (pending != null || ended == null || ended.attempt() != attempt) {
            // A later attempt has a timer of its own.
            return Decision.of(state, Trace.NONE);
        }
        Instant forgetAt = ended.result().completedAt().plus(rules.rememberFor());
        return now.isBefore(forgetAt)
                ? Decision.of(state, Trace.NONE, new Wake(forgetAt, WakeKind.LIFE, attempt))
                : Decision.of(RequestState.UNKNOWN, Trace.NONE);
    }

    private Decision onInjectionEnd(RequestState state, int attempt, Instant now) {
        Ended ended = state.ended();
        Injection injection = ended == null ? null : ended.injection();
        if (ended == null || injection == null || ended.attempt() != attempt) {
            return Decision.of(state, Trace.NONE);
        }
        return now.isBefore(injection.deadline())
                ? Decision.of(state, Trace.NONE, new Wake(injection.deadline(), WakeKind.INJECTION, attempt))
                : endings.contextFailed(
                        state, ended, injection, ErrorCode.DEADLINE_EXCEEDED, 0, ended.opening(), attempt, now);
    }

    private boolean isRedelivery(Ended ended, Source source) {
        return rules.atLeastOnce()
                && (ended.opening().equals(source) || ended.cause().equals(source));
    }

    private static Decision stray(RequestState state, StrayKind kind) {
        return Decision.of(state, Trace.NONE, new Stray(kind));
    }
}
