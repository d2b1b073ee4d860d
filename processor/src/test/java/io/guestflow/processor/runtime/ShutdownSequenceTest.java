package io.guestflow.processor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ShutdownSequenceTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final List<String> ran = new CopyOnWriteArrayList<>();
    private final ShutdownSequence sequence = new ShutdownSequence(LONG);

    @Test
    void stepsRunInTheOrderTheyWereAdded() throws InterruptedException {
        sequence.add("edge", LONG, () -> ran.add("edge"));
        sequence.add("streams", LONG, () -> ran.add("streams"));
        sequence.add("effects", LONG, () -> ran.add("effects"));

        assertTrue(sequence.run());

        assertEquals(List.of("edge", "streams", "effects"), ran);
    }

    @Test
    void aStepThatFailsDoesNotKeepTheNextFromRunning() throws InterruptedException {
        sequence.add("checked", LONG, () -> {
            throw new IOException("broken");
        });
        sequence.add("error", LONG, () -> {
            throw new AssertionError("broken");
        });
        sequence.add("last", LONG, () -> ran.add("last"));

        assertFalse(sequence.run());

        assertEquals(List.of("last"), ran);
    }

    @Test
    void aStepThatIsLateIsInterruptedAndLeftBehind() throws InterruptedException {
        var interrupted = new CountDownLatch(1);
        sequence.add("stuck", SHORT, () -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        sequence.add("last", LONG, () -> ran.add("last"));

        assertFalse(sequence.run());

        interrupted.await();
        assertEquals(List.of("last"), ran);
    }

    @Test
    void allStepsTogetherHaveOneBound() throws InterruptedException {
        var bounded = new ShutdownSequence(SHORT);
        for (int i = 0; i < 5; i++) {
            bounded.add("stuck-" + i, LONG, () -> new CountDownLatch(1).await());
        }
        long before = System.nanoTime();

        assertFalse(bounded.run());

        assertTrue(Duration.ofNanos(System.nanoTime() - before).compareTo(LONG) < 0);
    }

    @Test
    void whoeverComesSecondWaitsForTheFirst() throws Exception {
        var running = new CountDownLatch(1);
        var finish = new CountDownLatch(1);
        sequence.add("slow", LONG, () -> {
            running.countDown();
            finish.await();
            ran.add("slow");
        });
        try (var threads = Executors.newFixedThreadPool(2)) {
            Future<Boolean> first = threads.submit(sequence::run);
            running.await();
            Future<Boolean> second = threads.submit(() -> {
                finish.countDown();
                boolean clean = sequence.run();
                assertEquals(List.of("slow"), ran, "the step had ended when the second caller came back");
                return clean;
            });

            assertTrue(first.get() && second.get());
        }
        assertEquals(List.of("slow"), ran, "it runs once");
    }
}
