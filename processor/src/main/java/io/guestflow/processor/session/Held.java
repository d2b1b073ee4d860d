package io.guestflow.processor.session;

import java.time.Instant;
import java.util.Map;
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
        long timer)
        implements Conversation {

    /** Nothing yet. */
    static Held nothing(Instant since, Instant until, long timer) {
        return new Held(since, until, 0, Tally.NONE, RecentEvents.NONE, null, null, Map.of(), timer);
    }

    /** One more message. */
    Held seen(Tally counted, RecentEvents now, Instant waitsUntil) {
        return new Held(since, waitsUntil, events + 1, counted, now, closedAt, revocation, context, timer);
    }

    Held closed(Instant at, RecentEvents now, Instant waitsUntil) {
        return new Held(since, waitsUntil, events + 1, tally, now, Times.later(closedAt, at), revocation, context, timer);
    }

    Held revoked(Revocation by, Instant waitsUntil) {
        return new Held(
                since, waitsUntil, events + 1, tally, recent, closedAt, Revocation.later(revocation, by), context, timer);
    }

    Held withContext(Map<String, JsonNode> more, Instant waitsUntil) {
        return new Held(
                since, waitsUntil, events + 1, tally, recent, closedAt, revocation, Injections.merged(context, more), timer);
    }

    Held withTimer(long next) {
        return new Held(since, until, events, tally, recent, closedAt, revocation, context, next);
    }
}
