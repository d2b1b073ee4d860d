package io.guestflow.processor.sandbox.webhooks;

/** What a webhook tells. */
public enum Happening {
    /** The conversation began. */
    STARTED,
    /** The guest wrote. */
    INBOUND,
    /** An agent's or a bot's message left: the first of two events for it, where the shape has two. */
    OUTBOUND_SENT,
    /** The same message was stored: the second event for it. */
    OUTBOUND_CREATED,
    /** The conversation rests; more may come. */
    RESOLVED,
    /** The conversation is over. */
    CLOSED,
    /** The guest's browser went away, which ends nothing. */
    DISCONNECTED;

    /** Whether it is a message from the guest, which is what keeps a session alive. */
    public boolean isActivity() {
        return this == INBOUND;
    }
}
