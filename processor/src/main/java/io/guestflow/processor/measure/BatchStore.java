package io.guestflow.processor.measure;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one task. A conversation is an entry of its own, so that one more costs the same however many there are;
 * all reads are by key, because scans would walk over what was deleted.
 *
 * <p>Threading: for the stream thread of the task.
 */
final class BatchStore {
    static final String NAME = "measure-batches";

    private static final Bytes COUNTS = Bytes.wrap(new byte[] {0});
    private static final int HEAD = -1;
    private static final long NONE = 0;

    private final KeyValueStore<Bytes, byte[]> store;
    private long lastNumber;
    private long open;
    private int pending;

    BatchStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
        byte[] counts = store.get(COUNTS);
        if (counts != null) {
            ByteBuffer in = ByteBuffer.wrap(counts);
            lastNumber = in.getLong();
            open = in.getLong();
            pending = in.getInt();
        }
    }

    /** Conversations in all batches. */
    int pending() {
        return pending;
    }

    /** The batch that takes more; null if there is none. */
    @Nullable
    Batch open() {
        return open == NONE ? null : batch(open);
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
        store.put(key(batch.number(), batch.size()), StoredBatches.write(subject));
        Batch more = batch.with(subject);
        write(more);
        pending++;
        saveCounts();
        return more;
    }

    /** Its command is out: it takes no more. */
    void asked(Batch batch, String commandId) {
        write(batch.asked(commandId));
        if (open == batch.number()) {
            open = NONE;
            saveCounts();
        }
    }

    /** In the order in which they were added. */
    List<Subject> subjects(Batch batch) {
        List<Subject> subjects = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            byte[] subject = store.get(key(batch.number(), i));
            if (subject == null) {
                throw new IllegalStateException(
                        "batch " + batch.number() + " has " + batch.size() + " conversations, and no number " + i);
            }
            subjects.add(StoredBatches.subject(subject));
        }
        return subjects;
    }

    void remove(Batch batch) {
        for (int i = 0; i < batch.size(); i++) {
            store.delete(key(batch.number(), i));
        }
        store.delete(key(batch.number(), HEAD));
        pending -= batch.size();
        saveCounts();
    }

    private void write(Batch batch) {
        store.put(key(batch.number(), HEAD), StoredBatches.write(batch));
    }

    private void saveCounts() {
        store.put(
                COUNTS,
                ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES)
                        .putLong(lastNumber)
                        .putLong(open)
                        .putInt(pending)
                        .array());
    }

    private static Bytes key(long number, int index) {
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                .putLong(number)
                .putInt(index)
                .array());
    }
}
