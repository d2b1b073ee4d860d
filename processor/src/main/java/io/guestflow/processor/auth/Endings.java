package io.guestflow.processor.auth;

import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthError;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.contracts.auth.GuestAuthResult.NotAuthenticated;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.auth.AuthInput.Request;
import io.guestflow.processor.auth.Decision.Output;
import io.guestflow.processor.auth.Decision.Output.Answer;
import io.guestflow.processor.auth.Decision.Output.AnswerAgain;
import io.guestflow.processor.auth.Decision.Output.Issue;
import io.guestflow.processor.auth.Decision.Output.Redelivered;
import io.guestflow.processor.auth.Decision.Output.Tell;
import io.guestflow.processor.auth.Decision.Output.Wake;
import io.guestflow.processor.auth.Decision.WakeKind;
import io.guestflow.processor.auth.Ended.Injection;
import io.guestflow.processor.auth.Ended.Late;
import io.guestflow.processor.context.Screening;
import io.guestflow.processor.facts.AuthFacts;
import io.guestflow.processor.facts.AuthFacts.Asked;
import io.guestflow.processor.facts.AuthFacts.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How an attempt ends: the result, what is remembered of it, and the facts that tell it. */
final class Endings {
    private final AuthRules rules;
    private final AuthFacts facts;

    Endings(AuthRules rules, AuthFacts facts) {
        this.rules = rules;
        this.facts = facts;
    }

    /** An attempt that is refused before anything is asked of CXone. */
    record Refused(
            int attempt,
            Request request,
            Instant sentAt,
            @Nullable String channelId,
            @Nullable Consent consent,
            @Nullable Screening screening) {
        Dimensions dimensions() {
            return dimensionsOf(channelId, screening == null ? Map.of() : screening.accepted());
        }

        Asked asked() {
            return new Asked(
                    request.reading().requestId(),
                    attempt,
                    consent,
                    screening == null
                            ? List.of()
                            : List.copyOf(screening.accepted().keySet()),
                    screening == null ? List.of() : screening.dropped());
        }
    }

    Decision refuse(RequestState state, Refused refused, AuthError error, Instant now) {
        Request request = refused.request();
        String guestId = request.reading().guestId();
        NotAuthenticated result = notAuthenticated(
                request.reading().requestId(),
                refused.attempt(),
                guestId,
                refused.channelId(),
                error,
                refused.sentAt(),
                now);
        Fact fact = facts.notAuthenticated(
                new Cause(request.source(), 0, now, guestId, refused.dimensions()), refused.asked(), result, 0);
        Ended before = state.ended();
        Ended ended = new Ended(
                result,
                before == null ? null : before.requestRef(),
                refused.dimensions(),
                request.source(),
                request.source(),
                before == null ? null : before.late(),
                null,
                kept(fact),
                request.trace());
        return Decision.of(
                new RequestState(null, ended),
                request.trace(),
                new Answer(result),
                new Tell(fact),
                new Wake(now.plus(rules.rememberFor()), WakeKind.LIFE, refused.attempt()));
    }

    Decision succeed(
            RequestState state, Pending pending, AuthOutcome.ConversationCreated created, Source source, Instant now) {
        Late conversation = new Late(
                created.conversationId(), created.expiresAt(), created.httpStatus(), created.contextInjected());
        return succeed(
                pending, created.guestId(), created.requestId(), conversation, created.calls(), source, true, now);
    }

    /** The conversation came after the last attempt's answer; no call is made for this one. */
    Decision succeedFromLate(
            RequestState state, Pending pending, String guestId, String requestId, Late late, Instant now) {
        return succeed(pending, guestId, requestId, late, 0, pending.opening(), false, now);
    }

    private Decision succeed(
            Pending pending,
            String guestId,
            String requestId,
            Late conversation,
            int calls,
            Source source,
            boolean hasTimer,
            Instant now) {
        Dimensions dimensions = dimensionsOf(pending.channelId(), pending.context());
        List<String> contextKeys = List.copyOf(pending.context().keySet());
        Authenticated result = new Authenticated(
                requestId,
                pending.attempt(),
                guestId,
                pending.channelId(),
                conversation.conversationId(),
                conversation.expiresAt(),
                conversation.contextInjected(),
                pending.contextDropped(),
                now,
                latencyMs(pending.sentAt(), now));
        Cause cause = new Cause(source, 0, now, guestId, dimensions);
        List<Output> outputs = new ArrayList<>();
        outputs.add(new Answer(result));
        List<Fact> told = new ArrayList<>();
        told.add(facts.succeeded(
                cause, asked(requestId, pending), pending.consent(), result, conversation.httpStatus(), calls));
        Injection injection = null;
        if (conversation.contextInjected()) {
            // The calls are counted once, by the fact of success.
            told.add(facts.contextInjected(
                    cause, requestId, pending.attempt(), conversation.conversationId(), contextKeys, 0));
        } else if (!pending.context().isEmpty()) {
            injection = new Injection(
                    pending.commandId() + ".context",
                    conversation.conversationId(),
                    contextKeys,
                    now.plus(rules.contextRetryFor()));
            outputs.add(new Issue(new AuthCommand.InjectContext(
                    injection.commandId(),
                    pending.requestRef(),
                    requestId,
                    guestId,
                    pending.attempt(),
                    injection.conversationId(),
                    pending.context(),
                    Openings.effectsDeadline(now, injection.deadline()))));
            outputs.add(new Wake(injection.deadline(), WakeKind.INJECTION, pending.attempt()));
        }
        told.forEach(fact -> outputs.add(new Tell(fact)));
        if (!hasTimer) {
            outputs.add(new Wake(now.plus(rules.rememberFor()), WakeKind.LIFE, pending.attempt()));
        }
        Ended ended = new Ended(
                result,
                pending.requestRef(),
                dimensions,
                pending.opening(),
                source,
                null,
                injection,
                rules.atLeastOnce() ? List.copyOf(told) : List.of(),
                pending.trace());
        return new Decision(new RequestState(null, ended), List.copyOf(outputs), pending.trace());
    }

