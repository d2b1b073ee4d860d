package io.guestflow.contracts.alerts;

/** What can be wrong; each is a rate of what happened in a window. */
public enum AlertKind {
    /** Attempts that failed, of all attempts. */
    AUTH_ERROR_RATE,
    /** Sessions that ended because CXone did not move their end, of all refreshes. */
    REFRESH_FAILED,
    /** Sessions that ended because CXone has another conversation for the guest, of all refreshes. */
    REPLACED_UPSTREAM,
    /** Sessions that ended because their refresh was answered that the conversation is gone, of all refreshes. */
    GONE_UPSTREAM
}
