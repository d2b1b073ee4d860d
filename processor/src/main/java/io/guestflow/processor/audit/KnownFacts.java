package io.guestflow.processor.audit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;

/**
 * Which facts a partition's chain has already. A window store: it forgets by dropping whole segments, so that a fact costs
 * one entry in its changelog and no tombstone.
 *
 * <p>Threading: for the stream thread of the task.
 */
final class KnownFacts {
    static final String STORE = "audit-known-facts";

    /**
     * How long a fact is remembered. A fact can come again for as long as it lies on {@code guest-facts}: for that
     * topic's retention and one segment, 8 days as it is created. Part of the form of the store: it cannot be changed
     * without a new store.
     */
    static final Duration REMEMBERED = Duration.ofDays(9);

    /** Nothing is looked up by windows: the time is only what is forgotten by. */
    private static final Duration WINDOW = Duration.ofMillis(1);

    /** Not compacted often: an entry is written once, and goes with its segment. */
    private static final Map<String, String> CHANGELOG = Map.of("segment.bytes", "67108864", "segment.ms", "86400000");

    /** That a fact is there is all there is to know. */
    private static final byte[] NOTHING = new byte[0];

    private final WindowStore<Bytes, byte[]> store;

    KnownFacts(WindowStore<Bytes, byte[]> store) {
        this.store = store;
    }

    static StoreBuilder<WindowStore<Bytes, byte[]>> store() {
        return Stores.windowStoreBuilder(
                        Stores.persistentWindowStore(STORE, REMEMBERED, WINDOW, false),
                        Serdes.Bytes(),
                        Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(CHANGELOG);
    }

    /** Whether the chain has that fact, as far back as facts are remembered. */
    boolean has(String factId, long nowMs) {
        try (WindowStoreIterator<byte[]> found =
                store.fetch(key(factId), Math.max(0, nowMs - REMEMBERED.toMillis()), nowMs)) {
            return found.hasNext();
        }
    }

    /**
     * Remembers a fact.
     *
     * @param nowMs never earlier than with the call before: the store takes nothing that is too old for it
     */
    void add(String factId, long nowMs) {
        store.put(key(factId), NOTHING, nowMs);
    }

    private static Bytes key(String factId) {
        return Bytes.wrap(factId.getBytes(StandardCharsets.UTF_8));
    }
}
