package io.guestflow.processor.effects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OffsetTrackerTest {
    private final OffsetTracker tracker = new OffsetTracker();

    @Test
    void commitsThePositionWhenNothingIsIncomplete() {
        assertEquals(7, tracker.committable(7));

        tracker.delivered(7);
        tracker.complete(7);

        assertEquals(12, tracker.committable(12), "the position behind the markers, not the record's number plus one");
    }

    @Test
    void neverCommitsPastTheLowestIncompleteRecord() {
        tracker.delivered(3);
        tracker.delivered(5);
        tracker.complete(5);

        assertEquals(3, tracker.committable(9));
    }

    @Test
    void windowCountsFromTheCommittedOffsetWhetherCompleteOrNot() {
        tracker.delivered(10);
        tracker.delivered(12);
        tracker.delivered(14);
        tracker.complete(10);
        assertEquals(3, tracker.window());

        tracker.committed(12);

        assertEquals(2, tracker.window());
    }

    @Test
    void refusesARecordThatIsNotNewer() {
        tracker.delivered(4);

        assertThrows(IllegalStateException.class, () -> tracker.delivered(4));
    }

    @Test
    void refusesACompletionThatIsNotDue() {
        tracker.delivered(4);
        tracker.complete(4);

        assertThrows(IllegalStateException.class, () -> tracker.complete(4));
        assertThrows(IllegalStateException.class, () -> tracker.complete(5));
    }

    static IntStream seeds() {
        return IntStream.range(0, 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whateverTheGapsAndTheOrderOfCompletion(int seed) {
        Random random = new Random(seed);
        List<Long> running = new ArrayList<>();
        TreeSet<Long> incomplete = new TreeSet<>();
        TreeSet<Long> delivered = new TreeSet<>();
        long position = random.nextInt(1000);
        long committed = position;

        for (int step = 0; step < 500; step++) {
            switch (random.nextInt(3)) {
                case 0 -> {
                    long offset = position + random.nextInt(4);
                    tracker.delivered(offset);
                    running.add(offset);
                    incomplete.add(offset);
                    delivered.add(offset);
                    position = offset + 1 + random.nextInt(3);
                }
                case 1 -> {
                    if (!running.isEmpty()) {
                        long done = running.remove(random.nextInt(running.size()));
                        tracker.complete(done);
                        incomplete.remove(done);
                    }
                }
                default -> {
                    long committable = tracker.committable(position);
                    assertTrue(committable >= committed, "went back");
                    committed = committable;
                    tracker.committed(committed);
                }
            }
            long committable = tracker.committable(position);
            assertTrue(incomplete.isEmpty() || committable <= incomplete.first(), "past an incomplete record");
            assertTrue(committable <= position, "past the position");
            assertEquals(delivered.tailSet(committed).size(), tracker.window());
        }

        running.forEach(tracker::complete);
        assertEquals(position, tracker.committable(position), "all complete, so all can be committed");
    }
}
