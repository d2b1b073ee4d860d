package io.guestflow.processor.runtime;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The time that is left between the end of a transaction and the first record of the next.
 *
 * <p>A commit is answered before its markers are written. A record of the next transaction that comes earlier is refused
 * ({@code CONCURRENT_TRANSACTIONS}), and the broker itself tries again only after
 * {@code add.partitions.to.txn.retry.backoff.ms}, 20 ms by default (KAFKA-18654, KAFKA-20000). A thread that commits on
 * demand runs into that at almost every commit; waiting for the markers, some 2 ms, is the quicker way.
 *
 * <p>Threading: counts for each stream thread by itself, which has one producer and one main consumer.
 */
final class TransactionGap {
    private final long nanos;
    private final ThreadLocal<Long> endedAt = new ThreadLocal<>();

    /** Zero leaves no gap. */
    TransactionGap(Duration length) {
        this.nanos = length.toNanos();
    }

    /** The calling thread's transaction has ended. */
    void begins() {
        endedAt.set(System.nanoTime());
    }

    /** Waits for what is left of the calling thread's gap. */
    void await() {
        // Once: a park that ends early costs what it would have saved, and no more.
        LockSupport.parkNanos(leftNanos());
    }

    /** What is left of the calling thread's gap; zero if there is none. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, leftNanos()));
    }

    private long leftNanos() {
        Long ended = endedAt.get();
        return ended == null ? 0 : nanos - (System.nanoTime() - ended);
    }
}
