package io.guestflow.processor.analytics;

import static io.guestflow.processor.analytics.Given.GRACE;
import static io.guestflow.processor.analytics.Given.MINUTE;
import static io.guestflow.processor.analytics.Given.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.processor.timers.FiringTime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A window with more rows than there is time for at once. */
class WindowSlicesTest {
    private static final int ROWS = 3_000;
    private static final int AT_A_TIME = 250;
    private static final Instant CLOSES = START.plus(MINUTE).plus(GRACE);
    private static final Duration STEP = Duration.ofMillis(200);
    private static final Duration RETENTION = Duration.ofMinutes(5);

    @TempDir
    private Path stateDir;

    @Test
    void isClosedAndForgottenInSlicesWhateverComesBetween() {
        try (AnalyticsHarness analytics =
                new AnalyticsHarness(Given.rules(ROWS, false, RETENTION), stateDir, 1, WindowSlicesTest::turn)) {
            aFactOfEachRow(analytics);
            int ahead = 0;
            while (analytics.now().isBefore(CLOSES.minusSeconds(1))) {
                analytics.advance(STEP);
                int parts = analytics.partials().size();
                assertTrue(parts <= AT_A_TIME + 1, "parts in one turn ahead");
                ahead += parts;
            }
            assertEquals(ROWS, ahead);
            // All of them have changed once more when the window closes.
            aFactOfEachRow(analytics);
            analytics.advanceTo(CLOSES.minus(STEP));
            assertEquals(List.of(), analytics.partials());
            int steps = 0;
            while (analytics.last().size() < ROWS) {
                analytics.partials();
                analytics.published();
                analytics.advance(STEP);
                assertTrue(analytics.partials().size() <= AT_A_TIME + 1, "parts in one turn");
                assertTrue(analytics.published().size() <= AT_A_TIME + 1, "windows in one turn");
                if (steps == 5 || steps == 20) {
                    analytics.restart();
                }
                steps++;
                assertTrue(steps < 200, "all are published in the end");
            }
            analytics.advance(Duration.ofSeconds(20));
            assertEquals(ROWS, analytics.history().size());
            assertTrue(
                    analytics.last().values().stream()
                            .allMatch(window -> window.messages().inbound() == 2),
                    "both facts of each row");

            analytics.advance(RETENTION.plus(Duration.ofMinutes(70)));
            for (String store : List.of(
                    PartialProcessor.WINDOWS, PartialProcessor.TIMERS, MergeProcessor.WINDOWS, MergeProcessor.TIMERS)) {
                assertEquals(List.of(), analytics.left(store), store);
            }
        }
    }

    private static void aFactOfEachRow(AnalyticsHarness analytics) {
        for (int row = 0; row < ROWS; row++) {
            analytics.fact(
                    Given.message(START.plusSeconds(10), new Dimensions("c" + row, null, null), Direction.INBOUND));
        }
    }

    /** Over after so many looks, and not by a clock: tests have none. */
    private static FiringTime.Turn turn() {
        return new FiringTime.Turn() {
            private int looks;

            @Override
            public boolean isOver() {
                return ++looks > AT_A_TIME;
            }

            @Override
            public void close() {}
        };
    }
}
