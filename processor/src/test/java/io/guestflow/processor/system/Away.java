package io.guestflow.processor.system;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A time in which tasks were without a processor: from its end, or from when the tasks were to move, until the next was
 * ready. For a while after that it waits too: what had waited is read before anybody's time is over.
 */
record Away(Instant from, Instant ready) {
    /** The longest that timers are held off at the start of a task. */
    private static final Duration HOLD_OFF = Duration.ofSeconds(10);

    /**
     * Until when what is due then must have been done.
     *
     * @param all in their order
     * @param late what it may be late at any time
     */
    static Instant latest(List<Away> all, Instant due, Duration late) {
        Instant latest = due.plus(late);
        for (Away away : all) {
            Instant from = away.from.isAfter(due) ? away.from : due;
            Instant until = away.ready.plus(HOLD_OFF);
            if (from.isBefore(latest) && from.isBefore(until)) {
                latest = latest.plus(Duration.between(from, until));
            }
        }
        return latest;
    }

    @Override
    public String toString() {
        return Duration.between(from, ready).toMillis() + " ms";
    }
}
