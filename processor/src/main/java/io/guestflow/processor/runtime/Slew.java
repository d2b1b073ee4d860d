package io.guestflow.processor.runtime;

import java.time.Duration;

/**
 * How fast a clock that is off turns towards the right time: in every second by a hundredth of what it is off, but at least by
 * 1 ms; forward at most by 100 ms, so that nothing that lasts a minute ends more than six seconds early should the machine's
 * clock be the wrong one; back at most by half a second: to last longer does less harm than to be ahead of everybody else.
 */
final class Slew {
    /** From here on the operator is told: deadlines and the times of consent are off by as much. */
    static final long APART_NANOS = 5_000_000_000L;

    /** Below this the operator is told that it is over. */
    static final long MENDED_NANOS = 1_000_000_000L;

    /** The largest part of the time that passes which is added. */
    static final double FASTEST = 0.1;

    /** The largest part of the time that passes which is left out. */
    static final double SLOWEST = 0.5;

    private static final double SLIGHTEST = 0.001;
    private static final double SHARE_PER_SECOND = 0.01;
    private static final double NANOS_PER_SECOND = 1e9;

    private Slew() {}

    /**
     * What a clock gains on time that passes, or with a minus loses, without going beyond the right time.
     *
     * @param offset how far the right time was ahead of the clock before, in nanoseconds
     * @param elapsed the time that passed, in nanoseconds
     */
    static long gain(long offset, long elapsed) {
        long gained = (long) (elapsed * rate(offset));
        return offset < 0 ? Math.max(offset, -gained) : Math.min(offset, gained);
    }

    /** About how long it takes until an offset is {@link #MENDED_NANOS}. */
    static Duration lasting(long offset) {
        double most = most(offset);
        double off = Math.abs((double) offset) / NANOS_PER_SECOND;
        double mended = MENDED_NANOS / NANOS_PER_SECOND;
        // As far as the bound holds by the second, then by shares, which makes a logarithm.
        double bounded = most / SHARE_PER_SECOND;
        double linear = Math.max(0, off - bounded) / most;
        double shares = Math.log(Math.max(1, Math.min(off, bounded) / mended)) / SHARE_PER_SECOND;
        return Duration.ofSeconds(Math.round(linear + shares));
    }

    private static double rate(long offset) {
        double share = Math.abs((double) offset) / NANOS_PER_SECOND * SHARE_PER_SECOND;
        return Math.clamp(share, SLIGHTEST, most(offset));
    }

    private static double most(long offset) {
        return offset < 0 ? SLOWEST : FASTEST;
    }
}
