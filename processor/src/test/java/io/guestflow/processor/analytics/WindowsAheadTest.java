package io.guestflow.processor.analytics;

import static io.guestflow.processor.analytics.Given.GRACE;
import static io.guestflow.processor.analytics.Given.MINUTE;
import static io.guestflow.processor.analytics.Given.RULES;
import static io.guestflow.processor.analytics.Given.START;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.analytics.MetricsPartial;
import io.guestflow.contracts.analytics.MetricsWindow;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes to be merged before the window is over. */
class WindowsAheadTest {
    private static final Instant TEN = START.plusSeconds(10);
    private static final Instant ENDS = START.plus(MINUTE);
    private static final Instant CLOSES = ENDS.plus(GRACE);
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

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
    void rowsGoWhileTheGraceRunsAndNotAgainWhenTheWindowCloses() {
        analytics.fact(Given.message(TEN));
        analytics.advanceTo(ENDS.plus(GRACE.dividedBy(2)).minusMillis(200));
        assertEquals(List.of(), analytics.partials());
        analytics.advance(Duration.ofMillis(400));
        assertEquals(1, analytics.partials().size());
        assertEquals(List.of(), analytics.published());

        analytics.advanceTo(CLOSES.plus(AT_ONCE));
        assertEquals(List.of(), analytics.partials());
        assertEquals(1, analytics.window().revision());
    }

    @Test
    void whatChangesAfterwardsGoesWhenTheWindowCloses() {
        analytics.fact(Given.message(TEN));
        analytics.advanceTo(CLOSES.minusSeconds(2));
        analytics.partials();
        analytics.fact(Given.message(TEN));
        analytics.advanceTo(CLOSES.minusMillis(200));
        assertEquals(List.of(), analytics.partials());
        analytics.advanceTo(CLOSES.plus(AT_ONCE));

        assertEquals(1, analytics.partials().size());
        MetricsWindow window = analytics.window();
        assertEquals(1, window.revision());
        assertEquals(2, window.messages().inbound());
    }

    @Test
    void nothingGoesWhileFactsOfTheWindowLieUnread() {
        analytics.fact(Given.message(TEN));
        analytics.behind();
        analytics.advanceTo(CLOSES.minusSeconds(3));
        assertEquals(List.of(), analytics.partials());
        analytics.fact(Given.message(TEN));
        analytics.caughtUp();
        analytics.advance(Duration.ofSeconds(1));

        MetricsPartial.Part part = analytics.partials().getFirst();
        assertEquals(2, part.messages().inbound());
        assertEquals(List.of(), analytics.published());
    }

    @Test
    void aRestartBetweenLosesAndDoublesNothing() {
        analytics.fact(Given.succeeded(TEN, Given.WEB, 100));
        analytics.advanceTo(CLOSES.minusSeconds(3));
        analytics.restart();
        analytics.fact(Given.succeeded(TEN, Given.WEB, 200));
        analytics.advanceTo(CLOSES.minusSeconds(1));
        analytics.restart();
        analytics.advanceTo(CLOSES.plus(AT_ONCE));

        MetricsWindow window = analytics.window();
        assertEquals(1, window.revision());
        assertEquals(150.0, window.authLatencyMs().mean());
    }

    @Test
    void withAShortGraceRowsGoOnce() {
        analytics.close();
        Duration grace = AnalyticsRules.SENT_AHEAD_FROM.minusMillis(1);
        analytics = new AnalyticsHarness(
                new AnalyticsRules(List.of(MINUTE), grace, false, false, 1_000, RULES.retention(), Set.of()), stateDir);
        analytics.fact(Given.message(TEN));
        analytics.advanceTo(ENDS.plus(grace).minusMillis(200));
        assertEquals(List.of(), analytics.partials());
        analytics.advance(AT_ONCE);

        assertEquals(1, analytics.window().revision());
    }
}
