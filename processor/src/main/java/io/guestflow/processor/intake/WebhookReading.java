package io.guestflow.processor.intake;

import io.guestflow.contracts.session.SessionEvent;
import java.util.List;

/** What a webhook turned out to be, if it could be read at all. */
sealed interface WebhookReading {
    /** Its type, or {@link EventTypes#OTHER}: of as many values as there are known types, so that it can be a tag. */
    String type();

    /**
     * It tells something that a session must know.
     *
     * @param events one or two, for the same conversation
     * @param timesReplaced how many of its times cannot be true
     */
    record Told(String type, List<SessionEvent.OfWebhook> events, int timesReplaced) implements WebhookReading {}

    /** Its type is known, and there is a reason not to pass it on. */
    record Ignored(String type, Reason reason) implements WebhookReading {}

    /** Its type is not known. */
    record Unknown() implements WebhookReading {
        @Override
        public String type() {
            return EventTypes.OTHER;
        }
    }

    /** Why a webhook is not passed on. */
    enum Reason {
        /** It is of a channel that is not ours. */
        CHANNEL,
        /** It names no conversation. */
        NO_CONVERSATION,
        /** It is a message that does not say from whom to whom. */
        NO_DIRECTION,
        /** Nothing that it says is a session's business. */
        NOTHING_TOLD
    }
}
