package io.guestflow.processor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlewedClockTest {
    private static final Instant START = Instant.parse("2026-11-22T07:00:00Z");

    /** A machine whose wall clock can be set while its time passes, and which can sleep. */
    private static final class Machine implements ClockLog {
        // Just before the overflow of nanoTime, which has no origin.
        long nanos = Long.MAX_VALUE - Duration.ofSeconds(5).toNanos();
        Instant wall = START;
        Duration slept = Duration.ZERO;
        final List<String> told = new ArrayList<>();

        SlewedClock clock() {
            return new SlewedClock(() -> nanos, () -> wall, () -> slept.toNanos(), this);
        }

        void pass(Duration time) {
            nanos += time.toNanos();
            wall = wall.plus(time);
        }

        void sleep(Duration time) {
            wall = wall.plus(time);
            slept = slept.plus(time);
        }

        @Override
        public void apart(Duration offset, Duration lasting) {
            told.add("apart by " + offset.toSeconds() + " s for " + lasting.toMinutes() + " min");
        }

        @Override
        public void mended() {
            told.add("mended");
        }

        @Override
        public void slept(Duration time) {
            told.add("slept " + time.toSeconds() + " s");
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
    @CsvSource({"600, 0.1", "-600, 0.5", "86400, 0.1", "-86400, 0.5"})
    void aStepMakesNothingEarlyAndStopsNothing(long seconds, double bound) {
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
        double error = measured.minus(Duration.ofMinutes(1)).toNanos() * Long.signum(seconds) / 60e9;
        assertTrue(error > 0.95 * bound, () -> "it turns towards the wall clock as fast as it may: " + error);
        assertTrue(error <= bound, () -> "and no faster: " + error);
    }

    @ParameterizedTest(name = "step of {0} s")
    @CsvSource({"600, 110", "-600, 35", "60, 25", "-60, 15", "1, 8", "-1, 8"})
    void itIsRightAgainAfterABoundedTime(long seconds, long minutes) {
        var machine = new Machine();
        SlewedClock clock = machine.clock();
        machine.wall = machine.wall.plusSeconds(seconds);

        for (long i = 0; i < minutes * 60 * 2; i++) {
            machine.pass(Duration.ofMillis(500));
            Instant now = clock.instant();
            assertTrue(seconds > 0 ? !now.isAfter(machine.wall) : !now.isBefore(machine.wall), "never beyond it");
        }

        assertEquals(Duration.ZERO, clock.wallOffset());
    }

    @ParameterizedTest(name = "a look every {0} ms")
    @ValueSource(longs = {1, 30, 100, 170, 2_000, 60_000})
    void howOftenSomebodyLooksMakesNoDifference(long every) {
        var machine = new Machine();
        SlewedClock clock = machine.clock();
        machine.wall = machine.wall.plusSeconds(600);
        clock.instant();

        for (long passed = 0; passed < 600_000; passed += every) {
            machine.pass(Duration.ofMillis(every));
            clock.instant();
        }

        assertEquals(540.0, clock.wallOffset().toMillis() / 1e3, 7.0);
    }

    @Test
    void theOperatorIsToldWhenTheClocksAreApartAndWhenThatIsOver() {
        var machine = new Machine();
        SlewedClock clock = machine.clock();
        machine.wall = machine.wall.plusSeconds(4);
        for (int i = 0; i < 100; i++) {
            machine.pass(Duration.ofMillis(50));
            clock.instant();
        }
        assertEquals(List.of(), machine.told);

        machine.wall = machine.wall.minusSeconds(600);
        for (int i = 0; i < 40_000; i++) {
            machine.pass(Duration.ofMillis(50));
            clock.instant();
        }

        assertEquals(List.of("apart by -597 s for 24 min", "mended"), machine.told);
    }

    @Test
    void timeThatTheMachineSleptHasPassed() {
        var machine = new Machine();
        SlewedClock clock = machine.clock();
        machine.pass(Duration.ofSeconds(3));
        clock.instant();

        machine.sleep(Duration.ofMinutes(20));
        machine.pass(Duration.ofMillis(100));

        assertEquals(machine.wall, clock.instant());
        assertEquals(List.of("slept 1200 s"), machine.told);
    }

    @Test
    void aSleepThatTheWallClockLearnsOfLaterIsMadeUpForThenAndOnce() {
        var machine = new Machine();
        SlewedClock clock = machine.clock();
        machine.slept = Duration.ofMinutes(20);
        machine.pass(Duration.ofSeconds(30));
        assertEquals(machine.wall, clock.instant());

        machine.wall = machine.wall.plus(Duration.ofMinutes(20));
        machine.pass(Duration.ofMillis(100));
        assertEquals(machine.wall, clock.instant());
        machine.wall = machine.wall.plus(Duration.ofMinutes(10));
        machine.pass(Duration.ofMillis(100));
        clock.instant();
        machine.pass(Duration.ofMillis(100));

        assertEquals(
                Duration.ofMinutes(10).minusMillis(10),
                Duration.between(clock.instant(), machine.wall),
                "a step is none the less a step");
    }

    @Test
    void aSleepThatTheWallClockDoesNotConfirmMovesNothing() {
        var machine = new Machine();
        SlewedClock clock = machine.clock();
        machine.slept = Duration.ofDays(3);
        machine.wall = machine.wall.plusSeconds(90);
        machine.pass(Duration.ofMillis(100));

        assertEquals(machine.wall, clock.instant(), "not beyond the wall clock");
        machine.wall = machine.wall.minusSeconds(30);
        machine.pass(Duration.ofMillis(100));
        assertTrue(clock.instant().isAfter(machine.wall), "and not back with it");
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
            long measured = Duration.between(last, now).toNanos();

            assertTrue(measured >= 0, () -> "went back by " + measured);
            assertTrue(
                    measured <= passed.toNanos() * (1 + Slew.FASTEST) + 1,
                    () -> "passed " + passed + ", measured " + measured);
            assertTrue(
                    measured >= passed.toNanos() * (1 - Slew.SLOWEST) - 1,
                    () -> "passed " + passed + ", measured " + measured);
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
        var clock = new SlewedClock(
                () -> origin + (System.nanoTime() - origin) * 100, jumpy, () -> 0, ClockLog.ofTheProcess());
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
        var clock = new SlewedClock(
                nanos::get,
                () -> {
                    if (Thread.currentThread() == main) {
                        return START.plusSeconds(600);
                    }
                    stalled.countDown();
                    awaitUninterruptibly(resume);
                    return START.minusSeconds(600);
                },
                () -> 0,
                ClockLog.ofTheProcess());
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
        var clock = new SlewedClock(System::nanoTime, ahead, () -> 0, ClockLog.ofTheProcess());
        Object monitor = new Object();
        long before = System.nanoTime();

        assertThrows(TimeoutException.class, () -> clock.waitObject(monitor, () -> false, clock.milliseconds() + 20));

        Duration waited = Duration.ofNanos(System.nanoTime() - before);
        assertTrue(waited.toMillis() >= 19 && waited.toSeconds() < 60, waited.toString());
        clock.waitObject(monitor, () -> true, clock.milliseconds() - 1);
    }
}
