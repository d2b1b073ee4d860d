package io.guestflow.processor.alerts;

import io.guestflow.processor.wire.StoredForm.In;
import io.guestflow.processor.wire.StoredForm.Out;
import io.guestflow.processor.wire.UnreadableState;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.NavigableMap;
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
    private final NavigableMap<Long, Set<String>> scopes = new TreeMap<>();
    private final Set<Row> unsent = new LinkedHashSet<>();

    /** Whose counts a row has. */
    private record Row(long slotMs, String scope) {
        Bytes key() {
            Out out = new Out();
            out.octet(KIND);
            out.number(slotMs);
            out.text(scope);
            return Bytes.wrap(out.bytes());
        }

        static @Nullable Row of(Bytes key) {
            In in = new In(key.get());
            return in.octet() == KIND ? new Row(in.number(), in.text()) : null;
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

    /** Those in a store that has just been initialised. */
    OpenSlots(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> entry = all.next();
                Row row = Row.of(entry.key);
                if (row != null) {
                    known(row);
                    if (!Counted.of(entry.value).sent()) {
                        unsent.add(row);
                    }
                }
            }
        }
    }

    /** Counts more. */
    void add(long slotMs, String scope, Counts more) {
        Row row = new Row(slotMs, scope);
        Bytes key = row.key();
        Counts counts = Counted.of(store.get(key)).counts().plus(more);
        store.put(key, new Counted(false, counts).bytes());
        known(row);
        unsent.add(row);
    }

    /** Hands over what has changed since it was handed over last, the whole of each; at most so many. */
    void send(int most, Sender sender) {
        int sent = 0;
        var rows = unsent.iterator();
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

    /** Forgets the slots that begin before that, whose counts are worth nothing any more. */
    void forgetBefore(long slotMs) {
        NavigableMap<Long, Set<String>> old = scopes.headMap(slotMs, false);
        old.forEach((slot, names) -> names.forEach(name -> {
            Row row = new Row(slot, name);
            store.delete(row.key());
            unsent.remove(row);
        }));
        old.clear();
    }

    private void known(Row row) {
        scopes.computeIfAbsent(row.slotMs(), slot -> new HashSet<>()).add(row.scope());
    }
}
