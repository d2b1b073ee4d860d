package io.guestflow.processor.effects;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(30)
class KeyLanesTest {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final KeyLanes lanes = new KeyLanes(threads);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void aKeyThatHangsHoldsUpNoOther() throws InterruptedException {
        CountDownLatch hang = new CountDownLatch(1);
        CountDownLatch otherRan = new CountDownLatch(1);
        lanes.execute("a", () -> awaitQuietly(hang));

        lanes.execute("b", otherRan::countDown);

        assertTrue(otherRan.await(10, SECONDS));
        hang.countDown();
    }

    @Test
    void aKeyWithoutTasksTakesNoMemory() throws InterruptedException {
        CountDownLatch hang = new CountDownLatch(1);
        lanes.execute("a", () -> awaitQuietly(hang));
        lanes.execute("a", () -> {});
        assertEquals(1, lanes.keys());

        hang.countDown();

        await().until(() -> lanes.keys() == 0);
    }

    @Test
    void aTaskThatThrowsDoesNotStopItsKey() throws InterruptedException {
        List<Runnable> given = new ArrayList<>();
        KeyLanes onHand = new KeyLanes(given::add);
        CountDownLatch second = new CountDownLatch(1);
        onHand.execute("a", () -> {
            throw new IllegalStateException("broken");
        });
        onHand.execute("a", second::countDown);

        try {
            given.removeFirst().run();
        } catch (IllegalStateException expected) {
            given.removeFirst().run();
        }

        assertEquals(0, second.getCount());
    }

    @Test
    void whatIsClearedDoesNotRun() {
        List<Runnable> given = new ArrayList<>();
        KeyLanes onHand = new KeyLanes(given::add);
        List<String> ran = new ArrayList<>();
        onHand.execute("a", () -> ran.add("first"));
        onHand.execute("a", () -> ran.add("second"));

        onHand.clear();
        given.removeFirst().run();

        assertEquals(List.of("first"), ran);
        assertTrue(given.isEmpty());
    }

    static IntStream seeds() {
        return IntStream.range(0, 20);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void tasksOfOneKeyRunInOrderAndNeverTogether(int seed) {
        Random random = new Random(seed);
        Map<String, List<Integer>> expected = new HashMap<>();
        Map<String, Queue<Integer>> ran = new ConcurrentHashMap<>();
        Map<String, AtomicInteger> together = new ConcurrentHashMap<>();
        AtomicInteger overlaps = new AtomicInteger();

        for (int i = 0; i < 500; i++) {
            String key = "k" + random.nextInt(7);
            int number = i;
            expected.computeIfAbsent(key, k -> new ArrayList<>()).add(number);
            lanes.execute(key, () -> {
                AtomicInteger running = together.computeIfAbsent(key, k -> new AtomicInteger());
                if (running.incrementAndGet() > 1) {
                    overlaps.incrementAndGet();
                }
                Thread.yield();
                ran.computeIfAbsent(key, k -> new ConcurrentLinkedQueue<>()).add(number);
                running.decrementAndGet();
            });
        }

        await().until(() -> lanes.keys() == 0);
        assertEquals(0, overlaps.get());
        expected.forEach((key, numbers) -> assertEquals(numbers, List.copyOf(ran.get(key))));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
