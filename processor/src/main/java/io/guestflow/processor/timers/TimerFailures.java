package io.guestflow.processor.timers;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * How often the handling of a timer has failed. Counted in memory: a restart may be what mends it, and one that does not
 * costs the same few tries again.
 *
 * <p>Threading: for the stream thread of the task.
 */
final class TimerFailures {
    /** After so many failures a timer is given up. */
    static final int MOST_TRIES = 10;

    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);

    private final Map<Failing, Integer> tries = new HashMap<>();

    /** A timer, whenever it is due. */
    private record Failing(byte kind, Bytes entity, long generation) {
        static Failing of(Timer timer) {
            return new Failing(timer.kind(), timer.entity(), timer.generation());
        }
    }

    /** Its handling went well. */
    void forget(Timer timer) {
        if (!tries.isEmpty()) {
            tries.remove(Failing.of(timer));
        }
    }

    /** Its handling failed: how long to wait before the next try, twice as long each time; null to give it up. */
    @Nullable
    Duration nextTry(Timer timer) {
        Failing failing = Failing.of(timer);
        int failed = tries.merge(failing, 1, Integer::sum);
        if (failed < MOST_TRIES) {
            return FIRST_DELAY.multipliedBy(1L << (failed - 1));
        }
        tries.remove(failing);
        return null;
    }
}
