package io.guestflow.processor.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.analytics.AuthCounts;
import io.guestflow.contracts.analytics.DurationS;
import io.guestflow.contracts.analytics.LatencyMs;
import io.guestflow.contracts.analytics.MessageCounts;
import io.guestflow.contracts.analytics.MetricsWindow;
import io.guestflow.contracts.analytics.SessionCounts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsTextTest {
    private static final Instant SEVEN = Instant.parse("2026-11-22T07:00:00Z");

    @Test
    void aLineTellsAWindowAndTheEarliestComesFirst() {
        List<String> lines = new MetricsText()
                .lines(List.of(window(SEVEN.plusSeconds(60), "web", 20, 15), window(SEVEN, "web", 10, 10)));

        assertEquals(
                "2026-11-22T07:00:00Z   1m web                            1       10       10    0.0     128     201"
                        + "       8       5     212      31      28  ██████████",
                lines.getFirst());
        assertTrue(lines.get(1).contains(" 25.0 "), lines.get(1));
        assertTrue(lines.get(1).endsWith("█".repeat(20)), lines.get(1));
    }

    @Test
    void whatWasNotMeasuredIsADash() {
        MetricsWindow window = new MetricsWindow(
                "1m",
                SEVEN,
                SEVEN.plusSeconds(60),
                "web",
                "vip",
                "*",
                1,
                new AuthCounts(0, 0, 0, 0, Map.of()),
                new LatencyMs(0, null, null, null, null, null, null),
                new SessionCounts(0, 0, 0, 0),
                new MessageCounts(1, 0),
                new DurationS(0, null, null, null));

        String line = new MetricsText().lines(List.of(window)).getFirst();
        assertTrue(line.contains(" web vip "), line);
        assertTrue(line.matches(".* 0 +0 +- +- +- +0 +0 +- +1 +0"), line);
    }

    @Test
    void aStrangersNameCannotSteerTheTerminal() {
        String line = new MetricsText()
                .lines(List.of(window(SEVEN, "\u001b[2J" + "x".repeat(100), 1, 1)))
                .getFirst();
        assertFalse(line.contains("\u001b"), line);
        assertTrue(line.contains("…"), line);
    }

    @Test
    void aBarIsAsLongAsItsValue() {
        assertEquals("", MetricsText.bar(0, 0));
        assertEquals("", MetricsText.bar(0, 10));
        assertEquals("▏", MetricsText.bar(1, 1_000));
        assertEquals("██████████▌", MetricsText.bar(21, 40));
    }

    private static MetricsWindow window(Instant start, String channel, long attempts, long succeeded) {
        return new MetricsWindow(
                "1m",
                start,
                start.plusSeconds(60),
                channel,
                "*",
                "*",
                1,
                new AuthCounts(attempts, succeeded, attempts - succeeded, 0, Map.of()),
                new LatencyMs(8, 90L, 131.2, 128L, 170L, 201L, 203L),
                new SessionCounts(8, 2, 1, 4),
                new MessageCounts(31, 28),
                new DurationS(4, 212L, 400L, 431L));
    }
}
