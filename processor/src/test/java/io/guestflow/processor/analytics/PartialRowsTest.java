package io.guestflow.processor.analytics;

import static io.guestflow.processor.analytics.Given.START;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.SplittableRandom;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class PartialRowsTest {
    private static final Sending OPEN = Sending.NEW.changedInTime();

    private final KeyValueStore<Bytes, byte[]> store =
            Stores.inMemoryKeyValueStore("rows").get();
    private final PartialRows rows = new PartialRows(new WindowStore(store));

    @Test
    void whatIsTakenIsWhatIsStoredHoweverManyRowsThereAre() {
        SplittableRandom random = new SplittableRandom(7);
        for (int fact = 0; fact < 5_000; fact++) {
            Bytes key = key(random.nextInt(2 * PartialRows.KEPT_MOST));
            byte[] stored = store.get(key);
            PartialRow row = rows.take(key);
            if (stored == null) {
                assertNull(row);
                row = PartialRow.none();
            } else {
                assertNotNull(row);
                assertArrayEquals(stored, row.bytes());
            }
            rows.put(key, row.counted(Given.message(START), fact, OPEN));
            assertEquals(fact, PartialRow.of(store.get(key)).countedTo());
        }
    }

    @Test
    void aRowThatWasNotPutBackIsAsItIsStored() {
        rows.put(key(1), PartialRow.none().counted(Given.message(START), 1, OPEN));

        PartialRow taken = rows.take(key(1));
        assertNotNull(taken);
        taken.counted(Given.message(START), 2, OPEN);

        PartialRow again = rows.take(key(1));
        assertNotNull(again);
        assertEquals(1, again.counts().facts());
    }

    @Test
    void aRowThatTheStoreHasForgottenIsNotThere() {
        rows.put(key(1), PartialRow.none().counted(Given.message(START), 1, OPEN));

        rows.forget(key(1));
        store.delete(key(1));

        assertNull(rows.take(key(1)));
    }

    private static Bytes key(int channel) {
        return new Row(Window.at(0, 60_000), "channel-" + channel, "-", "-").key();
    }
}
