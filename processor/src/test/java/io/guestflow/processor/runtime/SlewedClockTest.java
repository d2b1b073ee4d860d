package io.guestflow.processor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlewedClockTest {
    private static final Instant START = Instant.parse("2026-11-22T07:00:00Z");

    /** A machine whose wall clock can be set while its time passes. */
    private static final class Machine {
        // Just before the overflow of nanoTime, which has no origin.
        long nanos = Long.MAX_VALUE - Duration.ofSeconds(5).toNanos();
        Instant wall = START;

        SlewedClock clock() {
            return new SlewedClock(() -> nanos, () -> wall);
        }

        void pass(Duration time) {
            nanos += time.toNanos();
            wall = wall.plus(time);
        }
    }

    @Test
    void withoutStepsItIsTheWallClock() {
        var machine = new Machine();
        SlewedClock clock = machine.clock();

        for (int i = 0; i < 1000; i++) {
            machine.pass(Duration.ofMillis(37));
            assertEquals(machine.wall, clock.instant());
            assertEquals(machine.wall.toEpochMilli(), clock.milliseconds());
        }
        assertEquals(Duration.ZERO, clock.wallOffset());
    }

    @ParameterizedTest(name = "step of {0} s")
    @ValueSource(longs = {600, -600})
    void aStepOfTenMinutesMakesNothingEarlyAndStopsNothing(long seconds) {
        var machine = new Machine();
        SlewedClock clock = machine.clock();
        machine.pass(Duration.ofSeconds(1));
        machine.wall = machine.wall.plusSeconds(seconds);
        Instant before = clock.instant();

        for (int i = 0; i < 60_000; i++) {
            machine.pass(Duration.ofMillis(1));
            clock.instant();
        }

        Duration measured = Duration.between(before, clock.instant());
        long error = measured.minus(Duration.ofMinutes(1)).toNanos() * Long.signum(seconds);
        assertTrue(error > 0, "it turns towards the wall clock");
        assertTrue(error <= Duration.ofMinutes(1).toNanos() / 1000, "by no more than 1000 ppm: " + error + " ns");
        assertEquals(
                seconds, clock.wallOffset().plusSeconds(seconds > 0 ? 1 : 0).toSeconds());
    }

    @Test
    void aSmallStepIsCaughtUpWithAndNotOvershot() {
        var machine = new Machine();
        SlewedClock clock = machine.clock();
        machine.wall = machine.wall.plusMillis(50);

        for (int i = 0; i < 49_000 / 20; i++) {
            machine.pass(Duration.ofMillis(20));
            clock.instant();
        }
        assertTrue(clock.wallOffset().toMillis() >= 1, "50 ms take 50 s");

        for (int i = 0; i < 2_000 / 20; i++) {
            machine.pass(Duration.ofMillis(20));
            assertTrue(!clock.instant().isAfter(machine.wall), "it never overtakes");
        }
        assertEquals(Duration.ZERO, clock.wallOffset());
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whateverTheMachinesClockDoesTimePassesAtItsPace(long seed) {
        var random = new Random(seed);
        var machine = new Machine();
        SlewedClock clock = machine.clock();
        Instant last = clock.instant();
        for (int i = 0; i < 5_000; i++) {
            if (random.nextInt(20) == 0) {
                machine.wall = machine.wall.plusMillis(random.nextLong(-600_000, 600_001));
            }
            Duration passed = Duration.ofNanos(
                    switch (random.nextInt(4)) {
                        case 0 -> 0;
                        case 1 -> random.nextLong(1_000);
                        case 2 -> random.nextLong(1_000_000_000L);
                        default -> random.nextLong(100_000_000L);
                    });
            machine.pass(passed);

            Instant now = clock.instant();
            Duration measured = Duration.between(last, now);

            long slack = passed.toNanos() / SlewedClock.SLEW_DIVISOR + 1;
            assertTrue(
                    Math.abs(measured.minus(passed).toNanos()) <= slack,
                    () -> "passed " + passed + ", measured " + measured);
            assertTrue(!measured.isNegative(), () -> "went back by " + measured);
            last = now;
        }
    }

    @Test
    void aLongPauseOfTheProcessIsCountedInFull() {
        var machine = new Machine();
        SlewedClock clock = machine.clock();

        machine.pass(Duration.ofHours(9));

        assertEquals(START.plus(Duration.ofHours(9)), clock.instant());
    }

    @Test
    void noThreadSeesTimeGoBackWhileTheMachinesClockJumps() throws Exception {
        var offset = new AtomicLong();
        InstantSource jumpy = () -> InstantSource.system().instant().plusMillis(offset.get());
        // A hundred times as fast, so that strides end all the time.
        long origin = System.nanoTime();
        var clock = new SlewedClock(() -> origin + (System.nanoTime() - origin) * 100, jumpy);
        var published = new AtomicLong(Long.MIN_VALUE);
        var stop = new AtomicBoolean();
        var started = new CountDownLatch(4);
        try (var threads = Executors.newFixedThreadPool(4)) {
            var readers = new ArrayList<Future<Long>>();
            for (int i = 0; i < 4; i++) {
                readers.add(threads.submit(() -> {
                    started.countDown();
                    long readings = 0;
                    while (!stop.get()) {
                        long floor = published.get();
                        Instant now = clock.instant();
                        long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
                        if (nanos < floor) {
                            throw new AssertionError("went back by " + (floor - nanos) + " ns");
                        }
                        published.accumulateAndGet(nanos, Math::max);
                        readings++;
                    }
                    return readings;
                }));
            }
            started.await();
            var random = new Random(7);
            long end = System.nanoTime() + Duration.ofMillis(700).toNanos();
            while (System.nanoTime() < end) {
                offset.set(random.nextLong(-600_000, 600_001));
                Thread.onSpinWait();
            }
            stop.set(true);
            for (Future<Long> reader : readers) {
                assertTrue(reader.get() > 0);
            }
        }
    }

    @Test
    void aThreadThatStallsBetweenTwoStridesBringsNoOldTimeBack() throws Exception {
        var nanos = new AtomicLong();
        var stalled = new CountDownLatch(1);
        var resume = new CountDownLatch(1);
        Thread main = Thread.currentThread();
        var clock = new SlewedClock(nanos::get, () -> {
            if (Thread.currentThread() == main) {
                return START.plusSeconds(600);
            }
            stalled.countDown();
            awaitUninterruptibly(resume);
            return START.minusSeconds(600);
        });
        nanos.set(SlewedClock.STRIDE_NANOS);
        try (var threads = Executors.newSingleThreadExecutor()) {
            Future<Instant> late = threads.submit(clock::instant);
            stalled.await();
            clock.instant();
            nanos.addAndGet(SlewedClock.STRIDE_NANOS - 1);
            Instant before = clock.instant();

            resume.countDown();
            Instant lates = late.get();
            Instant after = clock.instant();

            assertTrue(!after.isBefore(before), "went back by " + Duration.between(after, before));
            assertTrue(!lates.isBefore(before), "the late thread came with an old time");
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aDeadlineIsOneOfThisClockEvenWhenTheMachinesDiffers() throws InterruptedException {
        // Ten minutes ahead of the machine: handed to Time.SYSTEM, the deadline would be ten minutes away.
        InstantSource ahead = () -> InstantSource.system().instant().plusSeconds(600);
        var clock = new SlewedClock(System::nanoTime, ahead);
        Object monitor = new Object();
        long before = System.nanoTime();

        assertThrows(TimeoutException.class, () -> clock.waitObject(monitor, () -> false, clock.milliseconds() + 20));

        Duration waited = Duration.ofNanos(System.nanoTime() - before);
        assertTrue(waited.toMillis() >= 19 && waited.toSeconds() < 60, waited.toString());
        clock.waitObject(monitor, () -> true, clock.milliseconds() - 1);
    }
}
