package io.guestflow.processor.alerts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

/** What lies in the store, and in which order it is sent and forgotten. */
class OpenSlotsTest {
    private static final long LENGTH = 30_000;
    private static final Counts ONE = new Counts(1, 0, 0, 0, 0, 0);

    private final KeyValueStore<Bytes, byte[]> store = store();
    private final List<String> sent = new ArrayList<>();

    @Test
    void whatHasChangedIsSentInItsOrderAndTheWholeOfItOnce() {
        OpenSlots slots = new OpenSlots(store, LENGTH);
        slots.add(LENGTH, "a", ONE);
        slots.add(LENGTH, "b", ONE);
        slots.add(LENGTH, "a", ONE);
        send(slots, 9);
        assertEquals(List.of("30000 a 2", "30000 b 1"), sent);
        send(slots, 9);
        assertEquals(2, sent.size());
        slots.add(LENGTH, "b", ONE);
        send(slots, 9);
        assertEquals("30000 b 2", sent.getLast());
    }

    /** Rows that change all the time must not hold up for ever the word that what was there before is sent. */
    @Test
    void whatHadChangedByATimeIsSentThoughMoreComes() {
        OpenSlots slots = new OpenSlots(store, LENGTH);
        slots.add(LENGTH, "a", ONE);
        slots.add(LENGTH, "b", ONE);
        long changed = slots.changed();
        assertFalse(slots.isSent(changed));
        send(slots, 1);
        assertFalse(slots.isSent(changed));
        slots.add(LENGTH, "a", ONE);
        send(slots, 1);
        assertTrue(slots.isSent(changed), "a waits again, for what came later");
        assertFalse(slots.isSent(slots.changed()));
    }

    @Test
    void soManyAreDeletedAtOnceAndTheRestTheNextTimes() {
        OpenSlots slots = new OpenSlots(store, LENGTH);
        for (int scope = 0; scope < 5; scope++) {
            slots.add(LENGTH, "scope-" + scope, ONE);
            slots.add(2 * LENGTH, "scope-" + scope, ONE);
        }
        for (int left : new int[] {8, 6, 5, 5}) {
            slots.forgetBefore(2 * LENGTH, 2);
            assertEquals(left, size());
        }
        send(slots, 99);
        assertEquals(5, sent.size(), "what is forgotten is not sent");
    }

    @Test
    void whatIsStoredForAnotherLengthIsForgottenAndNotSent() {
        OpenSlots before = new OpenSlots(store, LENGTH);
        before.add(LENGTH, "a", ONE);
        before.add(2 * LENGTH, "a", ONE);
        store.put(Bytes.wrap(new byte[] {KnownChannels.KIND, 'x'}), new byte[Long.BYTES]);

        OpenSlots slots = new OpenSlots(store, 2 * LENGTH);
        slots.add(2 * LENGTH, "a", ONE);
        send(slots, 9);
        assertEquals(List.of("60000 a 1"), sent);
        slots.forgetBefore(0, 9);
        assertEquals(2, size(), "the row, and what is somebody else's");
    }

    @Test
    void whatWasNotSentIsSentByTheNext() {
        OpenSlots before = new OpenSlots(store, LENGTH);
        before.add(LENGTH, "a", ONE);
        before.add(LENGTH, "b", ONE);
        send(before, 1);
        OpenSlots slots = new OpenSlots(store, LENGTH);
        send(slots, 9);
        assertEquals(List.of("30000 a 1", "30000 b 1"), sent);
    }

    private void send(OpenSlots slots, int most) {
        slots.send(most, (slotMs, scope, counts) -> sent.add(slotMs + " " + scope + " " + counts.attempts()));
    }

    private int size() {
        int size = 0;
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
            while (all.hasNext()) {
                all.next();
                size++;
            }
        }
        return size;
    }

    private static KeyValueStore<Bytes, byte[]> store() {
        MockProcessorContext<byte[], Object> context = new MockProcessorContext<>();
        KeyValueStore<Bytes, byte[]> store = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore("alert-counts"), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
        return store;
    }
}
