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

    /** What a create call came to. */
    enum Came {
        OPENED,
        EXTENDED,
        /** The same idempotency key has been answered before. */
        REPEATED
    }

    /** A conversation, and what this call did to it. */
    record Opened(Conversation conversation, Came came) {}

    /**
     * What a create call does to a guest's live conversation.
     *
     * @param extending whether it extends it; otherwise it opens another one beside it
     * @param replacing whether it ends it and opens another one, although it is live
     */
    record OnRepeat(boolean extending, boolean replacing) {}

    private final Map<String, Conversation> conversations = bounded();
    private final Map<String, String> liveByGuest = bounded();
    private final Map<String, Guest> guests = bounded();
    private final Map<String, String> conversationByKey = bounded();
    private final Map<String, Integer> callsByKey = bounded();
    private final Map<String, Integer> messages = bounded();
    private long numbered;
    private long opened;
    private long extended;

    synchronized Opened open(
            String guestId, String channelId, @Nullable String key, Instant now, Duration lifetime, OnRepeat onRepeat) {
        String repeated = key == null ? null : conversationByKey.get(key);
        if (repeated != null) {
            Conversation known = conversations.get(repeated);
            if (known != null) {
                return new Opened(known, Came.REPEATED);
            }
        }
        Conversation live = liveOf(guestId, channelId, now);
        Opened answer;
        if (live != null && onRepeat.extending && !onRepeat.replacing) {
            extended++;
            answer = new Opened(live.extended(new Extension(now, now.plus(lifetime), key)), Came.EXTENDED);
        } else {
            if (live != null && onRepeat.replacing) {
                conversations.put(live.id(), live.closed(now));
            }
            String id = "conv-" + Long.toString(++numbered, 36);
            answer = new Opened(Conversation.opened(id, guestId, channelId, now, now.plus(lifetime)), Came.OPENED);
            opened++;
            liveByGuest.put(guestAndChannel(guestId, channelId), id);
            guests.put(guestId, guests.getOrDefault(guestId, Guest.UNSEEN).opened());
        }
        conversations.put(answer.conversation.id(), answer.conversation);
        if (key != null) {
            conversationByKey.put(key, answer.conversation.id());
        }
        return answer;
    }

    private @Nullable Conversation liveOf(String guestId, String channelId, Instant now) {
        String id = liveByGuest.get(guestAndChannel(guestId, channelId));
        Conversation current = id == null ? null : conversations.get(id);
        return current != null && current.live(now) ? current : null;
    }

    /** Takes over a conversation that somebody else has opened, as the guest's live one. */
    synchronized void adopt(Conversation conversation) {
        conversations.put(conversation.id(), conversation);
        liveByGuest.put(guestAndChannel(conversation.guestId(), conversation.channelId()), conversation.id());
    }

    private static String guestAndChannel(String guestId, String channelId) {
        return guestId + '\n' + channelId;
    }

    synchronized @Nullable Conversation conversation(String id) {
        return conversations.get(id);
    }

    /** Lets the conversation run out at once; null = there is none. */
    synchronized @Nullable Conversation expire(String id, Instant now) {
        return conversations.computeIfPresent(id, (same, conversation) -> conversation.expired(now));
    }

    /** Closes the conversation, as an agent would or the close call does; null = there is none. */
    synchronized @Nullable Conversation close(String id, Instant now) {
        return conversations.computeIfPresent(id, (same, conversation) -> conversation.closed(now));
    }

    synchronized @Nullable Conversation inject(String id, Map<String, JsonNode> context) {
        return conversations.computeIfPresent(id, (same, conversation) -> conversation.injected(context));
    }

    /** So many messages were written in the conversation. */
    synchronized void wrote(String id, int count) {
        messages.merge(id, count, Integer::sum);
    }

    synchronized int messages(String id) {
        return messages.getOrDefault(id, 0);
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

    synchronized int openAt(Instant time) {
        return (int) conversations.values().stream()
                .filter(conversation -> conversation.openAt(time))
                .count();
    }

    /** Conversations opened since the last {@link #resetCounts}. */
    synchronized long opened() {
        return opened;
    }

    /** Extensions made since the last {@link #resetCounts}. */
    synchronized long extended() {
        return extended;
    }

    /** Forgets what was counted; conversations and idempotency keys live on. */
    synchronized void resetCounts() {
        opened = 0;
        extended = 0;
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
