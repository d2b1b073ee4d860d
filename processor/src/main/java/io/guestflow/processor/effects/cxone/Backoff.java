package io.guestflow.processor.effects.cxone;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Exponential backoff with full jitter: any delay up to a ceiling that doubles, so that callers who failed together do
 * not come back together.
 *
 * @param jitter from 0 to 1
 */
record Backoff(Duration base, Duration cap, DoubleSupplier jitter) {

    private static final int MOST_DOUBLINGS = 20;

    /** The delay after this many earlier failures. */
    Duration delay(int earlierFailures) {
        long ceiling = Math.min(cap.toNanos(), base.toNanos() << Math.min(earlierFailures, MOST_DOUBLINGS));
        return Duration.ofNanos((long) (ceiling * jitter.getAsDouble()));
    }
}
