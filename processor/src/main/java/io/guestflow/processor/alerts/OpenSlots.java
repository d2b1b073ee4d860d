package io.guestflow.processor.alerts;

import io.guestflow.processor.wire.StoredForm.In;
import io.guestflow.processor.wire.StoredForm.Out;
import io.guestflow.processor.wire.UnreadableState;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The slots that still count, of one partition of facts. Their counts lie in the store; which there are is known in
 * memory too, because a scan would walk over the tombstones of all that there were.
 *
 * <p>Threading: one for a task, on its stream thread.
 */
final class OpenSlots {
    /** The first byte of its keys; others have others in the same store. */
    static final byte KIND = 's';

    private static final int FORM = 1;

    private final KeyValueStore<Bytes, byte[]> store;
    private final long lengthMs;
    private final NavigableMap<Long, Set<String>> scopes = new TreeMap<>();
    /** Those that have changed since they were sent, in the order in which they did; each with its number in it. */
    private final Map<Row, Long> unsent = new LinkedHashMap<>();
    /** What is to be deleted. */
    private final Queue<Bytes> forgotten = new ArrayDeque<>();

    private long changed;

    /** Whose counts a row has; of which window tells the length of the slot. */
    private record Row(long lengthMs, long slotMs, String scope) {
        Bytes key() {
            Out out = new Out();
            out.octet(KIND);
            out.number(lengthMs);
            out.number(slotMs);
            out.text(scope);
            return Bytes.wrap(out.bytes());
        }

        static Row of(Bytes key) {
            In in = new In(key.get());
            in.octet();
            return new Row(in.number(), in.number(), in.text());
        }
    }

    /** The counts of a row, and whether they were sent as they are. */
    private record Counted(boolean sent, Counts counts) {
        byte[] bytes() {
            Out out = new Out();
            out.octet(FORM);
            out.octet(sent ? 1 : 0);
            counts.write(out);
            return out.bytes();
        }

        static Counted of(byte @Nullable [] stored) {
            if (stored == null) {
                return new Counted(true, Counts.NONE);
            }
            In in = new In(stored);
            if (in.octet() != FORM) {
                throw new UnreadableState("counts for alerts are stored in a form that this version does not know: run"
                        + " the version that wrote them. Do not delete the state or the changelogs of guestflow-facts:"
                        + " audit's chains are among them");
            }
            return new Counted(in.octet() == 1, Counts.read(in));
        }
    }

    /** Takes the counts of a slot and scope. */
    @FunctionalInterface
    interface Sender {
        void send(long slotMs, String scope, Counts counts);
    }

    /** Those in a store that has just been initialised; what was counted for a window of another length is none of it. */
    OpenSlots(KeyValueStore<Bytes, byte[]> store, long lengthMs) {
        this.store = store;
        this.lengthMs = lengthMs;
        try (KeyValueIterator<Bytes, byte[]> all =
                store.range(Bytes.wrap(new byte[] {KIND}), Bytes.wrap(new byte[] {KIND + 1}))) {
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> entry = all.next();
                Row row = Row.of(entry.key);
                if (row.lengthMs() != lengthMs) {
                    forgotten.add(entry.key);
                    continue;
                }
                known(row);
                if (!Counted.of(entry.value).sent()) {
                    unsent(row);
                }
            }
        }
    }

    /** Counts more. */
    void add(long slotMs, String scope, Counts more) {
        Row row = new Row(lengthMs, slotMs, scope);
        Bytes key = row.key();
        Counts counts = Counted.of(store.get(key)).counts().plus(more);
        store.put(key, new Counted(false, counts).bytes());
        known(row);
        unsent(row);
    }

    /** How often a row that was sent, or is new, has changed. */
    long changed() {
        return changed;
    }

    /** Whether what had changed by then is sent, or forgotten. */
    boolean isSent(long changedBefore) {
        Iterator<Long> numbers = unsent.values().iterator();
        return !numbers.hasNext() || numbers.next() >= changedBefore;
    }

    /** Hands over what has changed since it was handed over last, the whole of each; at most so many. */
    void send(int most, Sender sender) {
        int sent = 0;
        var rows = unsent.keySet().iterator();
        while (sent < most && rows.hasNext()) {
            Row row = rows.next();
            Bytes key = row.key();
            byte[] stored = store.get(key);
            if (stored != null) {
                Counts counts = Counted.of(stored).counts();
                sender.send(row.slotMs(), row.scope(), counts);
                store.put(key, new Counted(true, counts).bytes());
            }
            rows.remove();
            sent++;
        }
    }

    /**
     * Forgets the slots that begin before that, whose counts are worth nothing any more. At most so many are deleted; the
     * others when this is called again.
     */
    void forgetBefore(long slotMs, int most) {
        NavigableMap<Long, Set<String>> old = scopes.headMap(slotMs, false);
        old.forEach((slot, names) -> names.forEach(name -> {
            Row row = new Row(lengthMs, slot, name);
            forgotten.add(row.key());
            unsent.remove(row);
        }));
        old.clear();
        for (int left = most; left > 0 && !forgotten.isEmpty(); left--) {
            store.delete(forgotten.remove());
        }
    }

    private void known(Row row) {
        scopes.computeIfAbsent(row.slotMs(), slot -> new HashSet<>()).add(row.scope());
    }

    private void unsent(Row row) {
        if (unsent.putIfAbsent(row, changed) == null) {
            changed++;
        }
    }
}
