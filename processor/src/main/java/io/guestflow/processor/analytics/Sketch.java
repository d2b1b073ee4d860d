package io.guestflow.processor.analytics;

import io.guestflow.processor.wire.UnreadableState;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.HdrHistogram.Histogram;

/**
 * How values are distributed: a histogram whose buckets are fixed, so that it comes out the same whatever the order in
 * which values are added and sketches are merged. What it says of a value is never too low, and too high by 1/128 (0.8 %)
 * at most, up to {@link #HIGHEST}; values above it count as that.
 *
 * <p>Threading: for one thread.
 */
final class Sketch {
    /** 70 minutes in milliseconds, 48 days in seconds. */
    static final long HIGHEST = (1L << 22) - 1;
    /** By how much a percentile may be too high, as a part of it. */
    static final double RELATIVE_ERROR = 1.0 / 128;

    private static final int DIGITS = 2;

    private final Histogram histogram;

    /** Without values. */
    Sketch() {
        this(new Histogram(1, HIGHEST, DIGITS));
    }

    private Sketch(Histogram histogram) {
        this.histogram = histogram;
    }

    void add(long value) {
        histogram.recordValue(Math.min(value, HIGHEST));
    }

    void add(Sketch other) {
        histogram.add(other.histogram);
    }

    long count() {
        return histogram.getTotalCount();
    }

    /** The least value that so many percent of all values do not exceed. */
    long percentile(double percent) {
        return histogram.getValueAtPercentile(percent);
    }

    /** HdrHistogram's V2 encoding: the same bytes for the same values. */
    byte[] encoded() {
        ByteBuffer out = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoByteBuffer(out);
        return Arrays.copyOf(out.array(), length);
    }

    /**
     * What was encoded.
     *
     * @throws UnreadableState if it is no histogram, or one with other buckets than ours, which cannot be merged
     */
    static Sketch of(byte[] encoded) {
        Histogram histogram;
        try {
            histogram = Histogram.decodeFromByteBuffer(ByteBuffer.wrap(encoded), 0);
        } catch (RuntimeException damaged) {
            throw Unmergeable.because(
                    "a sketch of metrics cannot be read (" + damaged.getClass().getName() + ")");
        }
        if (histogram.getNumberOfSignificantValueDigits() != DIGITS
                || histogram.getLowestDiscernibleValue() != 1
                || histogram.getHighestTrackableValue() != HIGHEST) {
            throw Unmergeable.because(
                    "a sketch of metrics has other buckets than those of this version of guestflow, and"
                            + " cannot be merged");
        }
        return new Sketch(histogram);
    }
}
