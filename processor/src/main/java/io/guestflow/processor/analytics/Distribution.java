package io.guestflow.processor.analytics;

import io.guestflow.contracts.analytics.DurationS;
import io.guestflow.contracts.analytics.LatencyMs;
import io.guestflow.contracts.analytics.PartialDistribution;
import io.guestflow.contracts.codec.Fields;
import io.guestflow.processor.wire.StoredForm.In;
import io.guestflow.processor.wire.StoredForm.Out;
import io.guestflow.processor.wire.UnreadableState;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Values of one kind: their number, sum, least and greatest exactly, the rest as a {@link Sketch}. Most facts change
 * counts and not this, so a stored sketch is not unpacked until it is needed.
 *
 * <p>Threading: for one thread.
 */
final class Distribution {
    /** Nothing here takes 30 years; so the sum cannot run over. */
    private static final long HIGHEST = 1L << 40;

    private long count;
    private long sum;
    private long min = Long.MAX_VALUE;
    private long max;
    /** As it was read; null once the sketch is unpacked, or if there never was one. */
    private byte @Nullable [] packed;

    private @Nullable Sketch sketch;

    void add(long value) {
        long kept = Math.clamp(value, 0, HIGHEST);
        unpacked().add(kept);
        count++;
        sum = Math.min(Fields.MAX_WHOLE, sum + kept);
        min = Math.min(min, kept);
        max = Math.max(max, kept);
    }

    void add(Distribution other) {
        if (other.count == 0) {
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
            out.raw(packed());
        }
    }

    static Distribution read(In in) {
        Distribution read = new Distribution();
        read.count = in.number();
        if (read.count > 0) {
            read.sum = in.number();
            read.min = in.number();
            read.max = in.number();
            read.packed = in.raw();
        }
        return read;
    }

    PartialDistribution toPartial() {
        return count == 0
                ? new PartialDistribution(0, null, null, null, null)
                : new PartialDistribution(
                        count, min, max, sum, Base64.getEncoder().encodeToString(packed()));
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
        String sketch = partial.sketch();
        if (min == null || max == null || sum == null || sketch == null) {
            throw new UnreadableState(
                    "a part of guest-metrics-partials has values and does not tell all of them: another"
                            + " version of guestflow has written it; start that version again");
        }
        read.min = min;
        read.max = max;
        read.sum = sum;
        read.packed = decoded(sketch);
        // Now, not when the window is published: what cannot be merged must not get into our state.
        read.unpacked();
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

    private byte[] packed() {
        byte[] bytes = packed;
        if (bytes == null) {
            bytes = unpacked().encoded();
        }
        return bytes;
    }

    private Sketch unpacked() {
        Sketch unpacked = sketch;
        if (unpacked == null) {
            unpacked = packed == null ? new Sketch() : Sketch.of(packed);
            if (unpacked.count() != count) {
                throw new UnreadableState(
                        "a sketch of metrics has " + unpacked.count() + " values where there are " + count
                                + ": it is damaged, and cannot be merged; delete the state and the changelogs of guestflow-facts");
            }
            sketch = unpacked;
            packed = null;
        }
        return unpacked;
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException damaged) {
            throw new UnreadableState("a sketch on guest-metrics-partials is not base64, and cannot be merged: another"
                    + " version of guestflow has written it; start that version again");
        }
    }
}
