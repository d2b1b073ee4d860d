package io.guestflow.processor.analytics;

import static io.guestflow.processor.analytics.Given.GRACE;
import static io.guestflow.processor.analytics.Given.MINUTE;
import static io.guestflow.processor.analytics.Given.RULES;
import static io.guestflow.processor.analytics.Given.START;
import static io.guestflow.processor.analytics.Given.WEB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.analytics.MetricsPartial;
import io.guestflow.contracts.analytics.MetricsWindow;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.processor.analytics.AnalyticsMeters.Fate;
import io.guestflow.processor.analytics.AnalyticsMeters.Stage;
import io.guestflow.processor.timers.FiringTime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When windows are published, and how often. */
class WindowClosingTest {
    private static final Instant TEN = START.plusSeconds(10);
    private static final Instant CLOSES = START.plus(MINUTE).plus(GRACE);
    private static final Duration AT_ONCE = Duration.ofSeconds(2);
    private static final Duration AT_THE_LATEST = Duration.ofSeconds(10);

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
    void aWindowIsPublishedOnceByTheClockThoughNothingMoreComes() {
        analytics.fact(Given.message(TEN));

        analytics.advanceTo(CLOSES);
        assertEquals(List.of(), analytics.published());
        analytics.advance(AT_ONCE);
        assertEquals(1, analytics.window().revision());
        analytics.advance(Duration.ofHours(1));
        assertEquals(List.of(), analytics.published());
    }

    @Test
    void factsWithinTheGraceBelongToTheFirstRevision() {
        analytics.fact(Given.message(TEN));
        analytics.advanceTo(CLOSES.minusMillis(200));
        analytics.fact(Given.message(TEN));
        analytics.advance(AT_ONCE.plusMillis(200));

        assertEquals(2, analytics.window().messages().inbound());
    }

    @Test
    void aWindowWaitsForFactsThatLieUnread() {
        analytics.fact(Given.message(TEN));
        analytics.behind();
        analytics.advanceTo(CLOSES.plusSeconds(3));
        assertEquals(List.of(), analytics.published());
        analytics.fact(Given.message(TEN));
        analytics.caughtUp();
        analytics.advance(AT_ONCE);

        MetricsWindow window = analytics.window();
        assertEquals(1, window.revision());
        assertEquals(2, window.messages().inbound());
    }

    @Test
    void itDoesNotWaitLongerThanTenSeconds() {
        analytics.fact(Given.message(TEN));
        analytics.behind();
        analytics.advanceTo(CLOSES.plusSeconds(7));
        assertEquals(List.of(), analytics.published());
        // The rest is for the commits and fetches of a broker, which there is none of here.
        analytics.advanceTo(CLOSES.plusSeconds(9));

        assertEquals(1, analytics.window().revision());
    }

    @Test
    void aLateFactBringsTheWholeWindowAgain() {
        analytics.fact(Given.succeeded(TEN, WEB, 100));
        analytics.advanceTo(CLOSES.plus(AT_ONCE));
        assertEquals(1, analytics.window().revision());

        analytics.advance(Duration.ofHours(1));
        analytics.fact(Given.succeeded(TEN, WEB, 300));
        analytics.advance(AT_THE_LATEST);

        MetricsWindow again = analytics.window();
        assertEquals(2, again.revision());
        assertEquals(2, again.auth().succeeded());
        assertEquals(200.0, again.authLatencyMs().mean());
        assertEquals(300, again.authLatencyMs().max());
    }

    @Test
    void whatComesFirstAfterARestartIsAsLateAsItWouldHaveBeenBefore() {
        analytics.fact(Given.message(TEN));
        analytics.advanceTo(CLOSES.plus(AT_ONCE));
        MetricsPartial.Part part = analytics.partials().getFirst();
        analytics.restart();
        analytics.partial(Given.ofPartition(part, 1));
        analytics.advance(AT_THE_LATEST);

        List<AnalyticsHarness.Published> history = analytics.history();
        assertEquals(2, history.size());
        assertEquals(2, history.getLast().window().messages().inbound());
        Duration apart =
                Duration.between(history.getFirst().at(), history.getLast().at());
        assertTrue(apart.compareTo(Duration.ofSeconds(5)) >= 0, () -> apart + " apart");
    }

    @Test
    void aWindowWhoseFirstFactIsLateIsPublishedAllTheSame() {
        analytics.advance(Duration.ofHours(3));
        analytics.fact(Given.message(TEN));
        analytics.advance(AT_THE_LATEST);

        assertEquals(1, analytics.window().revision());
    }

