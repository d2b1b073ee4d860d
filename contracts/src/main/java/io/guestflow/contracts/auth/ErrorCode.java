package io.guestflow.contracts.auth;

import static io.guestflow.contracts.auth.AuthStatus.FAILED;
import static io.guestflow.contracts.auth.AuthStatus.REJECTED;

/** Why an attempt did not end in {@link AuthStatus#AUTHENTICATED}: the table of causes. */
public enum ErrorCode {
    /** A field is missing, wrong or too long. */
    INVALID_REQUEST(REJECTED, 400, false),
    /** Consent is missing, refused, from the future, or to a policy we do not know. */
    CONSENT_REQUIRED(REJECTED, 400, false),
    /** A context entry was refused, and the policy is to reject. */
    CONTEXT_NOT_ALLOWED(REJECTED, 400, false),
    /** The channel is not one of ours. */
    CHANNEL_NOT_ALLOWED(REJECTED, 403, false),
    /** CXone forbids it. */
    UPSTREAM_FORBIDDEN(REJECTED, 403, false),
    /** CXone finds the call wrong; calling again would not help. */
    UPSTREAM_REJECTED(FAILED, 502, false),
    /** CXone does not accept our credential or scope. */
    UPSTREAM_UNAUTHORIZED(FAILED, 401, false),
    /** The tenant's limit, CXone's Retry-After or the guest's own pending requests leave no room. */
    RATE_LIMITED(FAILED, 429, true),
    /** CXone failed, timed out or answered with something unreadable until the deadline. */
    UPSTREAM_ERROR(FAILED, 502, true),
    /** CXone has been failing; the circuit breaker is open. */
    UPSTREAM_UNAVAILABLE(FAILED, 503, true),
    /** The caller's deadline passed. */
    DEADLINE_EXCEEDED(FAILED, 504, true);

    private final AuthStatus status;
    private final int httpStatus;
    private final boolean retryable;

    ErrorCode(AuthStatus status, int httpStatus, boolean retryable) {
        this.status = status;
        this.httpStatus = httpStatus;
        this.retryable = retryable;
    }

    /** The status of a result with this code; never {@code AUTHENTICATED}. */
    public AuthStatus status() {
        return status;
    }

    /** What an HTTP front end answers. */
    public int httpStatus() {
        return httpStatus;
    }

    /** Whether the same request can succeed later. */
    public boolean retryable() {
        return retryable;
    }
}
