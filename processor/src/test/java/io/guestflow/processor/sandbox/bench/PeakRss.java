package io.guestflow.processor.sandbox.bench;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The most resident memory that a process has while something is measured.
 *
 * <p>Threading: any thread; another one samples until it is closed.
 */
public final class PeakRss implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final double MIB = 1 << 20;

    private final AtomicLong most = new AtomicLong();
    private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("bench-rss").factory());

    private PeakRss(LongSupplier bytes) {
        sampler.scheduleAtFixedRate(
                () -> most.accumulateAndGet(bytes.getAsLong(), Math::max), 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Starts to sample. */
    public static PeakRss of(LongSupplier bytes) {
        return new PeakRss(bytes);
    }

    /** The most that a sample has found by now. */
    public double mib() {
        return Math.round(most.get() / MIB * 10) / 10.0;
    }

    @Override
    public void close() {
        sampler.shutdownNow();
    }
}
