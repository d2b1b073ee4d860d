package io.guestflow.processor.sandbox.webhooks;

/** What becomes of a conversation in a {@link WebhookPlan}. */
public enum Role {
    /** The guest writes all the time. */
    CHATS,
    /** The guest writes for a while, and then no more. */
    GOES_QUIET,
    /** The guest writes for a while, and then the conversation is closed. */
    CLOSES,
    /** Nothing is ever heard of it. */
    SILENT
}
