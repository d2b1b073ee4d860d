package io.guestflow.processor.timers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.runtime.SlewedClock;
import io.guestflow.processor.runtime.SlewedMachine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Timers over crashes. Under exactly-once a crash loses what was not committed, in the store and in what it led to alike:
 * both go back to the same moment. Whatever is armed, fired, committed and lost in between, every timer that stays armed
 * fires once, and none early by the clock of the process. That clock is the slewed one: it neither goes back nor follows
 * the steps of the machine's, and a process that starts again takes the machine's as it finds it.
 */
class TimersAfterCrashTest {
    private static final long MINUTE = 60_000;

    /** What is lost together. */
    private static final class Ledger {
        final Set<String> armed = new HashSet<>();
        final Set<String> fired = new HashSet<>();
        final List<KeyValue<Bytes, byte[]>> entries = new ArrayList<>();

        static Ledger of(Ledger other, KeyValueStore<Bytes, byte[]> store) {
            Ledger copy = new Ledger();
            copy.armed.addAll(other.armed);
            copy.fired.addAll(other.fired);
            try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
                all.forEachRemaining(copy.entries::add);
            }
            return copy;
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyTimerFiresOnceAndNoneEarly(long seed) {
        Random random = new Random(seed);
        SlewedMachine machine = new SlewedMachine(Instant.ofEpochMilli(10_000 * MINUTE));
        SlewedClock clock = machine.start();
        long now = clock.millis();
        KeyValueStore<Bytes, byte[]> store = TimerStores.inMemory();
        DueTimers timers = started(store, now);
        Ledger ledger = new Ledger();
        Ledger committed = Ledger.of(ledger, store);
        for (int step = 0; step < 3_000; step++) {
            machine.pass(Duration.ofMillis(random.nextInt(400)));
            if (random.nextInt(50) == 0) {
                machine.step(Duration.ofMillis(random.nextLong(-10 * MINUTE, 10 * MINUTE)));
            }
            now = clock.millis();
            switch (random.nextInt(20)) {
                case 0 -> committed = Ledger.of(ledger, store);
                case 1 -> {
                    // A crash, and a start on a machine whose clock has been put right or wrong.
                    ledger = committed;
                    restore(store, committed.entries);
                    clock = machine.start();
                    now = clock.millis();
                    timers = started(store, now);
                    committed = Ledger.of(ledger, store);
                }
                case 2 -> {
                    // An orderly restart, or a task that moves.
                    timers = started(store, now);
                    committed = Ledger.of(ledger, store);
                }
                case 3 -> timers.backlogRead();
                case 4, 5, 6, 7, 8, 9 -> {
                    String name = "t" + step;
                    timers.arm(timer(now + random.nextLong(-5_000, 2 * MINUTE), name));
                    ledger.armed.add(name);
                }
                default -> {
                    long at = now;
                    Set<String> fired = ledger.fired;
                    timers.fire(at, due -> {
                        assertTrue(due.dueMs() <= at, "early");
                        assertTrue(fired.add(name(due)), "twice: " + name(due));
                    });
                }
            }
        }
        // Timers armed while the machine's clock was far ahead are due then.
        long end = now + 10_000 * MINUTE;
        Set<String> fired = ledger.fired;
        while (timers.fire(end, due -> assertTrue(fired.add(name(due)), "twice")) > 0) {
            // Until nothing is due any more.
        }
        assertEquals(ledger.armed, fired);
        assertFalse(TimerStores.holdsTimers(store), "timers that have fired must leave the store");
    }

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    private static DueTimers started(KeyValueStore<Bytes, byte[]> store, long now) {
        return new DueTimers(store, FiringTime.fixed(Duration.ofMillis(20), () -> 0), now, Duration.ofSeconds(10));
    }

    private static void restore(KeyValueStore<Bytes, byte[]> store, List<KeyValue<Bytes, byte[]>> entries) {
        List<Bytes> lost = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
            all.forEachRemaining(entry -> lost.add(entry.key));
        }
        lost.forEach(store::delete);
        entries.forEach(entry -> store.put(entry.key, entry.value));
    }

    private static Timer timer(long dueMs, String name) {
        return new Timer(dueMs, (byte) 1, Bytes.wrap(name.getBytes(StandardCharsets.UTF_8)), 1);
    }

    private static String name(Timer timer) {
        return new String(timer.entity().get(), StandardCharsets.UTF_8);
    }
}
