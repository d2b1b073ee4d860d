package io.guestflow.processor.analytics;

import static io.guestflow.processor.analytics.Given.GRACE;
import static io.guestflow.processor.analytics.Given.MINUTE;
import static io.guestflow.processor.analytics.Given.RULES;
import static io.guestflow.processor.analytics.Given.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ClosingsTest {
    private static final long STARTED = START.toEpochMilli();
    private static final long CLOSES = START.plus(MINUTE).plus(GRACE).toEpochMilli();
    private static final Window WINDOW = Window.at(STARTED, MINUTE.toMillis());
    private static final Duration WAIT = Duration.ofSeconds(8);

    private final Closings closings = new Closings(RULES, STARTED, WAIT);

    @Test
    void aWindowIsOverWhenItsFactsAreKnownAndTheClockHasPassedIt() {
        assertFalse(closings.isOver(WINDOW));
        closings.knownUntil(CLOSES - 1, CLOSES + 1_000);
        assertFalse(closings.isOver(WINDOW));
        closings.knownUntil(CLOSES + 60_000, CLOSES - 1);
        assertFalse(closings.isOver(WINDOW));
        closings.knownUntil(CLOSES, CLOSES + 1_000);
        assertTrue(closings.isOver(WINDOW));
    }

    @Test
    void itHasEndedBeforeItIsOver() {
        long ends = CLOSES - GRACE.toMillis();
        closings.knownUntil(ends - 1, ends);
        assertFalse(closings.hasEnded(WINDOW));
        closings.knownUntil(ends, ends);
        assertTrue(closings.hasEnded(WINDOW));
        assertFalse(closings.isOver(WINDOW));
    }

    @Test
    void itIsWaitedForForAWhileAndNotWhileTheTaskWasDown() {
        closings.knownUntil(0, CLOSES + WAIT.toMillis() - 1);
        assertFalse(closings.isOver(WINDOW));
        closings.knownUntil(0, CLOSES + WAIT.toMillis());
        assertTrue(closings.isOver(WINDOW));

        long restarted = CLOSES + 3_600_000;
        Closings again = new Closings(RULES, restarted, WAIT);
        again.knownUntil(0, restarted + WAIT.toMillis() - 1);
        assertFalse(again.isOver(WINDOW));
        again.knownUntil(0, restarted + WAIT.toMillis());
        assertTrue(again.isOver(WINDOW));
    }

    @Test
    void itIsToldWhenAWindowHasClosedAndNotBetween() {
        closings.knownUntil(CLOSES + 100, CLOSES + 100);
        assertEquals(OptionalLong.of(CLOSES + 100), closings.closedUntil(CLOSES + 100));
        closings.knownUntil(CLOSES + 300, CLOSES + 300);
        assertEquals(OptionalLong.empty(), closings.closedUntil(CLOSES + 300));
        closings.knownUntil(CLOSES + 60_000, CLOSES + 60_000);
        assertEquals(OptionalLong.empty(), closings.closedUntil(CLOSES + 59_999));
        assertEquals(OptionalLong.of(CLOSES + 60_000), closings.closedUntil(CLOSES + 60_000));
    }

    @Test
    void whatIsNotDoneYetIsNotClosed() {
        closings.unfinished(WINDOW);
        closings.knownUntil(CLOSES, CLOSES);
        assertEquals(OptionalLong.of(CLOSES - 1), closings.closedUntil(CLOSES));
        assertEquals(OptionalLong.empty(), closings.closedUntil(CLOSES));
        closings.finished(WINDOW);
        assertEquals(OptionalLong.of(CLOSES), closings.closedUntil(CLOSES));

        Window next = Window.at(STARTED + 60_000, 60_000);
        closings.unfinished(next);
        closings.knownUntil(CLOSES + 60_000, CLOSES + 60_000);
        assertEquals(OptionalLong.empty(), closings.closedUntil(CLOSES + 60_000));
        closings.finished(WINDOW);
        assertEquals(OptionalLong.empty(), closings.closedUntil(CLOSES + 60_000));
        closings.finished(next);
        assertEquals(OptionalLong.of(CLOSES + 60_000), closings.closedUntil(CLOSES + 60_000));
    }
}
