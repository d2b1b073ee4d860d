package io.guestflow.processor.auth;

import io.guestflow.contracts.auth.AuthError;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.contracts.auth.GuestAuthResult.NotAuthenticated;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.auth.AuthInput.Request;
import io.guestflow.processor.auth.Decision.Output;
import io.guestflow.processor.auth.Decision.Output.Answer;
import io.guestflow.processor.auth.Decision.Output.AnswerAgain;
import io.guestflow.processor.auth.Decision.Output.Redelivered;
import io.guestflow.processor.auth.Decision.Output.Store;
import io.guestflow.processor.auth.Decision.Output.Tell;
import io.guestflow.processor.auth.Decision.Output.Wake;
import io.guestflow.processor.auth.Decision.WakeKind;
import io.guestflow.processor.auth.Ended.Late;
import io.guestflow.processor.facts.AuthFacts;
import io.guestflow.processor.facts.AuthFacts.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ends: the result, what is remembered of it, and the facts that tell it.
 *
 * <p>Under at-least-once a crash may lose the end and leave the result. What a record led to, the record leads to again
 * when it is redelivered, but the two must be equal: so results bear the time of what decided them and not that of the
 * processing. What a timer or the guest's other requests decided may be decided otherwise after the crash: such an end is
 * stored first and told later.
 */
final class Endings {
    /** What was written so long ago is stored: the thread has committed since. */
    static final Duration STORED_WITHIN = Duration.ofMillis(200);
    /** The same, where nobody waits. */
    static final Duration SETTLED_WITHIN = Duration.ofSeconds(5);

    private final AuthRules rules;
    private final AuthFacts facts;
    private final Injections injections;

    Endings(AuthRules rules, AuthFacts facts, Injections injections) {
        this.rules = rules;
        this.facts = facts;
        this.injections = injections;
    }

    /** @param at when that was decided */
    Decision refuse(RequestState state, Refused refused, AuthError error, Instant at) {
        Request request = refused.request();
        String guestId = request.reading().guestId();
        NotAuthenticated result = ResultParts.notAuthenticated(
                request.reading().requestId(),
                refused.attempt(),
                guestId,
                refused.channelId(),
                error,
                refused.sentAt(),
                at);
        Fact fact = facts.notAuthenticated(
                new Cause(request.source(), 0, at, guestId, refused.dimensions()), refused.asked(), result, 0);
        Ended before = state.ended();
        Ended ended = new Ended(
                result,
                before == null ? null : before.requestRef(),
                refused.dimensions(),
                request.source(),
                request.source(),
                before == null ? null : before.late(),
                null,
                List.of(fact),
                request.trace());
        return Decision.of(state.with(kept(ended)), request.trace(), new Answer(result), new Tell(fact), forget(ended));
    }

    /** An attempt that is refused because of what else the guest is waiting for. */
    Decision refuseForOthers(
            RequestState state, Pending attempt, RequestReading reading, AuthError error, Instant now) {
        Ended failed = failed(attempt, reading.guestId(), reading.requestId(), error, 0, attempt.opening(), 0, now);
        Ended before = state.ended();
        Ended ended = before == null ? failed : failed.withLate(before.late());
        return rules.atLeastOnce()
                ? storeFirst(state, attempt, ended, now)
                : told(state.end(attempt, kept(ended), false), ended, forget(ended));
    }

    Decision succeed(
            RequestState state, Pending pending, AuthOutcome.ConversationCreated created, Source source, Instant now) {
        Late conversation = new Late(
                created.conversationId(), created.expiresAt(), created.httpStatus(), created.contextInjected());
        Succeeded told = new Succeeded(
                created.guestId(), created.requestId(), conversation, created.calls(), source, at(created, now));
        return succeed(state, pending, told, true, now);
    }

    /** The conversation came after the last attempt's answer; no call is made for this one. */
    Decision succeedFromLate(RequestState state, Pending pending, RequestReading reading, Late late, Instant now) {
        Instant at = rules.atLeastOnce() ? pending.sentAt() : now;
        return succeed(
                state,
                pending,
                new Succeeded(reading.guestId(), reading.requestId(), late, 0, pending.opening(), at),
                false,
                now);
    }

    private record Succeeded(
            String guestId, String requestId, Late conversation, int calls, Source source, Instant at) {}

