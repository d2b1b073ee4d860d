package io.guestflow.processor.timers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DueTimersTest {
    private static final Duration NO_HOLD_OFF = Duration.ZERO;
    private static final Duration TIME_PER_FIRE = Duration.ofMillis(20);

    private final KeyValueStore<Bytes, byte[]> store = TimerStores.inMemory();
    private long nanos;

    @Test
    void timersFireInTheOrderInWhichTheyAreDueAndOnlyOnce() {
        DueTimers timers = timersAt(1_000);
        timers.arm(timer(1_300, "c"));
        timers.arm(timer(1_100, "a"));
        timers.arm(timer(1_200, "b"));
        timers.arm(timer(1_201, "later"));

        assertEquals(List.of("a", "b"), fired(timers, 1_200));
        assertEquals(List.of(), fired(timers, 1_200));
        assertEquals(List.of("later", "c"), fired(timers, 9_000));
    }

    @Test
    void twoTimersOfOneEntityAtTheSameTimeBothFire() {
        DueTimers timers = timersAt(1_000);
        timers.arm(new Timer(1_100, (byte) 1, entity("a"), 1));
        timers.arm(new Timer(1_100, (byte) 1, entity("a"), 2));
        timers.arm(new Timer(1_100, (byte) 2, entity("a"), 2));

        assertEquals(List.of("a", "a", "a"), fired(timers, 1_100));
    }

    @Test
    void aTimerThatIsDueWhenItIsArmedFiresNext() {
        DueTimers timers = timersAt(1_000);
        timers.arm(timer(5_000, "x"));
        assertEquals(List.of("x"), fired(timers, 6_000));

        timers.arm(timer(10, "past"));

        assertEquals(List.of("past"), fired(timers, 6_001));
    }

    @Test
    void aTimerArmedByTheCallbackIsNotLost() {
        DueTimers timers = timersAt(1_000);
        timers.arm(timer(1_100, "a"));
        List<String> fired = new ArrayList<>();
        timers.fire(1_100, due -> {
            fired.add(name(due));
            timers.arm(timer(1_050, "again"));
            timers.arm(timer(2_000, "later"));
        });

        assertEquals(List.of("a"), fired);
        assertEquals(List.of("again"), fired(timers, 1_101));
        assertEquals(List.of("later"), fired(timers, 2_000));
    }

    @Test
    void aTimerWithMuchToDoIsToldWhenToLeaveTheRest() {
        DueTimers timers = timersAt(1_000);
        timers.arm(timer(1_100, "a"));
        List<Boolean> told = new ArrayList<>();
        timers.fire(1_100, due -> {
            told.add(timers.mustYield());
            nanos += TIME_PER_FIRE.toNanos() + 1;
            told.add(timers.mustYield());
        });

        assertEquals(List.of(false, true), told);
        assertFalse(timers.mustYield());
    }

    @Test
    void nothingFiresBeforeTheHoldOffEnds() {
        store.put(timer(500, "old").key(), new byte[0]);
        DueTimers timers = new DueTimers(store, time(), 1_000, Duration.ofMillis(300));

        assertEquals(List.of(), fired(timers, 1_299));
        assertEquals(List.of("old"), fired(timers, 1_300));
    }

    @Test
    void whileNothingFiresWhatIsDueIsForeseenOnceAndFiresInTheEnd() {
        store.put(timer(500, "old").key(), new byte[0]);
        DueTimers timers = new DueTimers(store, time(), 1_000, Duration.ofMillis(300));
        timers.arm(timer(1_150, "soon"));
        timers.arm(timer(1_400, "later"));

        assertEquals(List.of("old"), foreseen(timers, 1_100));
        assertEquals(List.of("soon"), foreseen(timers, 1_200));
        assertEquals(List.of(), foreseen(timers, 1_299));
        assertEquals(List.of(), foreseen(timers, 1_300), "now they fire");
        assertEquals(List.of("old", "soon", "later"), fired(timers, 1_400));
    }

    @Test
    void whatIsDueWhileNothingFiresShowsAsLag() {
        store.put(timer(500, "old").key(), new byte[0]);
        DueTimers timers = new DueTimers(store, time(), 1_000, Duration.ofMillis(300));

        foreseen(timers, 1_100);

        assertEquals(600, timers.lagMs(1_100));
        fired(timers, 1_300);
        assertEquals(0, timers.lagMs(1_300));
    }

    @Test
    void whatIsForeseenIsBoundedToo() {
        DueTimers timers = new DueTimers(store, time(), 1_000, Duration.ofSeconds(10));
        for (int i = 0; i < DueTimers.TIMERS_PER_FIRE + 1; i++) {
            timers.arm(timer(900, "e" + i));
        }

        assertEquals(DueTimers.TIMERS_PER_FIRE, foreseen(timers, 1_000).size());
        assertEquals(1, foreseen(timers, 1_000).size());
    }

    @Test
    void theHoldOffEndsEarlyWhenTheBacklogIsRead() {
        store.put(timer(500, "old").key(), new byte[0]);
        DueTimers timers = new DueTimers(store, time(), 1_000, Duration.ofSeconds(10));
        assertEquals(List.of(), fired(timers, 1_100));

        timers.backlogRead();

        assertEquals(List.of("old"), fired(timers, 1_200));
    }

    @Test
    void oneCallDoesABoundedNumberAndTheNextGoesOn() {
        DueTimers timers = timersAt(1_000);
        int all = DueTimers.TIMERS_PER_FIRE * 2 + 7;
        for (int i = 0; i < all; i++) {
            timers.arm(timer(1_001 + i % 10, "t" + i));
        }

        assertEquals(DueTimers.TIMERS_PER_FIRE, fired(timers, 2_000).size());
        assertTrue(timers.lagMs(2_000) > 0, "what is left must show as lag");
        assertEquals(DueTimers.TIMERS_PER_FIRE, fired(timers, 2_000).size());
        assertEquals(7, fired(timers, 2_000).size());
        assertEquals(0, timers.lagMs(2_000));
    }

    /** A long time passed, so that the cursor is saved too, at the first timer that is left. */
    @Test
    void whatIsLeftShowsAsLagAlsoWhenTheCursorIsSaved() {
        DueTimers timers = timersAt(1_000);
        timers.arm(timer(1_001, "done"));
        timers.arm(timer(2_000, "left"));

        timers.fire(100_000, due -> nanos += TIME_PER_FIRE.toNanos() + 1);

        assertEquals(98_000, timers.lagMs(100_000));
    }

    @Test
    void oneCallTakesABoundedTimeAndTheNextGoesOn() {
        DueTimers timers = timersAt(1_000);
        for (int i = 0; i < 10; i++) {
            timers.arm(timer(1_001, "t" + i));
        }

        int fired = timers.fire(2_000, due -> nanos += TIME_PER_FIRE.toNanos() / 4);

        assertEquals(5, fired);
        assertEquals(5, fired(timers, 2_000).size());
    }

    @Test
    void oneCallGoesOnByOneAtLeastHoweverLongTheScanTakes() {
        DueTimers timers = new DueTimers(
                store, FiringTime.fixed(TIME_PER_FIRE, () -> nanos += TIME_PER_FIRE.toNanos() * 2), 1_000, NO_HOLD_OFF);
        timers.arm(timer(1_001, "a"));
        timers.arm(timer(1_002, "b"));

        assertEquals(List.of("a"), fired(timers, 2_000));
        assertEquals(List.of("b"), fired(timers, 2_000));
    }

    @Test
    void aFailingCallbackLosesNoOtherTimer() {
        DueTimers timers = timersAt(1_000);
        timers.arm(timer(1_001, "bad"));
        timers.arm(timer(1_002, "good"));
        try {
            timers.fire(2_000, due -> {
                throw new IllegalStateException("defect");
            });
        } catch (IllegalStateException expected) {
            // The owner's own affair.
        }

        assertEquals(List.of("bad", "good"), fired(timers, 2_000));
    }

    /** Without transactions a crash keeps a prefix of what was written. */
    @Test
    void aTimerIsRemovedAfterTheOneThatFollowsItIsStored() {
        DueTimers timers = timersAt(1_000);
        timers.arm(timer(1_001, "first"));

        timers.fire(2_000, due -> {
            timers.arm(timer(3_000, "next"));
            assertEquals(List.of("first", "next"), fired(timersAt(1_000), 9_000));
        });
    }

    @Test
    void anIdleTickDoesNotTouchTheStore() {
        TimerStores.Counting counting = TimerStores.counting(store);
        DueTimers timers = new DueTimers(counting.store(), time(), 1_000, NO_HOLD_OFF);
        timers.arm(timer(50_000, "later"));
        timers.fire(1_100, due -> {});
        long scans = counting.scans();

        LongStream.range(1_101, 1_200).forEach(now -> timers.fire(now, due -> {}));

        assertEquals(scans, counting.scans());
    }

    @Test
    void theCursorIsKeptSoThatAFirstScanAfterARestartSkipsHistory() {
        DueTimers timers = timersAt(1_000);
        timers.arm(timer(40_000, "a"));
        timers.arm(timer(99_000, "b"));
        assertEquals(List.of("a"), fired(timers, 50_000));
        TimerStores.Counting counting = TimerStores.counting(store);

        DueTimers restarted = new DueTimers(counting.store(), time(), 60_000, NO_HOLD_OFF);
        restarted.fire(60_000, due -> {});

        assertTrue(counting.scannedFromMs() > 40_000, "scanned from " + counting.scannedFromMs());
        assertEquals(List.of("b"), fired(restarted, 99_000));
    }

    @Test
    void aTimerBehindTheKeptCursorSurvivesARestart() {
        DueTimers timers = timersAt(1_000);
        timers.arm(timer(40_000, "a"));
        fired(timers, 50_000);
        timers.arm(timer(45_000, "behind"));

        DueTimers restarted = new DueTimers(store, time(), 60_000, NO_HOLD_OFF);

        assertEquals(List.of("behind"), fired(restarted, 60_000));
    }

    /** Any interleaving of arm, fire and restart fires every timer once and none early, whatever the clock does. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyTimerFiresOnceAndNoneEarly(long seed) {
        Random random = new Random(seed);
        long now = 1_000_000;
        DueTimers timers = timersAt(now);
        Set<String> armed = new HashSet<>();
        Set<String> fired = new HashSet<>();
        for (int step = 0; step < 2_000; step++) {
            switch (random.nextInt(10)) {
                case 0 -> timers = timersAt(now);
                case 1, 2, 3, 4 -> {
                    String name = "t" + step;
                    timers.arm(timer(Math.max(1, now + random.nextInt(-5_000, 60_000)), name));
                    armed.add(name);
                }
                default -> {
                    now = Math.max(
                            1,
                            now + (random.nextInt(20) == 0 ? random.nextInt(-600_000, 600_000) : random.nextInt(500)));
                    long at = now;
                    timers.fire(now, due -> {
                        assertTrue(due.dueMs() <= at, "early");
                        assertTrue(fired.add(name(due)), "twice: " + name(due));
                    });
                }
            }
        }
        long end = now + 10_000_000;
        DueTimers last = timers;
        while (last.fire(end, due -> assertTrue(fired.add(name(due)))) > 0) {
            // Until nothing is due any more.
        }
        assertEquals(armed, fired);
        assertFalse(TimerStores.holdsTimers(store), "timers that have fired must leave the store");
    }

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    private FiringTime time() {
        return FiringTime.fixed(TIME_PER_FIRE, () -> nanos);
    }

    private DueTimers timersAt(long nowMs) {
        return new DueTimers(store, time(), nowMs, NO_HOLD_OFF);
    }

    private static List<String> fired(DueTimers timers, long nowMs) {
        List<String> names = new ArrayList<>();
        timers.fire(nowMs, due -> names.add(name(due)));
        return names;
    }

    private static Timer timer(long dueMs, String name) {
        return new Timer(dueMs, (byte) 1, entity(name), 1);
    }

    private static List<String> foreseen(DueTimers timers, long nowMs) {
        List<String> names = new ArrayList<>();
        timers.foresee(nowMs, due -> names.add(name(due)));
        return names;
    }

    private static Bytes entity(String name) {
        return Bytes.wrap(name.getBytes(StandardCharsets.UTF_8));
    }

    private static String name(Timer timer) {
        return new String(timer.entity().get(), StandardCharsets.UTF_8);
    }
}
