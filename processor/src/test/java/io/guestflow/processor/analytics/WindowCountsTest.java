package io.guestflow.processor.analytics;

import static io.guestflow.processor.analytics.Given.GRACE;
import static io.guestflow.processor.analytics.Given.MINUTE;
import static io.guestflow.processor.analytics.Given.RULES;
import static io.guestflow.processor.analytics.Given.START;
import static io.guestflow.processor.analytics.Given.WEB;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.analytics.AuthCounts;
import io.guestflow.contracts.analytics.DurationS;
import io.guestflow.contracts.analytics.LatencyMs;
import io.guestflow.contracts.analytics.MessageCounts;
import io.guestflow.contracts.analytics.MetricsWindow;
import io.guestflow.contracts.analytics.SessionCounts;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.processor.analytics.AnalyticsMeters.Fate;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is counted, and by what. */
class WindowCountsTest {
    private static final Instant TEN = START.plusSeconds(10);
    private static final Duration CLOSED = MINUTE.plus(GRACE).plusSeconds(2);

    @TempDir
    private Path stateDir;

    private AnalyticsHarness analytics;

    @BeforeEach
    void start() {
        analytics = new AnalyticsHarness(RULES, stateDir);
    }

    @AfterEach
    void stop() {
        analytics.close();
    }

    @Test
    void everyKindOfFactIsCountedWhereItBelongs() {
        for (long latency : new long[] {100, 110, 120, 90}) {
            analytics.fact(Given.succeeded(TEN, WEB, latency));
        }
        analytics.fact(Given.rejected(TEN, WEB, ErrorCode.CONSENT_REQUIRED));
        analytics.fact(Given.rejected(TEN, WEB, ErrorCode.UPSTREAM_FORBIDDEN));
        analytics.fact(Given.failed(TEN, WEB, ErrorCode.RATE_LIMITED));
        analytics.fact(Given.late(TEN, WEB));
        analytics.fact(Given.opened(TEN, WEB));
        analytics.fact(Given.refreshed(TEN, WEB));
        analytics.fact(Given.refreshed(TEN, WEB));
        analytics.fact(Given.ended(TEN, WEB, EndReason.IDLE, Duration.ofSeconds(100)));
        analytics.fact(Given.ended(TEN, WEB, EndReason.MAX_LIFETIME, Duration.ofMillis(60_400)));
        analytics.fact(Given.ended(TEN, WEB, EndReason.REFRESH_FAILED, Duration.ofSeconds(90)));
        analytics.fact(Given.ended(TEN, WEB, EndReason.CLOSED_UPSTREAM, Duration.ofMillis(69_500)));
        analytics.fact(Given.ended(TEN, WEB, EndReason.REVOKED, Duration.ofSeconds(80)));
        analytics.fact(Given.message(TEN, WEB, Direction.INBOUND));
        analytics.fact(Given.message(TEN, WEB, Direction.INBOUND));
        analytics.fact(Given.message(TEN, WEB, Direction.OUTBOUND));
        analytics.fact(Given.measured(TEN, WEB));

        analytics.advance(CLOSED);

        assertEquals(
                new MetricsWindow(
                        "1m",
                        START,
                        START.plus(MINUTE),
                        "web",
                        "*",
                        "*",
                        1,
                        new AuthCounts(7, 4, 2, 1, Map.of("400", 1L, "403", 1L, "429", 1L)),
                        new LatencyMs(4, 90L, 105.0, 100L, 120L, 120L, 120L),
                        new SessionCounts(1, 2, 3, 2),
                        new MessageCounts(2, 1),
                        new DurationS(5, 80L, 100L, 100L)),
                analytics.window());
        assertEquals(18, analytics.facts(Fate.COUNTED));
        assertEquals(2, analytics.facts(Fate.NOT_COUNTED));
    }

    @Test
    void aWindowBeginsWithItsFirstMillisecondAndEndsBeforeTheNextOnes() {
        analytics.fact(Given.message(START));
        analytics.fact(Given.message(START.plus(MINUTE).minusMillis(1)));
        analytics.fact(Given.message(START.plus(MINUTE)));

        analytics.advance(CLOSED.plus(MINUTE));

        List<MetricsWindow> windows = analytics.published();
        assertEquals(
                List.of(START, START.plus(MINUTE)),
                windows.stream().map(MetricsWindow::windowStart).toList());
        assertEquals(
                List.of(2L, 1L),
                windows.stream().map(window -> window.messages().inbound()).toList());
    }

    @Test
    void nothingThatCountsMakesNoWindow() {
        analytics.fact(Given.late(TEN, WEB));

        analytics.advance(CLOSED);

        assertEquals(List.of(), analytics.published());
        assertEquals(List.of(), analytics.left(PartialProcessor.WINDOWS));
    }

    @Test
    void channelsAreToldApartAndOneThatIsNotKnownHasAName() {
        analytics.fact(Given.message(TEN));
        analytics.fact(Given.message(TEN, new Dimensions("app", "a", "b"), Direction.INBOUND));
        analytics.fact(Given.message(TEN, new Dimensions(null, null, null), Direction.INBOUND));

        analytics.advance(CLOSED);

        assertEquals(
                List.of("app * *", "unknown * *", "web * *"),
                analytics.published().stream()
                        .map(WindowCountsTest::dimensions)
                        .sorted()
                        .toList());
    }

    @Test
    void segmentsAndCampaignsAreToldApartWhereThatIsAskedFor() {
        restartWith(new AnalyticsRules(List.of(MINUTE), GRACE, true, true, 1_000, Duration.ofHours(48), Set.of()));
        analytics.fact(Given.message(TEN));
        analytics.fact(Given.message(TEN, new Dimensions("web", "vip", "organic"), Direction.INBOUND));
        analytics.fact(Given.message(TEN, new Dimensions("web", "vip", null), Direction.INBOUND));

        analytics.advance(CLOSED);

        assertEquals(
                List.of("web anonymous organic", "web vip organic", "web vip unknown"),
                analytics.published().stream()
                        .map(WindowCountsTest::dimensions)
                        .sorted()
                        .toList());
    }

    @Test
    void severalSizesAreCountedSideBySide() {
        restartWith(new AnalyticsRules(
                List.of(MINUTE, Duration.ofMinutes(5)), GRACE, false, false, 1_000, Duration.ofHours(48), Set.of()));
        for (int minute = 0; minute < 5; minute++) {
            analytics.fact(Given.message(START.plusSeconds(60L * minute + 1)));
            analytics.advance(MINUTE);
        }
        analytics.advance(GRACE.plusSeconds(2));

        List<MetricsWindow> windows = analytics.published();
        assertEquals(
                List.of("1m", "1m", "1m", "1m", "1m", "5m"),
                windows.stream().map(MetricsWindow::windowSize).sorted().toList());
        MetricsWindow five = windows.stream()
                .filter(window -> window.windowSize().equals("5m"))
                .findFirst()
                .orElseThrow();
        assertEquals(5, five.messages().inbound());
        assertEquals(START.plus(Duration.ofMinutes(5)), five.windowEnd());
    }

    private void restartWith(AnalyticsRules rules) {
        analytics.close();
        analytics = new AnalyticsHarness(rules, stateDir);
    }

    private static String dimensions(MetricsWindow window) {
        return window.channelId() + " " + window.segment() + " " + window.campaign();
    }
}