    private Decision succeed(RequestState state, Pending pending, Succeeded success, boolean wasPending, Instant now) {
        String guestId = success.guestId();
        String requestId = success.requestId();
        Late conversation = success.conversation();
        Dimensions dimensions = ResultParts.dimensionsOf(pending.channelId(), pending.context());
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
                success.at(),
                ResultParts.latencyMs(pending.sentAt(), success.at()));
        Cause cause = new Cause(success.source(), 0, success.at(), guestId, dimensions);
        List<Output> outputs = new ArrayList<>();
        outputs.add(new Answer(result));
        List<Fact> told = new ArrayList<>();
        told.add(facts.succeeded(
                cause,
                ResultParts.asked(requestId, pending),
                pending.consent(),
                result,
                conversation.httpStatus(),
                success.calls()));
        Injection injection = null;
        if (conversation.contextInjected()) {
            // The calls are counted once, by the fact of success.
            told.add(facts.contextInjected(
                    cause, requestId, pending.attempt(), conversation.conversationId(), contextKeys, 0));
        } else if (!pending.context().isEmpty()) {
            injection = injections.begin(pending, conversation.conversationId(), now);
        }
        told.forEach(fact -> outputs.add(new Tell(fact)));
        Ended ended = new Ended(
                result,
                pending.requestRef(),
                dimensions,
                pending.opening(),
                success.source(),
                null,
                injection,
                List.copyOf(told),
                pending.trace());
        if (injection != null) {
            outputs.addAll(injections.outputs(ended, injection, now));
        }
        if (!wasPending) {
            outputs.add(forget(ended));
        }
        RequestState after =
                wasPending ? state.end(pending, kept(ended), rules.atLeastOnce()) : state.with(kept(ended));
        return new Decision(after, List.copyOf(outputs), pending.trace());
    }

    Decision fail(RequestState state, Pending pending, AuthOutcome.CallFailed failed, Source source, Instant now) {
        AuthError error = AuthError.of(failed.code(), failed.message(), failed.retryAfterSeconds());
        Ended ended = failed(
                pending, failed.guestId(), failed.requestId(), error, failed.calls(), source, 0, at(failed, now));
        return told(state.end(pending, kept(ended), rules.atLeastOnce()), ended);
    }

    /** The caller's deadline passed without an outcome. */
    Decision expire(RequestState state, RequestKey key, Pending pending, Instant now) {
        AuthError error = AuthError.of(ErrorCode.DEADLINE_EXCEEDED, "CXone had not answered by the deadline", null);
        Ended ended =
                failed(pending, key.guestId(), key.requestId(), error, 0, pending.opening(), pending.attempt(), now);
        return rules.atLeastOnce()
                ? storeFirst(state, pending, ended, now)
                : told(state.end(pending, kept(ended), false), ended, forget(ended));
    }

    private static Decision storeFirst(RequestState state, Pending attempt, Ended ended, Instant now) {
        return Decision.of(
                state.end(attempt, ended, true),
                ended.trace(),
                new Store(),
                new Wake(now.plus(STORED_WITHIN), WakeKind.LIFE, ended.attempt()));
    }

    /** Tells an end that was stored before it was told. */
    Decision tellStored(RequestState state, Ended ended, Instant now) {
        return told(state, ended, new Wake(now.plus(SETTLED_WITHIN), WakeKind.LIFE, ended.attempt()));
    }

    private static Decision told(RequestState state, Ended ended, Output... more) {
        List<Output> outputs = new ArrayList<>();
        outputs.add(new Answer(ended.result()));
        ended.facts().forEach(fact -> outputs.add(new Tell(fact)));
        outputs.addAll(List.of(more));
        return new Decision(state, List.copyOf(outputs), ended.trace());
    }

    private Ended failed(
            Pending pending,
            String guestId,
            String requestId,
            AuthError error,
            int calls,
            Source source,
            long ordinal,
            Instant at) {
        Dimensions dimensions = ResultParts.dimensionsOf(pending.channelId(), pending.context());
        NotAuthenticated result = ResultParts.notAuthenticated(
                requestId, pending.attempt(), guestId, pending.channelId(), error, pending.sentAt(), at);
        Fact fact = facts.notAuthenticated(
                new Cause(source, ordinal, at, guestId, dimensions),
                ResultParts.asked(requestId, pending),
                result,
                calls);
        return new Ended(
                result,
                pending.requestRef(),
                dimensions,
                pending.opening(),
                source,
                null,
                null,
                List.of(fact),
                pending.trace());
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

    /** Writes again what was written when the attempt ended: the crash may have come before it was. */
    Decision again(RequestState state, Ended ended) {
        List<Output> outputs = new ArrayList<>();
        outputs.add(new Redelivered());
        outputs.add(new AnswerAgain(ended.result()));
        ended.facts().forEach(fact -> outputs.add(new Tell(fact)));
        outputs.add(forget(ended));
        Injection injection = ended.injection();
        if (injection != null) {
            outputs.add(Injections.wake(ended, injection));
        }
        return new Decision(state.tidy(), List.copyOf(outputs), ended.trace());
    }

    /** Writes again what was told when that record came, if it has. */
    List<Output> toldOf(Ended ended, Source source) {
        List<Output> outputs = new ArrayList<>();
        for (Fact fact : ended.facts()) {
            if (fact.source().equals(source)) {
                outputs.add(new Tell(fact));
            }
        }
        if (!outputs.isEmpty()) {
            outputs.addFirst(new Redelivered());
        }
        return List.copyOf(outputs);
    }

    /** When it need not be remembered any more. */
    Instant forgetAt(Ended ended) {
        Instant forgetAt = ended.result().completedAt().plus(rules.rememberFor());
        Injection injection = ended.injection();
        if (injection == null) {
            return forgetAt;
        }
        Instant afterIt = injection.deadline().plus(SETTLED_WITHIN);
        return forgetAt.isBefore(afterIt) ? afterIt : forgetAt;
    }

    private Wake forget(Ended ended) {
        return new Wake(forgetAt(ended), WakeKind.LIFE, ended.attempt());
    }

    /** As it is remembered: its facts are told a second time only under at-least-once. */
    private Ended kept(Ended ended) {
        return rules.atLeastOnce() ? ended : ended.withoutFacts();
    }

    private Instant at(AuthOutcome outcome, Instant now) {
        return rules.atLeastOnce() ? outcome.completedAt() : now;
    }
}
