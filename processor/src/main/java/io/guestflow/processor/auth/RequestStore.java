package io.guestflow.processor.auth;

import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.codec.JsonCodec;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of one task: the pending ones in an entry for each guest, the ended ones in an entry for each request.
 * All reads are by key.
 *
 * <p>Threading: for the stream thread of the task.
 */
final class RequestStore {
    static final String PENDING = "auth-pending";
    static final String ENDED = "auth-ended";
    /** What is written must be readable: as much as a changelog's record may have, by default a megabyte. */
    static final int MAX_ENTRY_BYTES = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(RequestStore.class);

    private final KeyValueStore<Bytes, byte[]> pending;
    private final KeyValueStore<Bytes, byte[]> ended;

    RequestStore(KeyValueStore<Bytes, byte[]> pending, KeyValueStore<Bytes, byte[]> ended) {
        this.pending = pending;
        this.ended = ended;
    }

    /** The guest's requests that are pending. */
    GuestPending pendingOf(RequestKey key) {
        byte[] value = pending.get(key.guestBytes());
        return value == null ? GuestPending.NONE : GuestPending.CODEC.read(value);
    }

    /** What is known of the request, given what is pending of its guest. */
    RequestState read(RequestKey key, GuestPending guest) {
        byte[] value = ended.get(key.bytes());
        return new RequestState(guest.of(key.requestId()), value == null ? null : Ended.CODEC.read(value));
    }

    /**
     * Writes what has changed.
     *
     * @param guest as it was read together with {@code before}
     * @return by how many the pending requests have become more: -1, 0 or 1
     */
    int write(RequestKey key, GuestPending guest, RequestState before, RequestState after) {
        if (!Objects.equals(before.pending(), after.pending())) {
            GuestPending changed = guest.with(key.requestId(), after.pending());
            write(pending, key.guestBytes(), changed.count() == 0 ? null : changed, GuestPending.CODEC);
        }
        if (!Objects.equals(before.ended(), after.ended())) {
            write(ended, key.bytes(), after.ended(), Ended.CODEC);
        }
        return (after.pending() == null ? 0 : 1) - (before.pending() == null ? 0 : 1);
    }

    /**
     * How many requests are pending; reads them all, for the start. What cannot be read is left out: no entry may keep
     * its partition from every instance.
     */
    int countPending() {
        int count = 0;
        try (KeyValueIterator<Bytes, byte[]> guests = pending.all()) {
            while (guests.hasNext()) {
                byte[] value = guests.next().value;
                try {
                    count += GuestPending.CODEC.read(value).count();
                } catch (ContractViolation defect) {
                    LOG.error("An entry of {} cannot be read: {}", PENDING, defect.getMessage());
                }
            }
        }
        return count;
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