    @Test
    void aBacklogBringsARevisionOfAKeyEveryFiveSecondsAtMost() {
        analytics.advance(Duration.ofHours(1));
        int facts = 0;
        analytics.behind();
        for (int step = 0; step < 300; step++) {
            for (int minute = 0; minute < 3; minute++) {
                analytics.fact(Given.message(START.plusSeconds(60L * minute + step % 60)));
                facts++;
            }
            analytics.advance(Duration.ofMillis(200));
        }
        analytics.caughtUp();
        analytics.advance(AT_THE_LATEST);

        assertEquals(
                facts,
                analytics.last().values().stream()
                        .mapToLong(window -> window.messages().inbound())
                        .sum());
        List<AnalyticsHarness.Published> history = analytics.history();
        for (int i = 0; i < history.size(); i++) {
            for (int j = i + 1; j < history.size(); j++) {
                if (history.get(i).window().key().equals(history.get(j).window().key())) {
                    assertTrue(
                            Duration.between(history.get(i).at(), history.get(j).at())
                                            .compareTo(Duration.ofSeconds(5))
                                    >= 0,
                            history.get(i) + " and " + history.get(j));
                }
            }
        }
        assertEquals(0, analytics.facts(Fate.DROPPED));
        assertTrue(history.size() <= 3 * 13, history.size() + " revisions");
    }

    @Test
    void liveFactsDoNotMakeABacklogLate() {
        analytics.advance(Duration.ofHours(1));
        analytics.fact(Given.message(analytics.now()));
        analytics.fact(Given.message(TEN));
        analytics.advance(Duration.ofMinutes(2));

        assertEquals(2, analytics.published().size());
    }

    @Test
    void afterTheRetentionAFactIsDroppedAndCounted() {
        analytics.fact(Given.message(TEN));
        analytics.advanceTo(CLOSES.plus(RULES.retention()).minusSeconds(1));
        analytics.fact(Given.message(TEN));
        analytics.advance(Duration.ofSeconds(1));
        analytics.published();
        analytics.fact(Given.message(TEN));
        analytics.advance(AT_THE_LATEST);

        assertEquals(1, analytics.facts(Fate.DROPPED));
        assertEquals(1, analytics.dropped(Stage.FACT));
        assertEquals(2, analytics.window().messages().inbound());
    }

    @Test
    void whatIsBeyondTheRetentionIsForgotten() {
        analytics.fact(Given.succeeded(TEN, WEB, 100));
        analytics.advanceTo(CLOSES.plus(AT_ONCE));
        assertFalse(analytics.left(PartialProcessor.WINDOWS).isEmpty());
        assertFalse(analytics.left(MergeProcessor.WINDOWS).isEmpty());
        analytics.advance(RULES.retention().plus(Duration.ofHours(2)));

        for (String store : List.of(
                PartialProcessor.WINDOWS, PartialProcessor.TIMERS, MergeProcessor.WINDOWS, MergeProcessor.TIMERS)) {
            assertEquals(List.of(), analytics.left(store), store);
        }
    }

    @Test
    void aPartThatComesWhenTheWindowIsForgottenIsDropped() {
        analytics.fact(Given.message(TEN));
        analytics.advanceTo(CLOSES.plus(AT_ONCE));
        analytics.published();
        MetricsPartial.Part partial = analytics.partials().getFirst();
        analytics.advance(RULES.retention().plus(Duration.ofHours(2)));
        analytics.partial(Given.ofPartition(partial, 7));
        analytics.advance(AT_THE_LATEST);

        assertEquals(List.of(), analytics.published());
        assertEquals(1, analytics.dropped(Stage.PARTIAL));
    }

    @Test
    void partsOfSeveralPartitionsAreOneWindowAndTheLastOfEachCounts() {
        restartWith(3);
        analytics.fact(Given.message(TEN, WEB, Direction.OUTBOUND));
        analytics.advanceTo(CLOSES.plusMillis(400));
        MetricsPartial.Part own = analytics.partials().getFirst();
        analytics.partial(Given.ofPartition(own, 1));
        analytics.partial(Given.ofPartition(own, 2));
        analytics.partial(Given.ofPartition(own, 1));
        analytics.partial(new MetricsPartial.Closed(1, CLOSES));
        analytics.advance(Duration.ofMillis(600));
        assertEquals(List.of(), analytics.published());
        analytics.partial(new MetricsPartial.Closed(2, CLOSES));
        analytics.advance(Duration.ofMillis(600));

        MetricsWindow window = analytics.window();
        assertEquals(1, window.revision());
        assertEquals(3, window.messages().outbound());
    }

