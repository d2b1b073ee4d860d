package io.guestflow.contracts.alerts;

/** Where an alert is. */
public enum AlertState {
    /** It is so now. */
    FIRING,
    /** It was so, and is no more. */
    RESOLVED
}
