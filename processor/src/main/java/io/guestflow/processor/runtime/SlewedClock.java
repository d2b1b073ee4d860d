package io.guestflow.processor.runtime;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.utils.Time;

/**
 * The one clock of the process, for Kafka Streams and for everything else. It starts at the machine's wall clock, is driven by
 * {@link System#nanoTime()}, and turns towards the wall clock by at most 1 ms in a second, so it never goes back, and a step of
 * the machine's clock (an administrator, a virtual machine's host, NTP) makes nothing due early and stops nothing.
 *
 * <p>Threading: lock-free, any thread; a reading is never less than one that any thread took before.
 */
public final class SlewedClock implements Time, InstantSource {
    /** At most this part of the time that passes is added or left out: 1000 ppm. */
    static final long SLEW_DIVISOR = 1000;

    /** How often the wall clock is looked at. What is to be corrected until then is settled beforehand. */
    static final long STRIDE_NANOS = 100_000_000L;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final LongSupplier nanos;
    private final InstantSource wall;
    private final AtomicReference<Stride> current;

    /** A clock on this machine's. */
    public SlewedClock() {
        this(System::nanoTime, InstantSource.system());
    }

    SlewedClock(LongSupplier nanos, InstantSource wall) {
        this.nanos = nanos;
        this.wall = wall;
        this.current = new AtomicReference<>(new Stride(nanos.getAsLong(), epochNanos(wall.instant()), 0));
    }

    /**
     * A stretch of time within which the clock's speed is settled.
     *
     * @param start of {@link System#nanoTime()}
     * @param reading the clock at the start, nanoseconds since the epoch
     * @param correction what the clock gains (or loses) on nanoTime over one stride, and no more than that if it lasts longer
     */
    private record Stride(long start, long reading, long correction) {

        long readingAfter(long elapsed) {
            return reading + elapsed + correction * Math.min(elapsed, STRIDE_NANOS) / STRIDE_NANOS;
        }

        Stride next(long now, long wallNanos) {
            long next = readingAfter(now - start);
            long most = STRIDE_NANOS / SLEW_DIVISOR;
            return new Stride(now, next, Math.clamp(wallNanos - next, -most, most));
        }
    }

    private long read() {
        while (true) {
            Stride stride = Objects.requireNonNull(current.get());
            // After the stride was read, so never before its start.
            long now = nanos.getAsLong();
            long elapsed = now - stride.start();
            if (elapsed < STRIDE_NANOS) {
                return stride.readingAfter(elapsed);
            }
            // Past its end a stride gives no reading but the start of the next one, and all threads have to agree on
            // that:
            // whoever loses starts again with the winner's.
            Stride next = stride.next(now, epochNanos(wall.instant()));
            if (current.compareAndSet(stride, next)) {
                return next.reading();
            }
        }
    }

    @Override
    public Instant instant() {
        long reading = read();
        return Instant.ofEpochSecond(
                Math.floorDiv(reading, NANOS_PER_SECOND), Math.floorMod(reading, NANOS_PER_SECOND));
    }

    @Override
    public long millis() {
        return Math.floorDiv(read(), 1_000_000L);
    }

    @Override
    public long milliseconds() {
        return millis();
    }

    /** How far the machine's clock is ahead of this one; negative when it is behind. */
    public Duration wallOffset() {
        return Duration.between(instant(), wall.instant());
    }

    @Override
    public long nanoseconds() {
        return Time.SYSTEM.nanoseconds();
    }

    @Override
    public void sleep(long millis) {
        Time.SYSTEM.sleep(millis);
    }

    /**
     * Waits as {@link Time#SYSTEM} does, but the deadline is one of this clock: handed on, it would mean another moment as soon
     * as the two clocks differ.
     */
    @Override
    public void waitObject(Object monitor, Supplier<Boolean> condition, long deadlineMillis)
            throws InterruptedException {
        synchronized (monitor) {
            while (!condition.get()) {
                long left = deadlineMillis - milliseconds();
                if (left <= 0) {
                    throw new TimeoutException("the condition did not come true before its deadline");
                }
                monitor.wait(left);
            }
        }
    }

    private static long epochNanos(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS_PER_SECOND), instant.getNano());
    }
}
