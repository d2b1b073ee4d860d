package io.guestflow.contracts.facts;

/** What came of asking CXone for its figures of a conversation. */
public enum Measurement {
    /** CXone told them. */
    MEASURED,
    /** CXone answered, and did not have the conversation, as often as it was asked. */
    MISSING,
    /**
     * CXone could not be asked for as long as it was worth it, or refused to tell as often as it was asked, or was not asked
     * because too many were waiting.
     */
    UNANSWERED
}
