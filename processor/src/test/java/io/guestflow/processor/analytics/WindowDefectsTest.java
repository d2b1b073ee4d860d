package io.guestflow.processor.analytics;

import static io.guestflow.processor.analytics.Given.GRACE;
import static io.guestflow.processor.analytics.Given.MINUTE;
import static io.guestflow.processor.analytics.Given.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.processor.analytics.AnalyticsMeters.Stage;
import io.guestflow.processor.timers.FiringTime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How far a defect reaches: no farther than its row, or its window. */
class WindowDefectsTest {
    private static final Instant TEN = START.plusSeconds(10);
    private static final Instant CLOSES = START.plus(MINUTE).plus(GRACE);
    private static final Duration AT_ONCE = Duration.ofSeconds(2);
    private static final Duration RETENTION = Duration.ofMinutes(5);

    @TempDir
    private Path stateDir;

    @ParameterizedTest
    @ValueSource(strings = {PartialProcessor.WINDOWS, MergeProcessor.WINDOWS})
    void aRowThatCannotBeReadIsForgottenAndSoAreThoseBehindIt(String store) {
        try (AnalyticsHarness analytics = new AnalyticsHarness(Given.rules(1_000, false, RETENTION), stateDir)) {
            for (String channel : List.of("a", "b", "c")) {
                analytics.fact(Given.succeeded(TEN, new Dimensions(channel, null, null), 100));
            }
            analytics.advanceTo(CLOSES.plus(AT_ONCE));
            assertEquals(3, analytics.published().size());

            Row damaged = new Row(Window.at(TEN.toEpochMilli(), MINUTE.toMillis()), "a", "*", "*");
            // The version is right, and there is nothing behind it.
            analytics.restartDamaged(store, damaged.key(), new byte[] {1});
            analytics.advance(RETENTION.plus(Duration.ofMinutes(70)));

            assertEquals(1, analytics.dropped(Stage.ROW));
            for (String each : List.of(
                    PartialProcessor.WINDOWS, PartialProcessor.TIMERS, MergeProcessor.WINDOWS, MergeProcessor.TIMERS)) {
                assertEquals(List.of(), analytics.left(each), each);
            }
        }
    }

    @Test
    void aWindowWhoseCloseFailsMakesNoOtherOneLate() {
        AtomicBoolean defect = new AtomicBoolean(true);
        try (AnalyticsHarness analytics = new AnalyticsHarness(
                Given.rules(1_000, false, RETENTION), stateDir, 1, () -> new ClosingFails(defect))) {
            for (String channel : List.of("a", "b", "c")) {
                analytics.fact(
                        Given.message(START.plusSeconds(10), new Dimensions(channel, null, null), Direction.INBOUND));
            }
            analytics.advanceTo(CLOSES.minusSeconds(5));
            // One row: nobody asks whether to go on with the next.
            analytics.fact(Given.message(CLOSES.minusSeconds(5)));
            analytics.advanceTo(CLOSES.plus(MINUTE));
            analytics.published();
            analytics.advance(AT_ONCE);

            assertTrue(analytics.timersFailed() > 0, "the close of the first window has failed");
            assertEquals(START.plus(MINUTE), analytics.window().windowStart());

            defect.set(false);
            analytics.advance(Duration.ofMinutes(10));
            assertEquals(4, analytics.last().size());
        }
    }

    /** As long as there is the defect, whoever closes a window of several rows fails at the second. */
    private record ClosingFails(AtomicBoolean defect) implements FiringTime.Turn {
        @Override
        public boolean isOver() {
            if (defect.get() && StackWalker.getInstance().walk(frames -> frames.anyMatch(ClosingFails::closes))) {
                throw new IllegalStateException("a defect");
            }
            return false;
        }

        private static boolean closes(StackWalker.StackFrame frame) {
            return frame.getClassName().equals(PartialProcessor.class.getName())
                    && frame.getMethodName().equals("close");
        }

        @Override
        public void close() {}
    }
}
