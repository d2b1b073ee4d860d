package io.guestflow.processor.alerts;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The channels that have alerts of their own: those that are configured, or, where any is served, those that CXone has
 * served a guest in. A request can name any channel: a name that was made up opens nothing.
 *
 * <p>Threading: one for a task, on its stream thread.
 */
final class KnownChannels {
    /** The first byte of its keys; others have others in the same store. */
    static final byte KIND = 'c';

    /** Of a channel that was served so lately no later time is kept. */
    private static final Duration SERVED_LATELY = Duration.ofHours(1);
    /** A channel in which nobody was served for so long gives way to one in which somebody is. */
    private static final Duration QUIET = Duration.ofDays(1);

    private final KeyValueStore<Bytes, byte[]> store;
    private final Set<String> configured;
    private final int most;
    /** When a guest was last served there. */
    private final Map<String, Long> servedMs = new HashMap<>();

    /** Those in a store that has just been initialised. */
    KnownChannels(KeyValueStore<Bytes, byte[]> store, AlertRules rules) {
        this.store = store;
        this.configured = rules.channels();
        this.most = rules.channelsMost();
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> entry = all.next();
                byte[] key = entry.key.get();
                if (key[0] == KIND) {
                    servedMs.put(
                            new String(key, 1, key.length - 1, StandardCharsets.UTF_8),
                            ByteBuffer.wrap(entry.value).getLong());
                }
            }
        }
    }

    /**
     * Whether what happens in a channel has a scope of its own.
     *
     * @param served whether it tells that CXone serves guests there
     */
    boolean have(String channelId, boolean served, long nowMs) {
        if (!configured.isEmpty()) {
            return configured.contains(channelId);
        }
        Long before = servedMs.get(channelId);
        if (before == null) {
            return served && open(channelId, nowMs);
        }
        if (served && nowMs - before > SERVED_LATELY.toMillis()) {
            keep(channelId, nowMs);
        }
        return true;
    }

    private boolean open(String channelId, long nowMs) {
        if (servedMs.size() >= most) {
            var quietest = servedMs.entrySet().stream().min(Comparator.comparingLong(Map.Entry::getValue));
            if (quietest.isEmpty() || nowMs - quietest.get().getValue() < QUIET.toMillis()) {
                return false;
            }
            String name = quietest.get().getKey();
            store.delete(key(name));
            servedMs.remove(name);
        }
        keep(channelId, nowMs);
        return true;
    }

    private void keep(String channelId, long nowMs) {
        store.put(key(channelId), ByteBuffer.allocate(Long.BYTES).putLong(nowMs).array());
        servedMs.put(channelId, nowMs);
    }

    private static Bytes key(String channelId) {
        byte[] name = channelId.getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(
                ByteBuffer.allocate(1 + name.length).put(KIND).put(name).array());
    }
}
