package io.guestflow.processor.analytics;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one task knows of its windows, in one store: a window's entries lie together, and windows in the order
 * of their ends. Whole windows are deleted, the earliest first; so ahead of any window that is scanned there is nothing
 * but live entries.
 *
 * <p>Threading: for the stream thread of the task.
 */
final class WindowStore {
    /** Which values of a dimension a window tells apart. */
    static final byte VALUES = 1;
    /** What a row comes to, and how far it has been passed on. */
    static final byte ROWS = 2;
    /** What single partitions of facts know of a row. */
    static final byte PARTS = 3;

    /** Where the part of a key begins that is the entry's own. */
    static final int KEY_START = Window.PREFIX_LENGTH + 1;

    private final KeyValueStore<Bytes, byte[]> store;

    WindowStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    static Bytes key(Window window, byte kind, byte[] entry) {
        return Bytes.wrap(ByteBuffer.allocate(KEY_START + entry.length)
                .putLong(window.endMs())
                .putLong(window.sizeMs())
                .put(kind)
                .put(entry)
                .array());
    }

    byte @Nullable [] get(Bytes key) {
        return store.get(key);
    }

    void put(Bytes key, byte[] value) {
        store.put(key, value);
    }

    /** The rows of a window, read before any of them is written. */
    List<KeyValue<Bytes, byte[]>> rows(Window window) {
        return entries(key(window, ROWS, new byte[0]), key(window, PARTS, new byte[0]));
    }

    /** Deletes all that is known of a window. */
    void forget(Window window) {
        Window next = new Window(window.endMs(), window.sizeMs() + 1);
        for (KeyValue<Bytes, byte[]> entry : entries(window.prefix(), next.prefix())) {
            store.delete(entry.key);
        }
    }

    private List<KeyValue<Bytes, byte[]>> entries(Bytes from, Bytes to) {
        List<KeyValue<Bytes, byte[]>> entries = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> found = store.range(from, to)) {
            while (found.hasNext()) {
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
