package io.guestflow.processor.effects;

import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.processor.effects.cxone.CallFailure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A failed call as an outcome tells it.
 *
 * @param upstreamStatus CXone's own status, if it answered
 * @param message for a person; names no guest
 * @param retryAfter when it is worth another try, if that is known
 */
record UpstreamFailure(
        ErrorCode code,
        @Nullable Integer upstreamStatus,
        String message,
        @Nullable Duration retryAfter) {
    private static final long MAX_RETRY_AFTER_SECONDS = 3600;

    /** In whole seconds, as it goes into a record. */
    @Nullable
    Integer retryAfterSeconds() {
        return retryAfter == null ? null : seconds(retryAfter);
    }

    /** What an outcome says of it. */
    static UpstreamFailure of(CallFailure failure) {
        return switch (failure) {
            case CallFailure.Forbidden ignored ->
                new UpstreamFailure(ErrorCode.UPSTREAM_FORBIDDEN, 403, "CXone forbids the guest on this channel", null);
            case CallFailure.Rejected rejected ->
                new UpstreamFailure(
                        ErrorCode.UPSTREAM_REJECTED,
                        rejected.status(),
                        "CXone rejects the call with status " + rejected.status(),
                        null);
            case CallFailure.ConversationGone gone ->
                new UpstreamFailure(
                        ErrorCode.UPSTREAM_REJECTED,
                        gone.status(),
                        "CXone does not have the conversation any more: status " + gone.status(),
                        null);
            case CallFailure.Unauthorized unauthorized ->
                switch (unauthorized.which()) {
                    case CREDENTIALS ->
                        new UpstreamFailure(
                                ErrorCode.UPSTREAM_UNAUTHORIZED,
                                null,
                                "CXone's token endpoint refuses the client credential",
                                null);
                    case SCOPE ->
                        new UpstreamFailure(
                                ErrorCode.UPSTREAM_UNAUTHORIZED,
                                401,
                                "CXone refuses a newly issued token: the client lacks the scope",
                                null);
                };
            case CallFailure.RateLimited limited ->
                new UpstreamFailure(
                        ErrorCode.RATE_LIMITED,
                        null,
                        "the tenant's rate limit leaves no room before the deadline",
                        limited.retryAfter());
            case CallFailure.NoPlace full ->
                new UpstreamFailure(
                        ErrorCode.RATE_LIMITED,
                        null,
                        "as many calls for which nobody waits are under way as may be",
                        full.retryAfter());
            case CallFailure.UpstreamError error ->
                new UpstreamFailure(
                        ErrorCode.UPSTREAM_ERROR,
                        error.status(),
                        switch (error.cause()) {
                            case CONNECT -> "CXone could not be connected to";
                            case TIMEOUT -> "CXone did not answer in time";
                            case RESET -> "CXone broke the connection";
                            case SERVER_ERROR -> "CXone failed with status " + error.status();
                            case UNREADABLE -> "CXone's answer could not be read";
                        },
                        null);
            case CallFailure.Unavailable unavailable ->
                new UpstreamFailure(
                        ErrorCode.UPSTREAM_UNAVAILABLE,
                        null,
                        "CXone has been failing and is left alone for a while",
                        unavailable.retryAfter());
            case CallFailure.DeadlinePassed ignored ->
                new UpstreamFailure(ErrorCode.DEADLINE_EXCEEDED, null, "no time was left for a call to CXone", null);
        };
    }

    private static int seconds(Duration wait) {
        return (int) Math.clamp(Math.ceilDiv(wait.toMillis(), 1000L), 1, MAX_RETRY_AFTER_SECONDS);
    }
}
