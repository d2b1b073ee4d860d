package io.guestflow.processor.sandbox.load;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;

/**
 * When each request of a run is due, in nanoseconds after the run's start. The times are fixed before the run: a system
 * that is slow does not make its load slower.
 *
 * <p>Threading: immutable.
 */
public final class Arrivals {
    private static final double NANOS_PER_SECOND = 1e9;

    private final long[] nanos;

    private Arrivals(long[] nanos) {
        this.nanos = nanos;
    }

    /** Evenly spread. */
    public static Arrivals constant(double perSecond, Duration length) {
        double gap = NANOS_PER_SECOND / positive(perSecond);
        return spaced(() -> gap, length);
    }

    /** Independent guests: a Poisson process; the same seed gives the same times. */
    public static Arrivals poisson(double perSecond, Duration length, long seed) {
        double mean = NANOS_PER_SECOND / positive(perSecond);
        Random random = new Random(seed);
        return spaced(() -> -mean * Math.log(1 - random.nextDouble()), length);
    }

    /** How many requests there are. */
    public int count() {
        return nanos.length;
    }

    /** When the request is due; never before the one with the number below. */
    public long nanos(int index) {
        return nanos[index];
    }

    private static Arrivals spaced(DoubleSupplier gap, Duration length) {
        long end = length.toNanos();
        long[] nanos = new long[64];
        int count = 0;
        // The first one comes after a gap too, half a constant one: runs that follow each other have no double gap.
        double at = gap.getAsDouble() / 2;
        while (at < end) {
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * count);
            }
            nanos[count++] = (long) at;
            at += gap.getAsDouble();
        }
        return new Arrivals(Arrays.copyOf(nanos, count));
    }

    private static double positive(double perSecond) {
        if (!(perSecond > 0) || Double.isInfinite(perSecond)) {
            throw new IllegalArgumentException("a rate must be more than 0 requests a second, not " + perSecond);
        }
        return perSecond;
    }
}
