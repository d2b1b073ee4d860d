package io.guestflow.processor.sandbox.bench;

import org.HdrHistogram.Histogram;

/** Latencies in milliseconds. */
public record Percentiles(long samples, double p50, double p90, double p99, double max) {
    private static final double NANOS_PER_MILLI = 1e6;

    /** Of a histogram of nanoseconds. */
    public static Percentiles of(Histogram nanos) {
        return new Percentiles(
                nanos.getTotalCount(), at(nanos, 50), at(nanos, 90), at(nanos, 99), millis(nanos.getMaxValue()));
    }

    private static double at(Histogram nanos, double percentile) {
        return millis(nanos.getValueAtPercentile(percentile));
    }

    private static double millis(long nanos) {
        return Math.round(nanos / NANOS_PER_MILLI * 1000) / 1000.0;
    }
}
