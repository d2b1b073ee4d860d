package io.guestflow.contracts.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class MetricsKeyTest {
    private static final Instant SEVEN = Instant.parse("2026-11-22T07:00:00Z");

    @Test
    void theKeyNamesSizeStartAndDimensions() {
        assertEquals("1m|2026-11-22T07%3A00%3A00.000Z|web-01|*|*", MetricsKey.of("1m", SEVEN, "web-01", "*", "*"));
    }

    @Test
    void aPartCannotBeTakenForTwo() {
        assertNotEquals(MetricsKey.of("1m", SEVEN, "a|b", "c", "*"), MetricsKey.of("1m", SEVEN, "a", "b|c", "*"));
        assertEquals(
                "1m|2026-11-22T07%3A00%3A00.000Z|a%7Cb%25|%C3%A4%20x|*",
                MetricsKey.of("1m", SEVEN, "a|b%", "ä x", "*"));
    }
}
