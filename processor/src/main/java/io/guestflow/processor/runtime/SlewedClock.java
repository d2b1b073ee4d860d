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
 * {@link System#nanoTime()}, and turns towards the wall clock at the pace of {@link Slew}: it never goes back, never runs faster
 * than 1.1 times nor slower than half its pace. So a step of the machine's clock (an administrator, a virtual machine's host,
 * NTP) makes nothing due early and stops nothing; a step of ten minutes forward is followed in less than two hours, one of ten
 * minutes back in half an hour.
 *
 * <p>Only one thing makes it jump: the machine slept. Then time has passed for everybody else, and the clock goes forward by as
 * much as both the kernel's count of the sleep and the machine's wall clock say.
 *
 * <p>Threading: lock-free, any thread; a reading is never less than one that any thread took before.
 */
public final class SlewedClock implements Time, InstantSource {
    /** How often the wall clock is looked at. How fast the clock goes until then is settled beforehand. */
    static final long STRIDE_NANOS = 100_000_000L;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final LongSupplier nanos;
    private final InstantSource wall;
    private final LongSupplier slept;
    private final ClockLog log;
    private final AtomicReference<Stride> current;

    /** A clock on this machine's. */
    public SlewedClock() {
        this(System::nanoTime, InstantSource.system(), MachineSleep.since(System::nanoTime), ClockLog.ofTheProcess());
    }

    /**
     * A clock on these.
     *
     * @param slept for how many nanoseconds the machine has been asleep in all; asked only when the wall clock is ahead
     */
    SlewedClock(LongSupplier nanos, InstantSource wall, LongSupplier slept, ClockLog log) {
        this.nanos = nanos;
        this.wall = wall;
        this.slept = slept;
        this.log = log;
        this.current = new AtomicReference<>(new Stride(nanos.getAsLong(), epochNanos(wall.instant()), 0, 0, false, 0));
    }

    /**
     * A stretch of time within which the clock's pace is settled.
     *
     * @param start of {@link System#nanoTime()}
     * @param reading the clock at the start, nanoseconds since the epoch
     * @param offset how far the wall clock was ahead at the start
     * @param slept how much of the machine's sleep is in the reading
     * @param apart whether the operator has been told that the two clocks differ
     * @param jumped how much of the machine's sleep was added at the start
     */
    private record Stride(long start, long reading, long offset, long slept, boolean apart, long jumped) {

        long readingAfter(long elapsed) {
            return reading + elapsed + Slew.gain(offset, elapsed);
        }

        Stride next(long now, long wallNanos, LongSupplier sleptInAll) {
            long next = readingAfter(now - start);
            long ahead = wallNanos - next;
            long jump = 0;
            if (ahead >= MachineSleep.SHORTEST_NANOS) {
                long asleep = Math.min(sleptInAll.getAsLong() - slept, ahead);
                jump = asleep >= MachineSleep.SHORTEST_NANOS ? asleep : 0;
            }
            long left = ahead - jump;
            long distance = Math.abs(left);
            return new Stride(
                    now,
                    next + jump,
                    left,
                    slept + jump,
                    apart ? distance > Slew.MENDED_NANOS : distance > Slew.APART_NANOS,
                    jump);
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
            // that: whoever loses starts again with the winner's.
            Stride next = stride.next(now, epochNanos(wall.instant()), slept);
            if (current.compareAndSet(stride, next)) {
                tell(stride, next);
                return next.reading();
            }
        }
    }

    private void tell(Stride before, Stride now) {
        if (now.jumped() != 0) {
            log.slept(Duration.ofNanos(now.jumped()));
        }
        if (now.apart() != before.apart()) {
            if (now.apart()) {
                log.apart(Duration.ofNanos(now.offset()), Slew.lasting(now.offset()));
            } else {
                log.mended();
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
