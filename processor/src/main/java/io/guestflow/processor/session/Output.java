package io.guestflow.processor.session;

import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionCommand;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is to be done about a decision. */
sealed interface Output {
    /** Show the session as it is now. */
    record Publish(Session session) implements Output {}

    /** Show it no more. */
    record Retract() implements Output {}

    /**
     * Tell audit and analytics.
     *
     * @param guestPartition where the guest's facts go; null for a conversation whose guest is not known
     */
    record Tell(Fact fact, @Nullable Integer guestPartition) implements Output {}

    /** Have effects do this. */
    record Issue(SessionCommand command) implements Output {}

    /** Look at the conversation again at that time. */
    record Wake(Instant at, WakeKind kind, long generation) implements Output {}

    /** What became of an event; every event has one of these. */
    record Accounted(Fate fate) implements Output {}

    /** Something that an operator wants counted. */
    record Remarked(Remark remark) implements Output {}

    /** What becomes of events. */
    enum Fate {
        /** It counts, though it may change nothing. */
        APPLIED,
        /** It came before. */
        DUPLICATE,
        /** Another one with its id came before; that one counts. */
        CONFLICT,
        /** It tells of a time before the session. */
        IGNORED,
        /** It waits for the opening of its conversation. */
        HELD,
        /** It would have to wait, but too many wait already. */
        REFUSED,
        /** It says nothing that would have to wait for an opening. */
        UNKNOWN,
        /** It came after the end. */
        LATE
    }

    /** What is counted besides. */
    enum Remark {
        /** An idle session is refreshed, because webhooks lag and it may not be idle. */
        REFRESHED_IN_DOUBT,
        /** CXone extended a conversation, but told no later end. */
        END_NOT_TOLD,
        /** A refresh failed, and will be tried again. */
        REFRESH_FAILED,
        /** A refresh failed for good. */
        REFRESH_REFUSED,
        /** An outcome that changes nothing: of a command that was answered, given up, or that nobody knows. */
        STRAY_OUTCOME,
        /** Events waited in vain for the opening of their conversation. */
        HELD_IN_VAIN,
        /** Context updates that came while another was under way had no room together. */
        CONTEXT_DROPPED,
        /** CXone could not be told to end a conversation. */
        CLOSE_FAILED,
        /** A call was answered that the conversation is gone: the session ended without an event that said so. */
        GONE_UPSTREAM
    }
}
