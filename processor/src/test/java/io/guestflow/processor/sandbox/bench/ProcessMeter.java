package io.guestflow.processor.sandbox.bench;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What a process costs while something is measured: processor time, and the most resident memory seen.
 *
 * <p>Threading: one thread starts and stops it; another samples.
 */
public final class ProcessMeter implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(500);

    private final long pid;
    private final Duration cpuBefore;
    private final AtomicLong mostRss = new AtomicLong();
    private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("bench-rss").factory());

    private ProcessMeter(long pid, LongSupplier rss) {
        this.pid = pid;
        this.cpuBefore = cpu(pid);
        sampler.scheduleAtFixedRate(
                () -> mostRss.accumulateAndGet(rss.getAsLong(), Math::max), 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Starts to measure. */
    public static ProcessMeter start(long pid, LongSupplier rss) {
        return new ProcessMeter(pid, rss);
    }

    /** Processor time since the start, of all its threads. */
    public Duration cpu() {
        return cpu(pid).minus(cpuBefore);
    }

    /** The most resident memory that a sample has found, in bytes. */
    public long mostRssBytes() {
        return mostRss.get();
    }

    @Override
    public void close() {
        sampler.shutdownNow();
    }

    private static Duration cpu(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow(() -> new IllegalStateException("process " + pid + " has ended, or tells no CPU time"));
    }
}
