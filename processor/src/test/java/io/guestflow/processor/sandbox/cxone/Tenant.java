package io.guestflow.processor.sandbox.cxone;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The tenant's data: conversations, guests, idempotency keys. Each map forgets its oldest entries beyond a bound, so
 * that a demo may run for days.
 *
 * <p>Threading: any thread; one lock, held for a few map operations.
 */
final class Tenant {

    private static final int REMEMBERED = 1_000_000;

    /** A conversation, and whether this call opened it. */
    record Opened(Conversation conversation, boolean fresh) {}

    private final Map<String, Conversation> conversations = bounded();
    private final Map<String, String> liveByGuest = bounded();
    private final Map<String, Guest> guests = bounded();
    private final Map<String, String> conversationByKey = bounded();
    private final Map<String, Integer> callsByKey = bounded();
    private long numbered;

    synchronized Opened open(
            String guestId, String channelId, @Nullable String key, Instant now, Duration lifetime, boolean extend) {
        String repeated = key == null ? null : conversationByKey.get(key);
        if (repeated != null) {
            Conversation known = conversations.get(repeated);
            if (known != null) {
                return new Opened(known, false);
            }
        }
        String guestAndChannel = guestId + '\n' + channelId;
        String live = liveByGuest.get(guestAndChannel);
        Conversation current = live == null ? null : conversations.get(live);
        Opened opened;
        if (extend && current != null && current.live(now)) {
            opened = new Opened(current.extended(now.plus(lifetime)), false);
        } else {
            String id = "conv-" + Long.toString(++numbered, 36);
            opened =
                    new Opened(new Conversation(id, guestId, channelId, now, now.plus(lifetime), 0, 0, Map.of()), true);
            liveByGuest.put(guestAndChannel, id);
            guests.put(guestId, guests.getOrDefault(guestId, Guest.UNSEEN).opened());
        }
        conversations.put(opened.conversation.id(), opened.conversation);
        if (key != null) {
            conversationByKey.put(key, opened.conversation.id());
        }
        return opened;
    }

    synchronized @Nullable Conversation conversation(String id) {
        return conversations.get(id);
    }

    /** Ends the conversation at once, as an agent or CXone itself would. */
    synchronized void expire(String id, Instant now) {
        conversations.computeIfPresent(
                id,
                (same, c) -> new Conversation(
                        same,
                        c.guestId(),
                        c.channelId(),
                        c.createdAt(),
                        now,
                        c.extensions(),
                        c.injections(),
                        c.context()));
    }

    synchronized @Nullable Conversation inject(String id, Map<String, JsonNode> context) {
        return conversations.computeIfPresent(id, (same, conversation) -> conversation.injected(context));
    }

    synchronized void countKey(String key) {
        callsByKey.merge(key, 1, Integer::sum);
    }

    synchronized int callsWithKey(String key) {
        return callsByKey.getOrDefault(key, 0);
    }

    synchronized Map<String, Integer> callsByKey() {
        return new HashMap<>(callsByKey);
    }

    synchronized void countGuest(String guestId, long serviceNanos) {
        guests.put(guestId, guests.getOrDefault(guestId, Guest.UNSEEN).called(serviceNanos));
    }

    synchronized Guest guest(String guestId) {
        return guests.getOrDefault(guestId, Guest.UNSEEN);
    }

    synchronized Map<String, Guest> guests() {
        return new HashMap<>(guests);
    }

    synchronized List<Conversation> conversations() {
        return new ArrayList<>(conversations.values());
    }

    /** Forgets what was counted; conversations and idempotency keys live on. */
    synchronized void resetCounts() {
        guests.clear();
        callsByKey.clear();
    }

    private static <V> Map<String, V> bounded() {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > REMEMBERED;
            }
        };
    }
}
