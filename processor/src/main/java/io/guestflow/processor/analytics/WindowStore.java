package io.guestflow.processor.analytics;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that one task knows of its windows, in one store: a window's entries lie together, and windows in the order
 * of their ends. Whole windows are deleted, the earliest first; so ahead of any window that is scanned there is nothing
 * but live entries. A window may have more entries than there is time for at once: what goes through them stops when it
 * must, and tells from where to go on.
 *
 * <p>Threading: for the stream thread of the task.
 */
final class WindowStore {
    /** Which values of a dimension a window tells apart. */
    static final byte VALUES = 1;
    /** How many facts a row has, how long things took in the last ones, and how far it has been passed on. */
    static final byte ROWS = 2;
    /** How long things took in a row, but for the last facts. */
    static final byte DURATIONS = 3;
    /** What single partitions of facts know of a row. */
    static final byte PARTS = 4;

    /** Where the part of a key begins that is the entry's own. */
    static final int KEY_START = Window.PREFIX_LENGTH + 1;

    private static final Logger LOG = LoggerFactory.getLogger(WindowStore.class);

    /** Before all windows: what the task knows besides. */
    private static final Window NONE = new Window(0, 0);

    private static final byte FORGOTTEN = 1;
    private static final byte TASK = 2;
    private static final byte LATEST = 3;
    private static final Bytes FORGOTTEN_KEY = key(NONE, FORGOTTEN, new byte[0]);
    /** Read at once, before any of them is written. */
    private static final int SLICE = 100;

    private final KeyValueStore<Bytes, byte[]> store;
    private long forgottenUntilMs;

    WindowStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
        byte[] stored = store.get(FORGOTTEN_KEY);
        forgottenUntilMs = stored == null ? 0 : ByteBuffer.wrap(stored).getLong();
    }

    static Bytes key(Window window, byte kind, byte[] entry) {
        return Bytes.wrap(ByteBuffer.allocate(KEY_START + entry.length)
                .putLong(window.endMs())
                .putLong(window.sizeMs())
                .put(kind)
                .put(entry)
                .array());
    }

    /** The key of what belongs to no window. */
    static Bytes taskKey(int number) {
        return key(NONE, TASK, ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
    }

    /** The key of which window of a size is the latest that has values of a dimension. */
    static Bytes latestKey(byte dimension, long sizeMs) {
        return key(
                NONE,
                LATEST,
                ByteBuffer.allocate(1 + Long.BYTES)
                        .put(dimension)
                        .putLong(sizeMs)
                        .array());
    }

    /** The key of the durations of the row that has this key. */
    static Bytes durationsKey(Bytes row) {
        byte[] key = row.get().clone();
        key[Window.PREFIX_LENGTH] = DURATIONS;
        return Bytes.wrap(key);
    }

    /** The key of what one partition of facts knows of the row that has this key. */
    static Bytes partKey(Bytes row, int partition) {
        int length = row.get().length;
        byte[] key = Arrays.copyOf(row.get(), length + Integer.BYTES);
        key[Window.PREFIX_LENGTH] = PARTS;
        ByteBuffer.wrap(key).putInt(length, partition);
        return Bytes.wrap(key);
    }

    byte @Nullable [] get(Bytes key) {
        return store.get(key);
    }

    void put(Bytes key, byte[] value) {
        store.put(key, value);
    }

    /**
     * Whether a window was forgotten, or may have been. What is counted for it would be a part that claims to be the whole:
     * so this is remembered whatever clock and settings say later.
     */
    boolean isForgotten(Window window) {
        return window.endMs() <= forgottenUntilMs;
    }

    /**
     * Hands over a window's rows, one at least.
     *
     * @param from a window's prefix, or where to go on
     * @return where to go on; null if there is no more
     */
    @Nullable
    Bytes eachRow(Bytes from, BooleanSupplier enough, Consumer<KeyValue<Bytes, byte[]>> row) {
        Window window = Window.of(from.get());
        Bytes begin = key(window, ROWS, new byte[0]);
        return each(from.compareTo(begin) < 0 ? begin : from, key(window, (byte) (ROWS + 1), new byte[0]), enough, row);
    }

    /**
     * Deletes what is known of a window, one entry at least.
     *
     * @param from a window's prefix, or where to go on
     * @param row is handed each row before it goes, while all that belongs to it is there
     * @param failed counts a row for which that failed: it goes all the same, or all behind it would stay for ever
     * @return where to go on; null if there is no more
     */
    @Nullable
    Bytes forget(Bytes from, BooleanSupplier enough, Consumer<KeyValue<Bytes, byte[]>> row, Runnable failed) {
        Window window = Window.of(from.get());
        if (window.endMs() > forgottenUntilMs) {
            forgottenUntilMs = window.endMs();
            store.put(
                    FORGOTTEN_KEY,
                    ByteBuffer.allocate(Long.BYTES).putLong(forgottenUntilMs).array());
        }
        return each(from, new Window(window.endMs(), window.sizeMs() + 1).prefix(), enough, entry -> {
            if (entry.key.get()[Window.PREFIX_LENGTH] == ROWS) {
                try {
                    row.accept(entry);
                } catch (KafkaException forStreams) {
                    throw forStreams;
                } catch (RuntimeException defect) {
                    failed.run();
                    LOG.error(
                            "A row of the window that ended at {} is forgotten, and what came of it last could not be passed on"
                                    + " ({}): this is a defect of guestflow; that row of guest-metrics may miss facts",
                            window.end(),
                            defect.getClass().getName());
                }
            }
            // The store's own deletion would read once more what it deletes.
            store.put(entry.key, null);
        });
    }

    private @Nullable Bytes each(
            Bytes from, Bytes to, BooleanSupplier enough, Consumer<KeyValue<Bytes, byte[]>> handling) {
        boolean first = true;
        Bytes next = from;
        do {
            List<KeyValue<Bytes, byte[]>> slice = slice(next, to);
            next = slice.size() > SLICE ? slice.get(SLICE).key : null;
            for (KeyValue<Bytes, byte[]> entry : slice.subList(0, Math.min(SLICE, slice.size()))) {
                if (!first && enough.getAsBoolean()) {
                    return entry.key;
                }
                first = false;
                handling.accept(entry);
            }
        } while (next != null);
        return null;
    }

    /** A slice, and the entry after it. */
    private List<KeyValue<Bytes, byte[]>> slice(Bytes from, Bytes to) {
        List<KeyValue<Bytes, byte[]>> entries = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> found = store.range(from, to)) {
            while (found.hasNext() && entries.size() <= SLICE) {
                KeyValue<Bytes, byte[]> entry = found.next();
                // The store's bound is inclusive, ours is not.
                if (entry.key.compareTo(to) < 0) {
                    entries.add(entry);
                }
            }
        }
        return entries;
    }
}
