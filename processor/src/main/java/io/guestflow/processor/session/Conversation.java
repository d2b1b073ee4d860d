package io.guestflow.processor.session;

/** What is known of a conversation. */
sealed interface Conversation permits Conversation.Unknown, Held, Live, Ended {
    /** Nothing. */
    Unknown UNKNOWN = new Unknown();

    /** Nothing is known of it, or nothing any more. */
    record Unknown() implements Conversation {}
}
