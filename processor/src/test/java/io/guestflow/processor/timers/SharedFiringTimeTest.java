package io.guestflow.processor.timers;

import static io.guestflow.processor.timers.SharedFiringTime.LEAST_NANOS;
import static io.guestflow.processor.timers.SharedFiringTime.MOST_NANOS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedFiringTimeTest {
    private static final long STEP_NANOS = 100_000;
    private static final long SECOND_NANOS = 1_000_000_000;

    private long nanos;
    private final FiringTime time = new SharedFiringTime(() -> nanos);

    @Test
    void manyThatAreDueAtOnceAreDoneAtOnce() {
        assertEquals(MOST_NANOS / 2, worked(), STEP_NANOS);
    }

    @Test
    void aTaskLeavesHalfToTheOthers() {
        long first = worked();
        long second = worked();
        assertTrue(second > first / 2 && second < first, second + " after " + first);
    }

    /** Whether few tasks or many share the thread: records get their part, and timers theirs. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 12})
    void tasksThatNeverCatchUpTakeAShareOfTheThreadAndLeaveTheRest(int tasks) {
        long[] taken = new long[tasks];
        long from = nanos;
        while (nanos - from < 60 * SECOND_NANOS) {
            for (int task = 0; task < tasks; task++) {
                taken[task] += worked();
            }
            // As Kafka Streams punctuates: at the next multiple of 200 ms; records have the time until then.
            nanos += MOST_NANOS - nanos % MOST_NANOS;
        }
        long all = 0;
        for (long some : taken) {
            all += some;
            assertTrue(some >= 60 * SECOND_NANOS / MOST_NANOS / 2 * LEAST_NANOS, "a task starved: " + some);
        }
        double share = (double) all / (nanos - from);
        assertTrue(share > 0.35 && share < 0.65, "share of timers: " + share);
    }

    @Test
    void whatIsUnusedAddsUpToABound() {
        IntStream.range(0, 20).forEach(i -> worked());
        nanos += 3600 * SECOND_NANOS;
        assertEquals(MOST_NANOS / 2, worked(), STEP_NANOS);
    }

    @Test
    void eachThreadHasAnAccountOfItsOwn() throws InterruptedException, ExecutionException {
        IntStream.range(0, 20).forEach(i -> worked());
        try (var other = Executors.newSingleThreadExecutor()) {
            assertEquals(MOST_NANOS / 2, other.submit(this::worked).get(), STEP_NANOS);
        }
    }

    /** Works until it must stop. */
    private long worked() {
        long from = nanos;
        try (FiringTime.Turn turn = time.begin()) {
            while (!turn.isOver()) {
                nanos += STEP_NANOS;
            }
        }
        return nanos - from;
    }
}
