package io.guestflow.processor.sandbox.cxone;

import org.jspecify.annotations.Nullable;

/**
 * At most so many calls in any second: a sliding window, which unlike a fixed one cannot be cheated at its edge.
 *
 * <p>Threading: any thread; without a limit no lock is taken.
 */
final class TenantLimit {

    private static final long SECOND = 1_000_000_000L;

    private long @Nullable [] admitted;
    private int oldest;
    private int count;

    boolean admits(int callsPerSecond, long nowNanos) {
        return callsPerSecond <= 0 || admitsWithin(callsPerSecond, nowNanos);
    }

    private synchronized boolean admitsWithin(int callsPerSecond, long nowNanos) {
        long[] window = admitted;
        if (window == null || window.length != callsPerSecond) {
            window = new long[callsPerSecond];
            admitted = window;
            oldest = 0;
            count = 0;
        }
        if (count < window.length) {
            window[(oldest + count++) % window.length] = nowNanos;
            return true;
        }
        if (nowNanos - window[oldest] < SECOND) {
            return false;
        }
        window[oldest] = nowNanos;
        oldest = (oldest + 1) % window.length;
        return true;
    }
}
