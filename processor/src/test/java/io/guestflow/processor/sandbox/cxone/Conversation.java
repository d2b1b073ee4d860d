package io.guestflow.processor.sandbox.cxone;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A conversation as the simulator holds it.
 *
 * @param expiresAt when it ends, or ended, unless it was closed before
 * @param closedAt when it was closed; null if it was not
 * @param extensions all of them, in order; beyond the first thousand only the last ones
 * @param injections contexts injected so far
 * @param context the one that was injected last
 */
public record Conversation(
        String id,
        String guestId,
        String channelId,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Instant closedAt,
        List<Extension> extensions,
        int injections,
        Map<String, JsonNode> context) {

    private static final int LOGGED = 1_000;

    static Conversation opened(String id, String guestId, String channelId, Instant now, Instant until) {
        return new Conversation(id, guestId, channelId, now, until, null, List.of(), 0, Map.of());
    }

    /** When it ends, or ended: it is only ever extended while it is open, so it was open all the time until then. */
    public Instant endsAt() {
        return closedAt != null && closedAt.isBefore(expiresAt) ? closedAt : expiresAt;
    }

    /** Whether it was open then; for the future, whether it will be if nobody extends or closes it. */
    public boolean openAt(Instant time) {
        return !time.isBefore(createdAt) && time.isBefore(endsAt());
    }

    /** Whether it is open, or was going to be before the clock was set back. */
    boolean live(Instant now) {
        return now.isBefore(endsAt());
    }

    Conversation extended(Extension extension) {
        List<Extension> log = new ArrayList<>(extensions);
        if (log.size() == LOGGED) {
            log.removeFirst();
        }
        log.add(extension);
        return new Conversation(
                id,
                guestId,
                channelId,
                createdAt,
                extension.expiresAt(),
                closedAt,
                List.copyOf(log),
                injections,
                context);
    }

    Conversation injected(Map<String, JsonNode> values) {
        return new Conversation(
                id, guestId, channelId, createdAt, expiresAt, closedAt, extensions, injections + 1, Map.copyOf(values));
    }

    Conversation expired(Instant now) {
        return new Conversation(id, guestId, channelId, createdAt, now, closedAt, extensions, injections, context);
    }

    Conversation closed(Instant now) {
        return new Conversation(id, guestId, channelId, createdAt, expiresAt, now, extensions, injections, context);
    }
}
