package io.guestflow.processor.auth;

import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.processor.facts.LengthPrefixed;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of one task: the pending ones in an entry for each guest, the ended ones in an entry for each request.
 * All reads are by key.
 *
 * <p>Under at-least-once an attempt that has ended leaves its guest's entry for one of its own in the same store. What is
 * written to one store is stored in that order, so it is never in neither.
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
    /** Whether there are kept attempts to look for. */
    private boolean keeps;

    RequestStore(KeyValueStore<Bytes, byte[]> pending, KeyValueStore<Bytes, byte[]> ended, boolean atLeastOnce) {
        this.pending = pending;
        this.ended = ended;
        this.keeps = atLeastOnce;
    }

    /** The guest's requests that are pending. */
    GuestPending pendingOf(RequestKey key) {
        byte[] value = pending.get(key.guestBytes());
        return value == null ? GuestPending.NONE : GuestPending.CODEC.read(value);
    }

    /** What is known of the request, given what is pending of its guest. */
    RequestState read(RequestKey key, GuestPending guest) {
        byte[] asked = keeps ? pending.get(key.bytes()) : null;
        byte[] end = ended.get(key.bytes());
        return new RequestState(
                guest.of(key.requestId()),
                asked == null ? null : Pending.CODEC.read(asked),
                end == null ? null : Ended.CODEC.read(end));
    }

    /**
     * Writes what has changed.
     *
     * @param guest as it was read together with {@code before}
     * @return by how many the pending requests have become more: -1, 0 or 1
     */
    int write(RequestKey key, GuestPending guest, RequestState before, RequestState after) {
        if (!Objects.equals(before.kept(), after.kept())) {
            write(pending, key.bytes(), after.kept(), Pending.CODEC);
        }
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
     * Reads all attempts that are pending or kept, for the start. What cannot be read is left out: no entry may keep its
     * partition from every instance.
     *
     * @return how many are pending
     */
    int readAll(Found found) {
        int count = 0;
        try (KeyValueIterator<Bytes, byte[]> entries = pending.all()) {
            while (entries.hasNext()) {
                KeyValue<Bytes, byte[]> entry = entries.next();
                List<String> ids = LengthPrefixed.read(entry.key.get());
                try {
                    if (ids.size() > 1) {
                        // Also under exactly-once, where such an entry is left from another setting.
                        keeps = true;
                        found.attempt(new RequestKey(ids.get(0), ids.get(1)), Pending.CODEC.read(entry.value), true);
                        continue;
                    }
                    for (GuestPending.Request request :
                            GuestPending.CODEC.read(entry.value).requests()) {
                        found.attempt(new RequestKey(ids.get(0), request.requestId()), request.pending(), false);
                        count++;
                    }
                } catch (ContractViolation defect) {
                    LOG.error("An entry of {} cannot be read: {}", PENDING, defect.getMessage());
                }
            }
        }
        return count;
    }

    /** Is told of attempts. */
    interface Found {
        void attempt(RequestKey key, Pending attempt, boolean kept);
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