    Decision fail(RequestState state, Pending pending, AuthOutcome.CallFailed failed, Source source, Instant now) {
        AuthError error = AuthError.of(failed.code(), failed.message(), failed.retryAfterSeconds());
        return fail(pending, failed.guestId(), failed.requestId(), error, failed.calls(), source, 0, now);
    }

    /** The caller's deadline passed without an outcome. */
    Decision expire(RequestKey key, Pending pending, Instant now) {
        AuthError error = AuthError.of(ErrorCode.DEADLINE_EXCEEDED, "CXone had not answered by the deadline", null);
        Decision failed =
                fail(pending, key.guestId(), key.requestId(), error, 0, pending.opening(), pending.attempt(), now);
        List<Output> outputs = new ArrayList<>(failed.outputs());
        outputs.add(new Wake(now.plus(rules.rememberFor()), WakeKind.LIFE, pending.attempt()));
        return new Decision(failed.state(), List.copyOf(outputs), failed.trace());
    }

    private Decision fail(
            Pending pending,
            String guestId,
            String requestId,
            AuthError error,
            int calls,
            Source source,
            long ordinal,
            Instant now) {
        Dimensions dimensions = dimensionsOf(pending.channelId(), pending.context());
        NotAuthenticated result = notAuthenticated(
                requestId, pending.attempt(), guestId, pending.channelId(), error, pending.sentAt(), now);
        Fact fact = facts.notAuthenticated(
                new Cause(source, ordinal, now, guestId, dimensions), asked(requestId, pending), result, calls);
        Ended ended = new Ended(
                result,
                pending.requestRef(),
                dimensions,
                pending.opening(),
                source,
                null,
                null,
                kept(fact),
                pending.trace());
        return Decision.of(new RequestState(null, ended), pending.trace(), new Answer(result), new Tell(fact));
    }

    Tell late(@Nullable Ended ended, AuthOutcome.ConversationCreated created, Source source, Instant now) {
        Dimensions dimensions = ended == null ? new Dimensions(null, null, null) : ended.dimensions();
        return new Tell(facts.late(
                new Cause(source, 0, now, created.guestId(), dimensions),
                created.requestId(),
                ended == null ? 1 : ended.attempt(),
                created.conversationId(),
                created.expiresAt(),
                created.httpStatus(),
                created.calls()));
    }

    Decision contextInjected(
            RequestState state,
            Ended ended,
            Injection injection,
            AuthOutcome.ContextInjected injected,
            Source source,
            Instant now) {
        Fact fact = facts.contextInjected(
                new Cause(source, 0, now, injected.guestId(), ended.dimensions()),
                injected.requestId(),
                ended.attempt(),
                injection.conversationId(),
                injection.contextKeys(),
                injected.calls());
        return Decision.of(new RequestState(state.pending(), ended.withoutInjection()), ended.trace(), new Tell(fact));
    }

    Decision contextFailed(
            RequestState state,
            Ended ended,
            Injection injection,
            ErrorCode code,
            int calls,
            Source source,
            long ordinal,
            Instant now) {
        GuestAuthResult result = ended.result();
        Fact fact = facts.contextFailed(
                new Cause(source, ordinal, now, result.guestId(), ended.dimensions()),
                result.requestId(),
                ended.attempt(),
                injection.conversationId(),
                injection.contextKeys(),
                code,
                calls);
        return Decision.of(new RequestState(state.pending(), ended.withoutInjection()), ended.trace(), new Tell(fact));
    }

    /** Writes again what was written when the attempt ended: the crash may have come before it was. */
    Decision again(RequestState state, Ended ended) {
        List<Output> outputs = new ArrayList<>();
        outputs.add(new Redelivered());
        outputs.add(new AnswerAgain(ended.result()));
        ended.facts().forEach(fact -> outputs.add(new Tell(fact)));
        return new Decision(state, List.copyOf(outputs), ended.trace());
    }

    private List<Fact> kept(Fact fact) {
        return rules.atLeastOnce() ? List.of(fact) : List.of();
    }

    private static NotAuthenticated notAuthenticated(
            String requestId,
            int attempt,
            String guestId,
            @Nullable String channelId,
            AuthError error,
            Instant sentAt,
            Instant now) {
        return new NotAuthenticated(
                requestId, attempt, guestId, channelId, error.code().status(), now, latencyMs(sentAt, now), error);
    }

    private static Asked asked(String requestId, Pending pending) {
        return new Asked(
                requestId,
                pending.attempt(),
                pending.consent(),
                List.copyOf(pending.context().keySet()),
                pending.contextDropped());
    }

    private static Dimensions dimensionsOf(@Nullable String channelId, Map<String, JsonNode> context) {
        return new Dimensions(channelId, text(context.get("segment")), text(context.get("campaign")));
    }

    private static @Nullable String text(@Nullable JsonNode value) {
        if (value == null) {
            return null;
        }
        // A key of the allow-list may be set to longer values than a dimension has, or to none.
        String text = value.asString();
        return text.isEmpty() || text.length() > Dimensions.LONGEST ? null : text;
    }

    private static long latencyMs(Instant sentAt, Instant now) {
        return Math.max(0, Duration.between(sentAt, now).toMillis());
    }
}
