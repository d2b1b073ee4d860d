package io.guestflow.processor.effects.cxone;

import io.guestflow.processor.effects.cxone.CallFailure.Cause;
import io.guestflow.processor.effects.cxone.Meters.Outcome;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Takes a call through as many tries as the deadline and good sense allow: 401 once more with a new token; 5xx, 408 and
 * broken calls after a growing delay; 429 after the pause that CXone asked for; all else is final. Of a circuit that is
 * {@linkplain Circuit#isApart apart} a refused token is believed for a while, see {@link ScopeRefusal}.
 *
 * <p>Threading: any thread.
 */
final class RetryLoop {

    /** One kind of call. */
    interface Call<T> {

        Endpoint endpoint();

        /** The conversation that the call is about; null if it is about none that is known. */
        @Nullable
        String conversationId();

        HttpRequest request(Token token);

        /** What a 2xx answer says; null when it cannot be read. */
        @Nullable
        T read(GateAnswer.Answered answer);

        /** How many answers that cannot be read are enough: one who can wait asks again as often as there is time. */
        default int unreadableAnswers() {
            return Integer.MAX_VALUE;
        }
    }

    /**
     * How far to go for a call.
     *
     * @param deadline of all its tries, waiting included
     * @param longest of one try, from when its turn has come
     * @param once no second try but the one with a new token
     */
    record Bounds(Lane lane, Instant deadline, Duration longest, boolean once) {
        /**
         * How long a call for which nobody waits may wait for its turn: long enough that under full load one turn in
         * twenty comes within it, also where the limit is low.
         */
        static final Duration FOR_A_TURN = Duration.ofSeconds(10);

        /** Until when it may wait for its turn. */
        Instant turnBy(Instant now) {
            Instant latest = now.plus(FOR_A_TURN);
            return lane == Lane.REST && latest.isBefore(deadline) ? latest : deadline;
        }
    }

    private final Gate gate;
    private final TokenCache tokens;
    private final ConversationLimits conversations;
    private final Breaker breaker;
    private final Backoff backoff;
    private final InstantSource clock;
    private final Meters meters;
    private final @Nullable ScopeRefusal refusal;

    /** @param breaker the one that {@code gate} asks */
    RetryLoop(
            Gate gate,
            TokenCache tokens,
            ConversationLimits conversations,
            Breaker breaker,
            Backoff backoff,
            InstantSource clock,
            Meters meters) {
        this.gate = gate;
        this.tokens = tokens;
        this.conversations = conversations;
        this.breaker = breaker;
        this.backoff = backoff;
        this.clock = clock;
        this.meters = meters;
        refusal = breaker.circuit().isApart() ? new ScopeRefusal() : null;
    }

    <T> Answer<T> run(Call<T> call, Bounds bounds) {
        return new Tries<>(call, bounds).run();
    }

    private boolean worthTrying(Instant deadline) {
        return Duration.between(clock.instant(), deadline).compareTo(Gate.WORTH_TRYING) >= 0;
    }

    /** The tries of one call; a step that returns null asks for another try. */
    private final class Tries<T> {
        private final Call<T> call;
        private final Bounds bounds;
        private final Instant deadline;
        private CallFailure last = new CallFailure.DeadlinePassed();
        private int calls;
        private int failures;
        private int unreadable;
        private boolean renewed;
        private boolean hadTurn;
        /** The token that the latest call was made with. */
        private @Nullable Token used;

        Tries(Call<T> call, Bounds bounds) {
            this.call = call;
            this.bounds = bounds;
            deadline = bounds.deadline();
        }

        Answer<T> run() {
            if (refusal != null && refusal.isBelieved(clock.instant())) {
                return failed(new CallFailure.Unauthorized(CallFailure.Which.SCOPE));
            }
            while (worthTrying(deadline)) {
                Answer<T> end = switch (tokens.get(deadline)) {
                    case TokenAnswer.None(CallFailure failure) -> after(Verdict.ofToken(failure));
                    case TokenAnswer.Issued _ -> attempt();
                };
                if (end != null) {
                    return end;
                }
            }
            return failed(last);
        }

        private @Nullable Answer<T> attempt() {
            String about = call.conversationId();
            Duration wait = about == null ? Duration.ZERO : conversations.untilNext(about);
            if (wait.isPositive()) {
                return afterTheLimit(wait);
            }
            return switch (gate.call(bounds, hadTurn, this::ready)) {
                case GateAnswer.Unready _ -> {
                    hadTurn = true;
                    yield null;
                }
                case GateAnswer.Paused(Duration left) ->
                    after(new Verdict(Outcome.RATE_LIMITED, new CallFailure.RateLimited(left), true, left));
                case GateAnswer.Held(CallFailure.DeadlinePassed _) -> failed(last);
                case GateAnswer.Held(CallFailure failure) -> failed(failure);
                case GateAnswer.Broken(Cause cause, long nanos) -> {
                    hadTurn = false;
                    calls++;
                    meters.call(call.endpoint(), Outcome.of(cause), nanos);
                    yield after(Verdict.broken(cause));
                }
                case GateAnswer.Answered answered -> {
                    hadTurn = false;
                    calls++;
                    yield judge(answered);
                }
            };
        }

        /** Asked when the turn has come: the token that was there before the wait may have expired in it. */
        private @Nullable HttpRequest ready() {
            used = tokens.serving();
            String about = call.conversationId();
            if (used != null && about != null) {
                conversations.called(about);
            }
            return used == null ? null : call.request(used);
        }

        /** Waits until the conversation may be called about again. */
        private @Nullable Answer<T> afterTheLimit(Duration wait) {
            last = new CallFailure.RateLimited(wait);
            if (bounds.once() || !worthTrying(deadline.minus(wait))) {
                return failed(last);
            }
            return breaker.rest(wait) ? null : failed(gate.unavailable());
        }

        private @Nullable Answer<T> judge(GateAnswer.Answered answered) {
            int status = answered.status();
            T value = answered.success() ? call.read(answered) : null;
            if (value != null) {
                meters.call(call.endpoint(), Outcome.SUCCESS, answered.nanos());
                if (refusal != null) {
                    refusal.accepted(renewed);
                }
                return new Answer.Success<>(value, status, calls);
            }
            Verdict verdict = answered.success()
                    ? Verdict.unreadable(status)
                    : Verdict.of(answered, call.conversationId() != null);
            meters.call(call.endpoint(), verdict.outcome(), answered.nanos());
            if (status == 401) {
                if (used != null && !renewed && renew(used)) {
                    renewed = true;
                    meters.retry(call.endpoint());
                    return null;
                }
                if (refusal != null) {
                    refusal.refused(clock.instant());
                }
            }
            return after(verdict);
        }

        /** Sees to it that the next try has another token than the one refused; false if that one must stay. */
        private boolean renew(Token refused) {
            if (refusal != null) {
                return refusal.renew(refused, tokens, clock.instant());
            }
            tokens.drop(refused);
            return true;
        }

        private @Nullable Answer<T> after(Verdict verdict) {
            last = verdict.failure();
            Duration delay = verdict.notBefore();
            boolean enough = verdict.outcome() == Outcome.UNREADABLE && ++unreadable >= call.unreadableAnswers();
            if (bounds.once() || enough || !verdict.again()) {
                return failed(last);
            }
            Duration backedOff = backoff.delay(failures++);
            if (delay.compareTo(backedOff) < 0) {
                delay = backedOff;
            }
            if (!worthTrying(deadline.minus(delay))) {
                return failed(last);
            }
            meters.retry(call.endpoint());
            return breaker.rest(delay) ? null : failed(gate.unavailable());
        }

        private Answer<T> failed(CallFailure failure) {
            return new Answer.Failure<>(failure, calls);
        }
    }
}
