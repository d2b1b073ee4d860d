package io.guestflow.processor.analytics;

import io.guestflow.contracts.analytics.DurationS;
import io.guestflow.contracts.analytics.LatencyMs;
import io.guestflow.contracts.analytics.PartialDistribution;
import io.guestflow.contracts.codec.Fields;
import io.guestflow.processor.wire.StoredForm.In;
import io.guestflow.processor.wire.StoredForm.Out;
import io.guestflow.processor.wire.UnreadableState;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values of one kind: their number, sum, least and greatest exactly, the rest as a {@link Sketch}. To unpack and pack a
 * sketch takes ten times as long as anything else that is done with a fact; so values stay loose beside it until there
 * are some, on their way to be merged too. Most rows of a deployment with many channels have a few values each.
 *
 * <p>Threading: for one thread.
 */
final class Distribution {
    /** Nothing here takes 30 years; so the sum cannot run over. */
    private static final long HIGHEST = 1L << 40;

    private static final int LOOSE_MOST = 32;
    private static final long[] NONE = {};

    private long count;
    private long sum;
    private long min = Long.MAX_VALUE;
    private long max;
    /** As it was read; null once the sketch is unpacked, or if there never was one. */
    private byte @Nullable [] packed;

    private @Nullable Sketch sketch;
    /** Values that are in neither of them. */
    private long[] loose = NONE;

    private int looseCount;

    long count() {
        return count;
    }

    /** Whether the next value makes a sketch of those that are loose. */
    boolean isMany() {
        return looseCount >= LOOSE_MOST;
    }

    void add(long value) {
        long kept = Math.clamp(value, 0, HIGHEST);
        if (isMany()) {
            unpacked();
        }
        keepLoose(kept);
        count++;
        sum = Math.min(Fields.MAX_WHOLE, sum + kept);
        min = Math.min(min, kept);
        max = Math.max(max, kept);
    }

    private void keepLoose(long value) {
        if (looseCount == loose.length) {
            loose = Arrays.copyOf(loose, Math.max(4, 2 * looseCount));
        }
        loose[looseCount++] = value;
    }

    void add(Distribution other) {
        if (other.count == other.looseCount) {
            for (int i = 0; i < other.looseCount; i++) {
                add(other.loose[i]);
            }
            return;
        }
        unpacked().add(other.unpacked());
        count += other.count;
        sum = Math.min(Fields.MAX_WHOLE, sum + other.sum);
        min = Math.min(min, other.min);
        max = Math.max(max, other.max);
    }

    void write(Out out) {
        out.number(count);
        if (count > 0) {
            out.number(sum);
            out.number(min);
            out.number(max);
            out.number(looseCount);
            for (int i = 0; i < looseCount; i++) {
                out.number(loose[i]);
            }
            out.raw(stored());
        }
    }

    static Distribution read(In in) {
        Distribution read = new Distribution();
        read.count = in.number();
        if (read.count > 0) {
            read.sum = in.number();
            read.min = in.number();
            read.max = in.number();
            for (int left = in.count(); left > 0; left--) {
                read.keepLoose(in.number());
            }
            byte[] packed = in.raw();
            read.packed = packed.length == 0 ? null : packed;
        }
        return read;
    }

    PartialDistribution toPartial() {
        if (count == 0) {
            return new PartialDistribution(0, null, null, null, List.of(), null);
        }
        byte[] stored = stored();
        return new PartialDistribution(
                count,
                min,
                max,
                sum,
                Arrays.stream(loose, 0, looseCount).boxed().toList(),
                stored.length == 0 ? null : Base64.getEncoder().encodeToString(stored));
    }

    /**
     * What another partition has sent.
     *
     * @throws UnreadableState if it cannot be merged
     */
    static Distribution of(PartialDistribution partial) {
        Distribution read = new Distribution();
        read.count = partial.count();
        if (read.count == 0) {
            return read;
        }
        Long min = partial.min();
        Long max = partial.max();
        Long sum = partial.sum();
        if (min == null || max == null || sum == null) {
            throw Unmergeable.because("a part on guest-metrics-partials has values and does not tell all of them");
        }
        read.min = min;
        read.max = max;
        read.sum = sum;
        partial.values().forEach(read::keepLoose);
        String sketch = partial.sketch();
        // Now, not when the window is published: what cannot be merged must not get into our state.
        if (sketch == null) {
            read.checkThatAllIsThere(0);
        } else {
            read.packed = decoded(sketch);
            read.unpack();
        }
        return read;
    }

    LatencyMs toLatency() {
        return count == 0
                ? new LatencyMs(0, null, null, null, null, null, null)
                : new LatencyMs(count, min, mean(), percentile(50), percentile(90), percentile(99), max);
    }

    DurationS toDuration() {
        return count == 0
                ? new DurationS(0, null, null, null)
                : new DurationS(count, percentile(50), percentile(90), max);
    }

    private double mean() {
        return Math.round(10.0 * sum / count) / 10.0;
    }

    private long percentile(double percent) {
        return Math.clamp(unpacked().percentile(percent), min, max);
    }

    /** The sketch without the loose values; empty if there is none yet. */
    private byte[] stored() {
        Sketch unpacked = sketch;
        byte[] bytes = unpacked == null ? packed : unpacked.encoded();
        return bytes == null ? new byte[0] : bytes;
    }

    /** The sketch of all values. */
    private Sketch unpacked() {
        Sketch unpacked = sketch;
        if (unpacked == null) {
            unpacked = unpack();
            sketch = unpacked;
            packed = null;
        }
        for (int i = 0; i < looseCount; i++) {
            unpacked.add(loose[i]);
        }
        looseCount = 0;
        return unpacked;
    }

    private Sketch unpack() {
        Sketch unpacked = packed == null ? new Sketch() : Sketch.of(packed);
        checkThatAllIsThere(unpacked.count());
        return unpacked;
    }

    private void checkThatAllIsThere(long inSketch) {
        if (inSketch != count - looseCount) {
            throw Unmergeable.because("a sketch of metrics has " + inSketch + " values where there are "
                    + (count - looseCount) + ", and cannot be merged");
        }
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException damaged) {
            throw Unmergeable.because("a sketch on guest-metrics-partials is not base64, and cannot be merged");
        }
    }
}
