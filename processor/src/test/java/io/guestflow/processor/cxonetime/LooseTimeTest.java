package io.guestflow.processor.cxonetime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LooseTimeTest {
    @ParameterizedTest
    @CsvSource({
        "2026-11-22T07:03:00Z, 2026-11-22T07:03:00Z",
        "2026-11-22t07:03:00z, 2026-11-22T07:03:00Z",
        "2026-11-22 07:03:00Z, 2026-11-22T07:03:00Z",
        "2026-11-22T07:03:00+01, 2026-11-22T06:03:00Z",
        "2026-11-22T07:03:00+0130, 2026-11-22T05:33:00Z",
        "2026-11-22T07:03:00-01:30, 2026-11-22T08:33:00Z",
        "'2026-11-22T07:03:00,25Z', 2026-11-22T07:03:00.250Z",
        "2026-11-22T07:03:00.1234567899Z, 2026-11-22T07:03:00.123456789Z",
        "2028-02-29T00:00:00Z, 2028-02-29T00:00:00Z",
        "1970-01-01T01:00:00+0100, 1970-01-01T00:00:00Z",
    })
    void aTimeMayBeWrittenInManyWays(String text, Instant time) {
        assertEquals(time, LooseTime.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "2026-11-22",
                "2026-11-22T07:03Z",
                "2026-11-22T07:03:00",
                "2026-11-22T07:03:00+0,0:00",
                "2026-11-22T07:03:00+1",
                "2026-11-22T07:03:00+100",
                "2026-11-22T07:03:00+01:0",
                "2026-11-22T07:03:00+01:60",
                "2026-11-22T07:03:00+19:00",
                "2026-11-22T07:03:00*01:00",
                "2026-11-22T07:03:00.Z",
                "2026-11-22T07:03:00.",
                "2026-11-22T07:03:00ZZ",
                "2026-11-22T07:03:60Z",
                "2026-11-22T24:00:00Z",
                "2026-11-22T07:60:00Z",
                "2026-02-29T07:03:00Z",
                "2026-13-01T07:03:00Z",
                "2026-00-01T07:03:00Z",
                "2026-11-31T07:03:00Z",
                "1969-12-31T23:59:59Z",
                "1970-01-01T00:00:00+01:00",
                "2026/11/22T07:03:00Z",
                "２０２６-11-22T07:03:00Z",
                "2026-11-22T07:03:00 Z",
                "-026-11-22T07:03:00Z",
            })
    void whatIsNoTimeOrHasNoOffsetIsNone(String text) {
        assertNull(LooseTime.parse(text));
    }

    @Test
    void itReadsWhatTheJdkWrites() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            OffsetDateTime time = Instant.ofEpochSecond(
                            random.nextLong(86_400, 4_000_000_000L), random.nextInt(1_000_000_000))
                    .atOffset(ZoneOffset.ofTotalSeconds(60 * random.nextInt(-18 * 60, 18 * 60 + 1)));
            // The JDK leaves out seconds that are zero in its own form; this one does not.
            assertEquals(time.toInstant(), LooseTime.parse(DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time)));
        }
    }
}
