package io.guestflow.processor.timers;

import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Bytes;

/**
 * A timer, which is its own key: due time ‖ kind ‖ entity ‖ generation, so that the store holds timers in the order in
 * which they are due and two timers never overwrite each other.
 *
 * @param dueMs when it is due, in milliseconds; at least 1
 * @param kind what it is for; the owner's own numbering
 * @param entity what it belongs to
 * @param generation tells a timer of an earlier life of the entity from the current one's
 */
public record Timer(long dueMs, byte kind, Bytes entity, long generation) {
    private static final int FIXED = Long.BYTES + Byte.BYTES + Long.BYTES;

    /** Due times start at 1: what lies below is the store's own. */
    public Timer {
        if (dueMs < 1) {
            throw new IllegalArgumentException("a timer must be due at 1 ms or later, not at " + dueMs);
        }
    }

    Bytes key() {
        byte[] id = entity.get();
        return Bytes.wrap(ByteBuffer.allocate(FIXED + id.length)
                .putLong(dueMs)
                .put(kind)
                .put(id)
                .putLong(generation)
                .array());
    }

    static Timer of(Bytes key) {
        ByteBuffer in = ByteBuffer.wrap(key.get());
        long dueMs = in.getLong();
        byte kind = in.get();
        byte[] entity = new byte[in.remaining() - Long.BYTES];
        in.get(entity);
        return new Timer(dueMs, kind, Bytes.wrap(entity), in.getLong());
    }
}
