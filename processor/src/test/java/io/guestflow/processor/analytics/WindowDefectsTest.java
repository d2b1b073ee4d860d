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
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How far a defect reaches: no farther than its row, or its window. */
class WindowDefectsTest {
    private static final Instant TEN = START.plusSeconds(10);
    private static final Instant CLOSES = START.plus(MINUTE).plus(GRACE);
    private static final Duration AT_ONCE = Duration.ofSeconds(2);
    private static final Duration SETTLED = MergeProcessor.WAIT_MOST.plus(AT_ONCE);
    private static final Duration RETENTION = Duration.ofMinutes(5);
    private static final Row ROW = new Row(Window.at(TEN.toEpochMilli(), MINUTE.toMillis()), "web", "*", "*");
    /** So many that how long they took lies in an entry of its own. */
    private static final int MANY = 200;

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
            analytics.advanceTo(CLOSES.minusSeconds(4));
            assertEquals(3, analytics.partials().size(), "they have gone ahead");
            for (String channel : List.of("a", "b", "c")) {
                analytics.fact(
                        Given.message(START.plusSeconds(20), new Dimensions(channel, null, null), Direction.INBOUND));
            }
            // One row: nobody asks whether to go on with the next.
            analytics.fact(Given.message(CLOSES.minusSeconds(4)));
            analytics.advanceTo(CLOSES.plus(MINUTE));
            analytics.published();
            analytics.advance(AT_ONCE);

            assertTrue(analytics.timersFailed() > 0, "the close of the first window has failed");
            assertEquals(START.plus(MINUTE), analytics.window().windowStart());

            // Long before the rows are forgotten, which would pass them on too.
            defect.set(false);
            analytics.advance(Duration.ofMinutes(2));
            assertEquals(
                    List.of(2L, 2L, 2L),
                    analytics.last().values().stream()
                            .filter(window -> window.windowStart().equals(START))
                            .map(window -> window.messages().inbound())
                            .toList());
        }
    }

    @Test
    void aLateFactSendsARowThatWasGivenUpBefore() {
        try (AnalyticsHarness analytics = new AnalyticsHarness(Given.RULES, stateDir)) {
            for (int i = 0; i < MANY; i++) {
                analytics.fact(Given.succeeded(TEN, Given.WEB, 100));
            }
            analytics.advanceTo(CLOSES.plus(AT_ONCE));
            assertEquals(1, analytics.window().revision());

            Bytes durations = WindowStore.durationsKey(ROW.key());
            givenUpAndSentAgain(analytics, PartialProcessor.WINDOWS, durations);
            assertEquals(MANY + 2, analytics.window().auth().succeeded());
        }
    }

    @Test
    void aLateFactPublishesARowThatWasGivenUpBefore() {
        try (AnalyticsHarness analytics =
                new AnalyticsHarness(Given.RULES, stateDir, 2, FiringTime.fixed(Duration.ofDays(1), () -> 0))) {
            analytics.fact(Given.succeeded(TEN, Given.WEB, 100));
            analytics.advanceTo(CLOSES.minusSeconds(1));
            analytics.partial(Given.ofPartition(analytics.partials().getFirst(), 1));
            analytics.advanceTo(CLOSES.plus(MergeProcessor.WAIT_MOST).plus(AT_ONCE));
            assertEquals(2, analytics.window().auth().succeeded());

            givenUpAndSentAgain(analytics, MergeProcessor.WINDOWS, WindowStore.partKey(ROW.key(), 1));
            assertEquals(4, analytics.window().auth().succeeded());
        }
    }

    /** A late fact comes while an entry is damaged, for as long as anybody tries, and one when it is mended. */
    private static void givenUpAndSentAgain(AnalyticsHarness analytics, String store, Bytes damaged) {
        byte[] sound = analytics.left(store).stream()
                .filter(entry -> entry.key.equals(damaged))
                .findFirst()
                .orElseThrow()
                .value;
        analytics.restartDamaged(store, damaged, new byte[] {1});
        // Until it is known again that the window is over.
        analytics.advance(SETTLED);
        analytics.fact(Given.succeeded(TEN, Given.WEB, 100));
        analytics.advance(Duration.ofMinutes(10));
        assertEquals(1, analytics.deadLetters().size(), "its timer is given up");
        assertEquals(List.of(), analytics.published());

        analytics.restartDamaged(store, damaged, sound);
        analytics.advance(SETTLED);
        analytics.fact(Given.succeeded(TEN, Given.WEB, 100));
        analytics.advance(SETTLED);
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
