package io.guestflow.processor.sandbox.bench.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.sandbox.bench.UsageException;
import io.guestflow.processor.sandbox.bench.sessions.SessionsBenchOptions.Part;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionsBenchOptionsTest {

    @Test
    void withoutOptionsAllThatTheIssueBindsIsMeasured() {
        SessionsBenchOptions options = SessionsBenchOptions.parse(List.of());

        assertEquals(10_000, options.few());
        assertEquals(1_000_000, options.many());
        assertEquals(Duration.ofMinutes(15), options.spread());
        assertEquals(100_000, options.activeSessions());
        assertEquals(EnumSet.allOf(Part.class), options.only());
        assertFalse(options.check());
    }

    @Test
    void quickIsABaseThatOtherOptionsChange() {
        SessionsBenchOptions options =
                SessionsBenchOptions.parse(List.of("--quick", "--many", "30000", "--only", "tick,events", "--check"));

        assertEquals(30_000, options.many());
        assertEquals(3_000, options.activeSessions());
        assertEquals(Duration.ofSeconds(60), options.spread());
        assertEquals(EnumSet.of(Part.TICK, Part.EVENTS), options.only());
        assertTrue(options.check());
    }

    @ParameterizedTest
    @CsvSource({
        "--much, 5, unknown option '--much'",
        "--many, 0, '--many needs whole numbers above 0, not ''0'''",
        "--only, auth, '--only knows tick,restore,lateness,events, not ''auth'''",
        "--lead-seconds, 100, --lead-seconds must be at least three times --threshold-seconds",
        "--threshold-seconds, 19, --threshold-seconds must be at least 20",
        "--many, 100, '--few must not be more than --many, nor --active-percent more than 100'",
    })
    void aWrongOptionIsNamedTogetherWithWhatItMayBe(String option, String value, String message) {
        var wrong = assertThrows(UsageException.class, () -> SessionsBenchOptions.parse(List.of(option, value)));

        assertEquals(message, wrong.getMessage());
    }
}
