package io.guestflow.processor.effects.cxone;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Why a call failed. */
public sealed interface CallFailure {

    /** CXone answered 403: this guest may not, on this channel. */
    record Forbidden() implements CallFailure {}

    /**
     * CXone will say the same again: 400, 404, 409, 422, another 4xx, a redirect. Also, as 400 and with no call made, a
     * request that cannot be put into HTTP.
     */
    record Rejected(int status) implements CallFailure {}

    /** CXone does not have the conversation any more that the call is about: 404, 410. */
    record ConversationGone(int status) implements CallFailure {}

    /** CXone does not accept us. */
    record Unauthorized(Which which) implements CallFailure {}

    /** What CXone does not accept. */
    enum Which {
        /** The token endpoint refuses client id, secret or scopes. */
        CREDENTIALS,
        /** A new token was issued, and the call refused it. */
        SCOPE
    }

    /** The tenant's or the conversation's limit, or a pause that CXone asked for, reaches past the deadline. */
    record RateLimited(Duration retryAfter) implements CallFailure {}

    /** As many calls for which nobody waits are under way as may be. */
    record NoPlace(Duration retryAfter) implements CallFailure {}

    /**
     * CXone could not answer, until the deadline; whether the call took effect is not known.
     *
     * @param status null when there was none
     */
    record UpstreamError(@Nullable Integer status, Cause cause) implements CallFailure {}

    /** In what way CXone could not answer. */
    enum Cause {
        /** No connection. */
        CONNECT,
        /** No whole answer in time. */
        TIMEOUT,
        /** The connection broke before the answer. */
        RESET,
        /** 5xx. */
        SERVER_ERROR,
        /** An answer that broke off, is over the bound, or is not what the contract says. */
        UNREADABLE
    }

    /** The breaker is open: CXone is not asked. */
    record Unavailable(Duration retryAfter) implements CallFailure {}

    /** There was no time left for a call. */
    record DeadlinePassed() implements CallFailure {}
}
