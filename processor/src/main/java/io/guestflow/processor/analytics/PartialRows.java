package io.guestflow.processor.analytics;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one task, in its store. Those that were counted last are kept in memory too, as they are: next facts are
 * mostly of the same ones, and to read a row costs as much as to count in it.
 *
 * <p>Threading: for the stream thread of the task.
 */
final class PartialRows {
    /** Of a task; a row of few facts has some hundred bytes. */
    static final int KEPT_MOST = 256;

    private final WindowStore windows;
    private final SequencedMap<Bytes, PartialRow> kept = new LinkedHashMap<>();

    PartialRows(WindowStore windows) {
        this.windows = windows;
    }

    /** The row that lies there, to be changed and put back; null if there is none. What fails in between is not kept. */
    @Nullable
    PartialRow take(Bytes key) {
        PartialRow row = kept.remove(key);
        if (row != null) {
            return row;
        }
        byte[] stored = windows.get(key);
        return stored == null ? null : PartialRow.of(stored);
    }

    void put(Bytes key, PartialRow row) {
        windows.put(key, row.bytes());
        kept.remove(key);
        kept.putLast(key, row);
        if (kept.size() > KEPT_MOST) {
            kept.pollFirstEntry();
        }
    }

    /** The store forgets it itself. */
    void forget(Bytes key) {
        kept.remove(key);
    }
}
