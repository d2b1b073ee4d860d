package io.guestflow.processor.session;

import io.guestflow.contracts.facts.EndReason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session that has ended, remembered so that what comes late is known to be late.
 *
 * @param upstreamUntil how long CXone keeps the conversation of a session that was ended here only
 * @param closeCommandId of the call that ends it there, while it is awaited
 * @param closedAt since when CXone has had it closed, if that came after the end: it can mean the next life
 * @param revocation what ended it, or came after the end: it can mean the next life
 * @param activeAfter when the guest was active after the end: that is the next life's
 * @param timer the generation of the timer that forgets it
 */
record Ended(
        Opening opening,
        Terms terms,
        Tally tally,
        RecentEvents recent,
        Instant endedAt,
        EndReason reason,
        @Nullable Instant upstreamUntil,
        @Nullable String closeCommandId,
        @Nullable Instant closedAt,
        @Nullable Revocation revocation,
        @Nullable Instant activeAfter,
        long timer)
        implements Conversation {

    Ended withMessages(Tally counted, RecentEvents now) {
        return new Ended(
                opening,
                terms,
                counted,
                now,
                endedAt,
                reason,
                upstreamUntil,
                closeCommandId,
                closedAt,
                revocation,
                activeAfter,
                timer);
    }

    /** The guest was active when the session was over. */
    Ended activeAt(Instant at) {
        return new Ended(
                opening,
                terms,
                tally,
                recent,
                endedAt,
                reason,
                upstreamUntil,
                closeCommandId,
                closedAt,
                revocation,
                Times.later(activeAfter, at),
                timer);
    }

    Ended closed(Instant at, RecentEvents now) {
        return new Ended(
                opening,
                terms,
                tally,
                now,
                endedAt,
                reason,
                upstreamUntil,
                closeCommandId,
                Times.later(closedAt, at),
                revocation,
                activeAfter,
                timer);
    }

    Ended revoked(Revocation by) {
        return new Ended(
                opening,
                terms,
                tally,
                recent,
                endedAt,
                reason,
                upstreamUntil,
                closeCommandId,
                closedAt,
                Revocation.later(revocation, by),
                activeAfter,
                timer);
    }

    /** CXone was told to end it; if it did not, it keeps it until then. */
    Ended closeAnswered(@Nullable Instant until) {
        return new Ended(
                opening, terms, tally, recent, endedAt, reason, until, null, closedAt, revocation, activeAfter, timer);
    }
}
