package io.guestflow.processor.auth;

import io.guestflow.contracts.codec.JsonCodec;
import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.common.serialization.BytesSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one task: pending ones and ended ones in a store each, so that a guest's pending requests are found
 * without walking over all that are remembered.
 *
 * <p>Threading: for the stream thread of the task.
 */
final class RequestStore {
    static final String PENDING = "auth-pending";
    static final String ENDED = "auth-ended";

    private final KeyValueStore<Bytes, byte[]> pending;
    private final KeyValueStore<Bytes, byte[]> ended;

    RequestStore(KeyValueStore<Bytes, byte[]> pending, KeyValueStore<Bytes, byte[]> ended) {
        this.pending = pending;
        this.ended = ended;
    }

    RequestState read(RequestKey key) {
        Bytes bytes = key.bytes();
        return new RequestState(read(pending, bytes, Pending.CODEC), read(ended, bytes, Ended.CODEC));
    }

    /**
     * Writes what has changed.
     *
     * @return by how many the pending requests have become more: -1, 0 or 1
     */
    int write(RequestKey key, RequestState before, RequestState after) {
        Bytes bytes = key.bytes();
        if (!Objects.equals(before.pending(), after.pending())) {
            write(pending, bytes, after.pending(), Pending.CODEC);
        }
        if (!Objects.equals(before.ended(), after.ended())) {
            write(ended, bytes, after.ended(), Ended.CODEC);
        }
        return (after.pending() == null ? 0 : 1) - (before.pending() == null ? 0 : 1);
    }

    /** The guest's requests that are pending. */
    GuestPending pendingOf(String guestId) {
        GuestPending all = GuestPending.NONE;
        try (KeyValueIterator<Bytes, byte[]> entries =
                pending.prefixScan(RequestKey.prefixOf(guestId), new BytesSerializer())) {
            while (entries.hasNext()) {
                KeyValue<Bytes, byte[]> entry = entries.next();
                Instant deadline = Pending.CODEC.read(entry.value).deadline();
                all = all.and(deadline);
            }
        }
        return all;
    }

    /** How many requests are pending; reads them all, for the start. */
    int countPending() {
        int count = 0;
        try (KeyValueIterator<Bytes, byte[]> entries = pending.all()) {
            while (entries.hasNext()) {
                entries.next();
                count++;
            }
        }
        return count;
    }

    private static <T> @Nullable T read(KeyValueStore<Bytes, byte[]> store, Bytes key, JsonCodec<T> codec) {
        byte[] value = store.get(key);
        return value == null ? null : codec.read(value);
    }

    private static <T> void write(
            KeyValueStore<Bytes, byte[]> store, Bytes key, @Nullable T value, JsonCodec<T> codec) {
        if (value == null) {
            store.delete(key);
        } else {
            store.put(key, codec.write(value));
        }
    }
}
