package io.guestflow.processor.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Values that came are found again in what was stored, each with its own fact, and no others. */
class CountedValuesTest {
    @Test
    void eachIsFoundInItsEntryWithTheFactThatItCameWith() {
        Map<Byte, byte[]> stored = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            long hash = hash(i);
            byte entry = CountedValues.entry(hash);
            stored.put(entry, CountedValues.of(stored.get(entry)).with(hash, i).bytes());
        }
        assertEquals(256, stored.size());
        for (int i = 0; i < 20_000; i++) {
            long hash = hash(i);
            assertEquals(
                    i < 10_000 ? i : CountedValues.NEVER,
                    CountedValues.of(stored.get(CountedValues.entry(hash))).cameAt(hash));
        }
    }

    @Test
    void theFirstFactOfAllCounts() {
        long hash = hash(1);
        assertEquals(
                0,
                CountedValues.of(CountedValues.of(null).with(hash, 0).bytes()).cameAt(hash));
    }

    private static long hash(int value) {
        return CountedValues.hash(("channel-" + value).getBytes(StandardCharsets.UTF_8));
    }
}
