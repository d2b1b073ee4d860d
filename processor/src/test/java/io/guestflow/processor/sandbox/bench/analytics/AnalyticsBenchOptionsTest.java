package io.guestflow.processor.sandbox.bench.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.sandbox.bench.UsageException;
import io.guestflow.processor.sandbox.bench.analytics.AnalyticsBenchOptions.Part;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnalyticsBenchOptionsTest {

    @Test
    void withoutOptionsAllThatTheIssueBindsIsMeasured() {
        AnalyticsBenchOptions options = AnalyticsBenchOptions.parse(List.of());

        assertEquals(EnumSet.allOf(Part.class), options.only());
        assertEquals(10_000, options.wide().channels());
        assertEquals(Duration.ofMinutes(1), options.backlog());
        assertEquals(Duration.ofSeconds(10), options.slice());
        assertEquals(0, options.live().perSecond());
        assertTrue(options.warmUp().compareTo(Duration.ofSeconds(10)) > 0);
        assertTrue(options.rounds() > 1);
        assertFalse(options.check());
    }

    @Test
    void quickIsABaseThatOtherOptionsChange() {
        AnalyticsBenchOptions options = AnalyticsBenchOptions.parse(List.of(
                "--quick",
                "--channels",
                "7",
                "--live-rate",
                "300",
                "--backlog",
                "9",
                "--dimensions-windows",
                "4",
                "--only",
                "facts",
                "--check"));

        assertEquals(7, options.channels());
        assertEquals(7, options.live().channels());
        assertEquals(300, options.live().perSecond());
        assertEquals(4, options.wide().windows());
        assertEquals(Duration.ofSeconds(9), options.backlog());
        assertEquals(1, options.rounds());
        assertEquals(EnumSet.of(Part.FACTS), options.only());
        assertTrue(options.check());
    }

    @ParameterizedTest
    @CsvSource({
        "--fact, 5, unknown option '--fact'",
        "--rounds, 0, '--rounds needs whole numbers above 0, not ''0'''",
        "--only, auth, '--only knows facts,webhooks,lateness,dimensions, not ''auth'''",
        "--dimensions, 10001, '--dimensions and --channels must be at most 10000: a window tells no more apart'",
    })
    void aWrongOptionIsNamedTogetherWithWhatItMayBe(String option, String value, String message) {
        var wrong = assertThrows(UsageException.class, () -> AnalyticsBenchOptions.parse(List.of(option, value)));

        assertEquals(message, wrong.getMessage());
    }
}
