package io.guestflow.contracts.analytics;

import io.guestflow.contracts.codec.Fields;
import org.jspecify.annotations.Nullable;

/**
 * How long guests waited for their authentication, in milliseconds. Counts, minimum, mean and maximum are exact;
 * percentiles come from a sketch and are at most 0.8 % too high, never too low. All but the count are absent where it
 * is 0.
 *
 * @param count guests that were authenticated
 * @param mean to a tenth of a millisecond
 */
public record LatencyMs(
        long count,
        @Nullable Long min,
        @Nullable Double mean,
        @Nullable Long p50,
        @Nullable Long p90,
        @Nullable Long p99,
        @Nullable Long max) {
    static LatencyMs read(Fields in) {
        return new LatencyMs(
                in.whole("count", 0, Fields.MAX_WHOLE),
                in.optionalWhole("min", 0, Fields.MAX_WHOLE),
                in.optionalNumber("mean", 0, Fields.MAX_WHOLE),
                in.optionalWhole("p50", 0, Fields.MAX_WHOLE),
                in.optionalWhole("p90", 0, Fields.MAX_WHOLE),
                in.optionalWhole("p99", 0, Fields.MAX_WHOLE),
                in.optionalWhole("max", 0, Fields.MAX_WHOLE));
    }
}
