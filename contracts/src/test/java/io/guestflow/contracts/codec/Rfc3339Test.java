package io.guestflow.contracts.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The quick way for our own form says what the long way says. */
class Rfc3339Test {
    private static final long YEAR_10000 = 253_402_300_800_000L;
    private static final DateTimeFormatter PLAIN =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    @Test
    void everyTimeIsWrittenAsTheFormatterWritesItAndReadAgain() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            Instant time = Instant.ofEpochMilli(random.nextLong(YEAR_10000)).plusNanos(random.nextInt(1_000_000));
            String text = Rfc3339.format(time);
            assertEquals(PLAIN.format(time), text);
            assertEquals(Instant.ofEpochMilli(time.toEpochMilli()), Rfc3339.parse(text));
        }
        for (long ms : new long[] {0, 1, YEAR_10000 - 1}) {
            assertEquals(Instant.ofEpochMilli(ms), Rfc3339.parse(Rfc3339.format(Instant.ofEpochMilli(ms))));
        }
    }

    @Test
    void whatLooksLikeATimeIsTakenOrRefusedAsWithAnOffset() {
        Random random = new Random(2);
        int taken = 0;
        for (int i = 0; i < 50_000; i++) {
            // Some of each are out of range.
            String local = "%04d-%02d-%02dT%02d:%02d:%02d.%03d"
                    .formatted(
                            1_960 + random.nextInt(100),
                            random.nextInt(14),
                            random.nextInt(33),
                            random.nextInt(26),
                            random.nextInt(62),
                            random.nextInt(62),
                            random.nextInt(1_000));
            Instant read = Rfc3339.parse(local + "Z");
            assertEquals(Rfc3339.parse(local + "+00:00"), read, local);
            taken += read == null ? 0 : 1;
        }
        assertEquals(true, taken > 10_000, taken + " of them are times");
    }

    @Test
    void otherCharactersAreNoDigits() {
        assertNull(Rfc3339.parse("2026-11-22T07:00:00.00\u0660Z"));
        assertNull(Rfc3339.parse("2026-11-22T07:00:00.0/0Z"));
        assertNull(Rfc3339.parse("2026-11-22T07:00:00.0:0Z"));
    }
}
