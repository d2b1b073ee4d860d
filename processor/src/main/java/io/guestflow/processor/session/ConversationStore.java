package io.guestflow.processor.session;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The conversations of one task: sessions in one store, events that wait for an opening in another, which is small. All
 * reads are by key.
 *
 * <p>Threading: for the stream thread of the task.
 */
final class ConversationStore {
    static final String LIVE = "session-live";
    static final String HELD = "session-held";

    private final KeyValueStore<Bytes, byte[]> live;
    private final KeyValueStore<Bytes, byte[]> held;
    private int heldCount;

    /** Counts what is held, which is bounded; never sessions. */
    ConversationStore(KeyValueStore<Bytes, byte[]> live, KeyValueStore<Bytes, byte[]> held) {
        this.live = live;
        this.held = held;
        try (KeyValueIterator<Bytes, byte[]> all = held.all()) {
            while (all.hasNext()) {
                all.next();
                heldCount++;
            }
        }
    }

    static Bytes key(String conversationId) {
        return Bytes.wrap(conversationId.getBytes(StandardCharsets.UTF_8));
    }

    /** For how many conversations events wait. */
    int heldCount() {
        return heldCount;
    }

    /** What is known of it. */
    Conversation read(Bytes key) {
        byte[] session = live.get(key);
        if (session != null) {
            return StoredConversation.read(session);
        }
        byte[] waiting = heldCount == 0 ? null : held.get(key);
        return waiting == null ? Conversation.UNKNOWN : StoredConversation.read(waiting);
    }

    /** Writes what has changed. */
    void write(Bytes key, Conversation before, Conversation after) {
        if (before.equals(after)) {
            return;
        }
        boolean wasHeld = before instanceof Held;
        boolean isHeld = after instanceof Held;
        boolean wasSession = before instanceof Live || before instanceof Ended;
        boolean isSession = after instanceof Live || after instanceof Ended;
        if (isSession) {
            live.put(key, StoredConversation.write(after));
        } else if (wasSession) {
            live.delete(key);
        }
        if (isHeld) {
            held.put(key, StoredConversation.write(after));
        } else if (wasHeld) {
            held.delete(key);
        }
        heldCount += (isHeld ? 1 : 0) - (wasHeld ? 1 : 0);
    }
}