    @Test
    void aWindowWaitsForAPartitionThatIsBehind() {
        restartWith(2);
        analytics.fact(Given.message(TEN));
        analytics.advanceTo(CLOSES.plusSeconds(5));
        MetricsPartial.Part own = analytics.partials().getFirst();
        assertEquals(List.of(), analytics.published());
        analytics.partial(Given.ofPartition(own, 1));
        analytics.partial(new MetricsPartial.Closed(1, CLOSES.plusSeconds(4)));
        analytics.advance(Duration.ofMillis(600));

        assertEquals(2, analytics.window().messages().inbound());
        analytics.advance(Duration.ofMinutes(5));
        assertEquals(List.of(), analytics.published());
    }

    @Test
    void itDoesNotWaitForeverForAPartitionThatSaysNothing() {
        restartWith(2);
        analytics.fact(Given.message(TEN));
        analytics.advanceTo(CLOSES.plusSeconds(8));
        assertEquals(List.of(), analytics.published());
        analytics.advanceTo(CLOSES.plus(AT_THE_LATEST));
        assertEquals(1, analytics.window().revision());

        analytics.partial(Given.ofPartition(analytics.partials().getFirst(), 1));
        analytics.advance(AT_THE_LATEST);
        MetricsWindow again = analytics.window();
        assertEquals(2, again.revision());
        assertEquals(2, again.messages().inbound());
    }

    @Test
    void aPartitionWhoseClockWasAheadIsWaitedForAgain() {
        restartWith(2);
        analytics.partial(new MetricsPartial.Closed(1, START.plus(Duration.ofHours(1))));
        Instant later = START.plus(MINUTE.multipliedBy(5));
        analytics.advanceTo(later);
        analytics.fact(Given.message(later));
        Instant closes = later.plus(MINUTE).plus(GRACE);
        analytics.advanceTo(closes.plus(AT_ONCE));
        assertEquals(List.of(), analytics.published());
        analytics.partial(new MetricsPartial.Closed(1, closes));
        analytics.advance(Duration.ofMillis(600));

        assertEquals(1, analytics.window().revision());
    }

    @Test
    void afterARestartPartitionsAreWaitedForAnew() {
        restartWith(2);
        analytics.fact(Given.message(TEN));
        analytics.advanceTo(CLOSES.plusSeconds(2));
        MetricsPartial.Part own = analytics.partials().getFirst();
        analytics.moveToClock(CLOSES.plusSeconds(60));
        analytics.advance(Duration.ofSeconds(5));
        assertEquals(List.of(), analytics.published());
        analytics.partial(Given.ofPartition(own, 1));
        analytics.partial(new MetricsPartial.Closed(1, CLOSES));
        analytics.advance(Duration.ofMillis(600));

        assertEquals(2, analytics.window().messages().inbound());
    }

    @Test
    void thePartSentAgainChangesNothing() {
        analytics.fact(Given.succeeded(TEN, WEB, 100));
        analytics.advanceTo(CLOSES.plus(AT_ONCE));
        analytics.published();
        analytics.partials().forEach(analytics::partial);
        analytics.advance(AT_THE_LATEST);

        assertEquals(List.of(), analytics.published());
    }

    @Test
    void aRestartNeitherLosesNorDoublesAWindow() {
        analytics.fact(Given.succeeded(TEN, WEB, 100));
        analytics.restart();
        analytics.fact(Given.succeeded(TEN, WEB, 200));
        analytics.advanceTo(CLOSES.minusMillis(200));
        analytics.restart();
        analytics.advance(Duration.ofMillis(600));
        analytics.restart();
        analytics.advance(AT_THE_LATEST);

        MetricsWindow window = analytics.window();
        assertEquals(1, window.revision());
        assertEquals(150.0, window.authLatencyMs().mean());
    }

    @Test
    void aClockThatIsBehindTheOneBeforeLosesAndDoublesNothing() {
        analytics.fact(Given.message(TEN));
        analytics.advanceTo(CLOSES.plusSeconds(2));
        assertEquals(1, analytics.window().revision());

        analytics.moveToClock(CLOSES.minusSeconds(5));
        analytics.fact(Given.message(TEN));
        analytics.advance(Duration.ofSeconds(5).plus(AT_THE_LATEST));

        MetricsWindow again = analytics.window();
        assertEquals(2, again.revision());
        assertEquals(2, again.messages().inbound());
    }

    @Test
    void aClockThatIsAheadOfTheOneBeforeLosesAndDoublesNothing() {
        analytics.fact(Given.message(TEN));
        analytics.moveToClock(CLOSES.plusSeconds(5));
        analytics.fact(Given.message(TEN));
        analytics.advance(AT_THE_LATEST);

        assertEquals(2, analytics.last().values().iterator().next().messages().inbound());
        assertEquals(1, analytics.last().size());
    }

    private void restartWith(int partitions) {
        analytics.close();
        analytics = new AnalyticsHarness(RULES, stateDir, partitions, FiringTime.fixed(Duration.ofDays(1), () -> 0));
    }
}
