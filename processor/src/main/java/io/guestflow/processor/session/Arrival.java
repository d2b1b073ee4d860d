package io.guestflow.processor.session;

import io.guestflow.contracts.session.SessionEvent.Mark;
import io.guestflow.processor.wire.Trace;

/** What a reader hands on. */
sealed interface Arrival {
    /** For one conversation; what it leads to carries the trace. */
    record OfConversation(SessionInput input, Trace trace) implements Arrival {}

    /** For all of the task's. */
    record OfMark(Mark mark) implements Arrival {}
}
