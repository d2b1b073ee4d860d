package io.guestflow.contracts.audit;

/** What happened. */
public enum AuditEvent {
    /** A guest was authenticated. */
    AUTH_SUCCEEDED,
    /** A request that may not be served. */
    AUTH_REJECTED,
    /** A request that could not be served. */
    AUTH_FAILED,
    /** CXone has a conversation that answered nobody. */
    AUTH_LATE,
    /** The bot of a conversation was given context. */
    CONTEXT_INJECTED,
    /** The bot of a conversation was not given context, and will not be. */
    CONTEXT_FAILED,
    /** A session began. */
    SESSION_OPENED,
    /** A session's end was moved. */
    SESSION_REFRESHED,
    /** A session will end soon: its guest is idle. */
    SESSION_EXPIRING,
    /** A session ended. */
    SESSION_ENDED,
    /** A conversation whose events came first has a guest now. */
    GUEST_LINKED,
    /** CXone was asked for its own figures of a conversation that had ended. */
    CONVERSATION_MEASURED,
    /** A guest's data were erased. Not written yet; a reader takes it. */
    ERASED
}
