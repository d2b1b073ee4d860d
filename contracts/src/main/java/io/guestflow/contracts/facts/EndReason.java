package io.guestflow.contracts.facts;

/** Why a session ended. */
public enum EndReason {
    /** The guest was idle until its end came. */
    IDLE,
    /** CXone said that the conversation is over. */
    CLOSED_UPSTREAM,
    /** Somebody asked for it, for example because the consent was withdrawn. */
    REVOKED,
    /** The guest's data were erased. */
    ERASED,
    /** CXone did not move its end. */
    REFRESH_FAILED,
    /** CXone has another conversation for the guest. */
    REPLACED_UPSTREAM,
    /** It had lasted as long as a session may. */
    MAX_LIFETIME
}
