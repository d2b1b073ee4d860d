package io.guestflow.processor.session;

import io.guestflow.contracts.facts.Source;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.contracts.session.SessionOutcome;
import java.time.Instant;

/** What a conversation changes by. */
sealed interface SessionInput {
    /** Whom it is for. */
    String conversationId();

    /**
     * Something happened.
     *
     * @param origin the record that the event was made of
     */
    record Event(SessionEvent.OfConversation event, Source origin) implements SessionInput {
        @Override
        public String conversationId() {
            return event.conversationId();
        }
    }

    /** Something came of a command. */
    record Outcome(SessionOutcome outcome, Source source) implements SessionInput {
        @Override
        public String conversationId() {
            return outcome.conversationId();
        }
    }

    /** The time came that a {@link Output.Wake} had asked for. */
    record Woken(String conversationId, WakeKind kind, long generation) implements SessionInput {}

    /**
     * The time came for a look at a live session, but what had been waiting for us is not read yet.
     *
     * @param heldOffUntil when it is looked at in any case
     */
    record Foreseen(String conversationId, long generation, Instant heldOffUntil) implements SessionInput {}
}
