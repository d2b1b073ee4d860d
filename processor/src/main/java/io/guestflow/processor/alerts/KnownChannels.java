package io.guestflow.processor.alerts;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
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
    /** None gives way before: looking at all of them for each strange channel would take too long. */
    private long noneGivesWayBeforeMs;

    /** Those in a store that has just been initialised. */
    KnownChannels(KeyValueStore<Bytes, byte[]> store, AlertRules rules) {
        this.store = store;
        this.configured = rules.channels();
        this.most = rules.maxChannels();
        try (KeyValueIterator<Bytes, byte[]> all =
                store.range(Bytes.wrap(new byte[] {KIND}), Bytes.wrap(new byte[] {KIND + 1}))) {
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> entry = all.next();
                byte[] key = entry.key.get();
                servedMs.put(
                        new String(key, 1, key.length - 1, StandardCharsets.UTF_8),
                        ByteBuffer.wrap(entry.value).getLong());
            }
        }
    }

    /** How many there are. */
    int size() {
        return configured.isEmpty() ? servedMs.size() : configured.size();
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
        if (servedMs.size() >= most && !giveWay(nowMs)) {
            return false;
        }
        keep(channelId, nowMs);
        return true;
    }

    private boolean giveWay(long nowMs) {
        if (nowMs < noneGivesWayBeforeMs || servedMs.isEmpty()) {
            return false;
        }
        Map.Entry<String, Long> quietest =
                Collections.min(servedMs.entrySet(), Comparator.comparingLong(Map.Entry::getValue));
        noneGivesWayBeforeMs = quietest.getValue() + QUIET.toMillis();
        if (nowMs < noneGivesWayBeforeMs) {
            return false;
        }
        String name = quietest.getKey();
        store.delete(key(name));
        servedMs.remove(name);
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
