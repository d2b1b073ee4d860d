package io.guestflow.processor.measure;

import io.guestflow.contracts.cxone.ConversationFigures;
import java.time.Instant;

/** What becomes of a conversation now. */
sealed interface Verdict {
    /** The conversation, with this time counted. */
    Subject subject();

    /** CXone has told its figures. */
    record Measured(Subject subject, ConversationFigures figures) implements Verdict {}

    /** CXone does not have it, and has been asked often enough. */
    record Missing(Subject subject) implements Verdict {}

    /** CXone could not be asked, and it is too late now; or it has refused often enough. */
    record Unanswered(Subject subject) implements Verdict {}

    /** It is asked for again then. */
    record Again(Subject subject, Instant at) implements Verdict {}
}
