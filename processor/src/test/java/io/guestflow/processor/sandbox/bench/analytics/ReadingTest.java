package io.guestflow.processor.sandbox.bench.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.sandbox.bench.analytics.Reading.Extent;
import io.guestflow.processor.sandbox.bench.analytics.Reading.Look;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ReadingTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Duration WITHIN = Duration.ofSeconds(30);

    @Test
    void theFirstFifthIsNotPartOfWhatIsSteady() {
        var reading = new Reading(
                1_000,
                List.of(
                        new Look(0, 0),
                        new Look(10 * SECOND, 150),
                        new Look(12 * SECOND, 200),
                        new Look(16 * SECOND, 1_000)));

        assertEquals(16, reading.seconds());
        assertEquals(1.0 / 16, reading.sharePerSecond());
        assertEquals(0.8 / 4, reading.steady().sharePerSecond());
    }

    @Test
    void aLumpThatCameInSeveralLooksIsOne() {
        var reading = new Reading(
                1_000,
                List.of(
                        new Look(0, 0),
                        new Look(5 * SECOND, 100),
                        new Look(5 * SECOND + SECOND / 2, 300),
                        new Look(10 * SECOND, 700),
                        new Look(10 * SECOND + SECOND / 10, 1_000)));

        assertEquals(
                List.of(
                        new Look(0, 0),
                        new Look(5 * SECOND + SECOND / 2, 300),
                        new Look(10 * SECOND + SECOND / 10, 1_000)),
                reading.lumped(Duration.ofSeconds(1)).looks());
        assertEquals(0.7 / 4.6, reading.lumped(Duration.ofSeconds(1)).steady().sharePerSecond(), 1e-9);
    }

    @Test
    void whatWasCommittedAtOnceIsNoSteadyRate() {
        var reading = new Reading(1_000, List.of(new Look(0, 0), new Look(2 * SECOND, 1_000)));

        assertEquals(0.5, reading.steady().sharePerSecond());
        assertEquals(0.5, reading.busy().sharePerSecond());
    }

    @Test
    void whoWaitsForItsLastCommitIsNotBusy() {
        var reading = new Reading(
                1_000,
                List.of(
                        new Look(0, 0),
                        new Look(SECOND, 200),
                        new Look(2 * SECOND, 500),
                        new Look(3 * SECOND, 900),
                        new Look(4 * SECOND, 1_000)));

        assertEquals(0.7 / 2, reading.busy().sharePerSecond());
        assertEquals(0.8 / 3, reading.steady().sharePerSecond(), 1e-9);
    }

    @Test
    void ofABacklogThatIsLeftOnlyWhatWasReadCounts() {
        var reading = new Reading(2_000, List.of(new Look(0, 0), new Look(SECOND, 100), new Look(3 * SECOND, 500)));

        assertEquals(0.25, reading.share());
        assertEquals(0.2 / 2, reading.steady().sharePerSecond());
    }

    @Test
    void whoTellsOfItselfIsFollowedUntilAllIsDoneOrItsTimeIsOver() throws InterruptedException {
        var told = List.of(0L, 3L, 3L, 10L).iterator();
        Reading all = Reading.follow("reader", told::next, 10, WITHIN, WITHIN);
        assertEquals(List.of(0L, 3L, 10L), all.looks().stream().map(Look::done).toList());

        var endless = LongStream.iterate(1, done -> done + 1).iterator();
        Reading part = Reading.follow("reader", endless::nextLong, Long.MAX_VALUE, Duration.ofNanos(1), WITHIN);
        assertTrue(part.looks().size() > 1 && part.looks().size() < 5, part::toString);

        assertThrows(
                IllegalStateException.class, () -> Reading.follow("reader", () -> 0, 1, WITHIN, Duration.ofNanos(1)));
    }

    @Test
    void aBacklogIsAsLargeAsItsPartitionsTogether() {
        TopicPartition one = new TopicPartition("t", 0);
        TopicPartition other = new TopicPartition("t", 1);

        assertEquals(17, new Extent(Map.of(one, 3L), Map.of(one, 10L, other, 10L)).size());
    }
}
