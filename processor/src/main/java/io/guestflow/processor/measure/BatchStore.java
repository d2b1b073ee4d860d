package io.guestflow.processor.measure;

import io.guestflow.processor.wire.UnreadableState;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one task. A conversation is an entry of its own, so that one more costs the same however many there are;
 * all reads are by key, because scans would walk over what was deleted. Those that are ready stand in a queue, each in a
 * place with a number.
 *
 * <p>Threading: for the stream thread of the task.
 */
final class BatchStore {
    static final String NAME = "measure-batches";

    private static final Bytes COUNTS = Bytes.wrap(new byte[] {0});
    private static final int COUNTS_BYTES = 5 * Long.BYTES + 2 * Integer.BYTES;
    /** In the keys of heads and of places in the queue; conversations of a batch are numbered from 0 on. */
    private static final int HEAD = -1;

    private static final int PLACE = -2;
    private static final long NONE = 0;

    private final KeyValueStore<Bytes, byte[]> store;
    private final Instant began;
    private long lastNumber;
    private long open;
    private int pending;
    private int out;
    /** The batch that takes more changes with each conversation; null if it has not been read. */
    private @Nullable Batch openNow;

    private long firstPlace;
    private long nextPlace;

    /** What the store holds; if that is nothing, it begins now. */
    BatchStore(KeyValueStore<Bytes, byte[]> store, Instant now) {
        this.store = store;
        byte[] counts = store.get(COUNTS);
        if (counts == null) {
            began = Instant.ofEpochMilli(now.toEpochMilli());
            saveCounts();
        } else if (counts.length != COUNTS_BYTES) {
            throw new UnreadableState("the conversations to be measured were stored by another build of guestflow: run"
                    + " that one, or delete the store " + NAME
                    + " and its changelog, and nothing else of guestflow-facts:"
                    + " audit's chains are among its state");
        } else {
            ByteBuffer in = ByteBuffer.wrap(counts);
            began = Instant.ofEpochMilli(in.getLong());
            lastNumber = in.getLong();
            open = in.getLong();
            pending = in.getInt();
            out = in.getInt();
            firstPlace = in.getLong();
            nextPlace = in.getLong();
        }
    }

    /** When this state began: of what was over by then, another one may have been told already. */
    Instant began() {
        return began;
    }

    /** Batches that are asked for. */
    int out() {
        return out;
    }

    /** Conversations in all batches. */
    int pending() {
        return pending;
    }

    /** The batch that takes more; null if there is none. */
    @Nullable
    Batch open() {
        if (open != NONE && openNow == null) {
            openNow = batch(open);
        }
        return openNow;
    }

    /** The batch of that number; null if there is none any more. */
    @Nullable
    Batch batch(long number) {
        byte[] head = store.get(key(number, HEAD));
        return head == null ? null : StoredBatches.batch(number, head);
    }

    /** A new one, with nothing in it; an open one must not be there already. */
    Batch begin(Batch.State state) {
        Batch batch = new Batch(++lastNumber, state, 0, 0, null);
        if (state == Batch.State.OPEN) {
            open = batch.number();
        }
        write(batch);
        saveCounts();
        return batch;
    }

    Batch add(Batch batch, Subject subject) {
        return addAll(batch, List.of(subject));
    }

    Batch addAll(Batch batch, List<Subject> subjects) {
        Batch more = batch;
        for (Subject subject : subjects) {
            store.put(key(more.number(), more.size()), StoredBatches.write(subject));
            more = more.with(subject);
        }
        write(more);
        pending += subjects.size();
        saveCounts();
        return more;
    }

    /** Its command is out: it takes no more. */
    void asked(Batch batch, String commandId) {
        write(batch.asked(commandId));
        out++;
        closed(batch);
    }

    /** It takes no more, and is asked for after all that are ready already. */
    void ready(Batch batch) {
        ready(batch, nextPlace++);
    }

    /** It takes no more, and is asked for before all that are ready already. */
    void readyFirst(Batch batch) {
        ready(batch, --firstPlace);
    }

    private void ready(Batch batch, long place) {
        write(batch.ready());
        store.put(
                key(place, PLACE),
                ByteBuffer.allocate(Long.BYTES).putLong(batch.number()).array());
        closed(batch);
    }

    /** Takes the first of those that are ready out of their queue; null if there is none. */
    @Nullable
    Batch nextReady() {
        while (firstPlace < nextPlace) {
            Bytes place = key(firstPlace++, PLACE);
            byte[] number = store.get(place);
            delete(place);
            saveCounts();
            Batch batch = number == null ? null : batch(ByteBuffer.wrap(number).getLong());
            if (batch != null && batch.state() == Batch.State.READY) {
                return batch;
            }
        }
        return null;
    }

    private void closed(Batch batch) {
        if (open == batch.number()) {
            open = NONE;
            openNow = null;
        }
        saveCounts();
    }

    /** In the order in which they were added. */
    List<Subject> subjects(Batch batch) {
        List<Subject> subjects = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            byte[] subject = store.get(key(batch.number(), i));
            if (subject == null) {
                throw new BrokenBatch(batch, i);
            }
            subjects.add(StoredBatches.subject(subject));
        }
        return subjects;
    }

    /** Takes the conversation that was added last out of a batch that is not asked for, and the batch with its last one. */
    Batch removeLast(Batch batch, Subject last) {
        Batch less = batch.without(last);
        delete(key(batch.number(), less.size()));
        if (less.size() == 0) {
            delete(key(batch.number(), HEAD));
        } else {
            write(less);
        }
        pending--;
        saveCounts();
        return less;
    }

    void remove(Batch batch) {
        for (int i = 0; i < batch.size(); i++) {
            delete(key(batch.number(), i));
        }
        delete(key(batch.number(), HEAD));
        pending -= batch.size();
        out -= batch.state() == Batch.State.ASKED ? 1 : 0;
        closed(batch);
    }

    private void write(Batch batch) {
        store.put(key(batch.number(), HEAD), StoredBatches.write(batch));
        if (batch.number() == open) {
            openNow = batch;
        }
    }

    /** A store's own deletion reads first what it deletes. */
    private void delete(Bytes key) {
        store.put(key, null);
    }

    private void saveCounts() {
        store.put(
                COUNTS,
                ByteBuffer.allocate(COUNTS_BYTES)
                        .putLong(began.toEpochMilli())
                        .putLong(lastNumber)
                        .putLong(open)
                        .putInt(pending)
                        .putInt(out)
                        .putLong(firstPlace)
                        .putLong(nextPlace)
                        .array());
    }

    private static Bytes key(long number, int index) {
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                .putLong(number)
                .putInt(index)
                .array());
    }
}
