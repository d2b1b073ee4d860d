package io.guestflow.processor.wire;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.processor.api.ProcessingContext;

/**
 * Asks for a commit soon after something was forwarded that somebody waits for, at most once in 5 ms for each stream
 * thread: under exactly-once a record is visible only when its transaction commits, and a thread that commits after
 * every record does nothing else. Records that come between two requests are committed by {@code commit.interval.ms}.
 *
 * <p>Threading: one for an application; keeps its time per thread.
 */
public final class CommitPacer {
    static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final LongSupplier nanoTime;
    private final ThreadLocal<Long> last = new ThreadLocal<>();

    /** Measures with the given nanosecond source. */
    public CommitPacer(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Requests a commit unless one was requested by this thread just now. */
    public void request(ProcessingContext context) {
        long now = nanoTime.getAsLong();
        Long before = last.get();
        if (before == null || now - before >= PACE_NANOS) {
            last.set(now);
            context.commit();
        }
    }
}
