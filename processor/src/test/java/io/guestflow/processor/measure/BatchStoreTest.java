package io.guestflow.processor.measure;

import static io.guestflow.processor.measure.Given.START;
import static io.guestflow.processor.measure.Given.subject;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

/** Batches, in their order and by number, over restarts. */
class BatchStoreTest {
    private final KeyValueStore<Bytes, byte[]> store =
            Stores.inMemoryKeyValueStore(BatchStore.NAME).get();

    private BatchStore batches = new BatchStore(store, START);

    @Test
    void thoseThatAreReadyComeInTheirOrder() {
        Batch first = ready("a");
        Batch second = ready("b");
        Batch third = ready("c");
        assertEquals(first.number(), next());
        batches.remove(batch(second));
        again();
        assertEquals(third.number(), next(), "one that is gone is left out");
        assertNull(batches.nextReady());
        Batch fourth = ready("d");
        assertEquals(fourth.number(), next());
    }

    @Test
    void oneMayGoAheadOfThem() {
        Batch second = ready("a");
        Batch first = batches.add(batches.begin(Batch.State.READY), subject("b"));
        batches.readyFirst(first);
        again();
        assertEquals(first.number(), next());
        assertEquals(second.number(), next());
        assertNull(batches.nextReady());
        Batch third = ready("c");
        assertEquals(third.number(), next());
    }

    @Test
    void theOneThatTakesMoreIsTheSameAfterARestart() {
        Batch open = batches.add(batches.begin(Batch.State.OPEN), subject("a"));
        Batch more = batches.addAll(open, List.of(subject("b"), subject("c")));
        assertEquals(more, batches.open());
        again();
        assertEquals(more, batches.open());
        assertEquals(3, batches.pending());
        batches.ready(more);
        assertNull(batches.open());
        again();
        assertNull(batches.open());
        assertEquals(List.of(subject("a"), subject("b"), subject("c")), batches.subjects(more));
    }

    @Test
    void whatIsOutIsCounted() {
        Batch one = ready("a");
        batches.asked(batch(one), "1.x");
        again();
        assertEquals(1, batches.out());
        batches.remove(batch(one));
        assertEquals(0, batches.out());
        assertEquals(0, batches.pending());
    }

    @Test
    void oneAfterTheOtherLeavesFromTheEnd() {
        Batch batch = batches.begin(Batch.State.WAITING);
        for (String id : List.of("a", "b", "c")) {
            batch = batches.add(batch, subject(id));
        }
        Batch two = batches.removeLast(batch, subject("c"));
        again();
        assertEquals(two, batch(batch));
        assertEquals(List.of(subject("a"), subject("b")), batches.subjects(two));
        assertEquals(2, batches.pending());
        Batch none = batches.removeLast(batches.removeLast(two, subject("b")), subject("a"));
        assertEquals(0, none.size());
        assertNull(batches.batch(batch.number()));
        assertEquals(1, store.approximateNumEntries(), "the counts");
    }

    @Test
    void theBeginningIsKept() {
        batches = new BatchStore(store, START.plusSeconds(3_600));
        assertEquals(START, batches.began());
    }

    private Batch ready(String id) {
        Batch batch = batches.add(batches.begin(Batch.State.READY), subject(id));
        batches.ready(batch);
        return batch;
    }

    private long next() {
        Batch next = batches.nextReady();
        assertNotNull(next);
        return next.number();
    }

    private Batch batch(Batch of) {
        Batch batch = batches.batch(of.number());
        assertNotNull(batch);
        return batch;
    }

    private void again() {
        batches = new BatchStore(store, START.plusSeconds(60));
    }
}
