package io.guestflow.contracts.session;

/** A conversation's status, in CXone's words. */
public enum ConversationStatus {
    /** Just begun. */
    NEW,
    /** Being handled. */
    OPEN,
    /** Waits for the guest. */
    PENDING,
    /** Handed on. */
    ESCALATED,
    /** Done, as the agent sees it; it may open again. */
    RESOLVED,
    /** Over. */
    CLOSED,
    /** Thrown away. */
    TRASHED,
    /** One that this version does not know. */
    UNKNOWN
}
