package io.guestflow.contracts.auth;

/** How an attempt to authenticate ended. */
public enum AuthStatus {
    /** CXone has a conversation for the guest. */
    AUTHENTICATED,
    /** The request may not be served: the same request will never succeed. */
    REJECTED,
    /** The request could not be served. */
    FAILED
}
