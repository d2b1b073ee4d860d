package io.guestflow.processor.effects.cxone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RetryAfterTest {

    private static final Instant NOW = Instant.parse("1994-11-06T08:49:30Z");

    @ParameterizedTest
    @CsvSource({"0, 0", "3, 3", "180, 180", "181, 180", "999999999, 180", "99999999999999999999, 180"})
    void secondsAreReadAndClamped(String header, int seconds) {
        assertEquals(Duration.ofSeconds(seconds), RetryAfter.parse(header, NOW));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Sun, 06 Nov 1994 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 6 Nov 1994 08:49:37 GMT"})
    void datesAreReadInTheFormsOfHttp(String header) {
        assertEquals(Duration.ofSeconds(7), RetryAfter.parse(header, NOW));
    }

    @Test
    void theOldestFormCountsYearsInThisCentury() {
        assertEquals(
                Duration.ofSeconds(9),
                RetryAfter.parse("Sunday, 22-Nov-26 07:00:09 GMT", Instant.parse("2026-11-22T07:00:00Z")));
    }

    @Test
    void aDateKeepsTheFractionOfNow() {
        assertEquals(Duration.ofMillis(6_500), RetryAfter.parse("Sun, 06 Nov 1994 08:49:37 GMT", NOW.plusMillis(500)));
    }

    @Test
    void datesBehindAndFarAheadAreClamped() {
        assertEquals(Duration.ZERO, RetryAfter.parse("Sun, 06 Nov 1994 08:49:29 GMT", NOW));
        assertEquals(RetryAfter.LONGEST, RetryAfter.parse("Mon, 07 Nov 1994 08:49:30 GMT", NOW));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"soon", "-1", "1.5", " 3", "٣", "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 99 Nov 1994 08:49:37 GMT"
            })
    void garbageIsNoRetryAfter(String header) {
        assertNull(RetryAfter.parse(header, NOW));
    }

    @Test
    void nothingIsNoRetryAfter() {
        assertNull(RetryAfter.parse(null, NOW));
        assertNull(RetryAfter.parse("", NOW));
    }
}
