package io.guestflow.processor.timers;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long a task may work on its timers before it leaves the rest to its next call.
 *
 * <p>Threading: for stream threads; what they share, each has for itself.
 */
public interface FiringTime {
    /** One task begins. */
    Turn begin();

    /** What one task may do now. */
    interface Turn extends AutoCloseable {
        /** Whether it must leave the rest. */
        boolean isOver();

        /** It has ended. */
        @Override
        void close();
    }

    /** So long, however much is due: where somebody waits for the records that the thread has to process besides. */
    static FiringTime fixed(Duration length, LongSupplier nanoTime) {
        return () -> {
            long from = nanoTime.getAsLong();
            return new Turn() {
                @Override
                public boolean isOver() {
                    return nanoTime.getAsLong() - from > length.toNanos();
                }

                @Override
                public void close() {}
            };
        };
    }

    /**
     * For all tasks of a thread together, so much of its time that more timers than are usual are caught up with, and
     * that records are processed all the same. One time for an application.
     */
    static FiringTime sharedByThread(LongSupplier nanoTime) {
        return new SharedFiringTime(nanoTime);
    }
}
