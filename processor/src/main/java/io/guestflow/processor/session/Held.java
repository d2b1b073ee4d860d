package io.guestflow.processor.session;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What came for a conversation before its opening, which webhooks can overtake.
 *
 * @param since when the first of it came
 * @param until when it is forgotten
 * @param events how many wait
 * @param tally the messages among them
 * @param closedAt since when CXone has had it closed, by the latest word of it
 * @param revocation if somebody wants it ended
 * @param context what its bot is to be told
 * @param contextDropped the keys of what it was to be told too, for which there was no room
 * @param timer the generation of its timer
 */
record Held(
        Instant since,
        Instant until,
        int events,
        Tally tally,
        RecentEvents recent,
        @Nullable Instant closedAt,
        @Nullable Revocation revocation,
        Map<String, JsonNode> context,
        Set<String> contextDropped,
        long timer)
        implements Conversation {

    /** Nothing yet. */
    static Held nothing(Instant since, Instant until, long timer) {
        return new Held(since, until, 0, Tally.NONE, RecentEvents.NONE, null, null, Map.of(), Set.of(), timer);
    }

    /** One more message. */
    Held seen(Tally counted, RecentEvents now, Instant waitsUntil) {
        return new Held(
                since, waitsUntil, events + 1, counted, now, closedAt, revocation, context, contextDropped, timer);
    }

    Held closed(Instant at, RecentEvents now, Instant waitsUntil) {
        return new Held(
                since,
                waitsUntil,
                events + 1,
                tally,
                now,
                Times.later(closedAt, at),
                revocation,
                context,
                contextDropped,
                timer);
    }

    Held revoked(Revocation by, Instant waitsUntil) {
        return new Held(
                since,
                waitsUntil,
                events + 1,
                tally,
                recent,
                closedAt,
                Revocation.later(revocation, by),
                context,
                contextDropped,
                timer);
    }

    Held withContext(Merged merged, Set<String> droppedByNow, Instant waitsUntil) {
        return new Held(
                since,
                waitsUntil,
                events + 1,
                tally,
                recent,
                closedAt,
                revocation,
                merged.context(),
                droppedByNow,
                timer);
    }

    Held withTimer(long next) {
        return new Held(since, until, events, tally, recent, closedAt, revocation, context, contextDropped, next);
    }
}
