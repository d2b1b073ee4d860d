package io.guestflow.processor.effects.cxone;

import io.guestflow.processor.effects.cxone.CallFailure.Cause;
import io.guestflow.processor.effects.cxone.Meters.Outcome;
import java.time.Duration;

/**
 * What an HTTP answer that is no success means.
 *
 * @param again whether another try may end otherwise
 * @param notBefore the least time until then
 */
record Verdict(Outcome outcome, CallFailure failure, boolean again, Duration notBefore) {

    /** @param aboutConversation whether what may be missing is a conversation */
    static Verdict of(GateAnswer.Answered answered, boolean aboutConversation) {
        int status = answered.status();
        Duration asked = answered.retryAfter() == null ? Duration.ZERO : answered.retryAfter();
        return switch (status) {
            // A second 401 is final; the first one is looked at before it comes here.
            case 401 -> last(Outcome.UNAUTHORIZED, new CallFailure.Unauthorized(CallFailure.Which.SCOPE));
            case 404, 410 ->
                last(
                        Outcome.REJECTED,
                        aboutConversation
                                ? new CallFailure.ConversationGone(status)
                                : new CallFailure.Rejected(status));
            case 403 -> last(Outcome.FORBIDDEN, new CallFailure.Forbidden());
            case 408 ->
                new Verdict(Outcome.TIMEOUT, new CallFailure.UpstreamError(status, Cause.TIMEOUT), true, Duration.ZERO);
            case 429 -> new Verdict(Outcome.RATE_LIMITED, new CallFailure.RateLimited(asked), true, asked);
            default ->
                status >= 500
                        ? new Verdict(
                                Outcome.SERVER_ERROR,
                                new CallFailure.UpstreamError(status, Cause.SERVER_ERROR),
                                true,
                                asked)
                        : last(Outcome.REJECTED, new CallFailure.Rejected(status));
        };
    }

    static Verdict broken(Cause cause) {
        return new Verdict(Outcome.of(cause), new CallFailure.UpstreamError(null, cause), true, Duration.ZERO);
    }

    static Verdict unreadable(int status) {
        return new Verdict(
                Outcome.UNREADABLE, new CallFailure.UpstreamError(status, Cause.UNREADABLE), true, Duration.ZERO);
    }

    /** A token call failed, for all who wait for it; whoever has time left asks again. */
    static Verdict ofToken(CallFailure failure) {
        return switch (failure) {
            case CallFailure.RateLimited(Duration wait) -> new Verdict(Outcome.RATE_LIMITED, failure, true, wait);
            case CallFailure.UpstreamError error ->
                new Verdict(Outcome.of(error.cause()), failure, true, Duration.ZERO);
            default -> last(Outcome.UNAUTHORIZED, failure);
        };
    }

    private static Verdict last(Outcome outcome, CallFailure failure) {
        return new Verdict(outcome, failure, false, Duration.ZERO);
    }
}
