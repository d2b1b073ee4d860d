package io.guestflow.contracts.session;

/** Where a session is. Only the first two can change. */
public enum SessionState {
    /** Open. */
    ACTIVE,
    /** About to expire, and its guest is idle. */
    EXPIRING,
    /** Ended by time. */
    EXPIRED,
    /** Ended by anything else. */
    CLOSED
}
