package io.guestflow.contracts.analytics;

import io.guestflow.contracts.codec.Fields;
import org.jspecify.annotations.Nullable;

/**
 * How long the conversations lasted whose sessions ended in a window, in whole seconds. As with {@link LatencyMs},
 * percentiles are at most 0.8 % too high, and all but the count are absent where it is 0.
 *
 * @param count sessions that ended
 */
public record DurationS(
        long count,
        @Nullable Long p50,
        @Nullable Long p90,
        @Nullable Long max) {
    static DurationS read(Fields in) {
        return new DurationS(
                in.whole("count", 0, Fields.MAX_WHOLE),
                in.optionalWhole("p50", 0, Fields.MAX_WHOLE),
                in.optionalWhole("p90", 0, Fields.MAX_WHOLE),
                in.optionalWhole("max", 0, Fields.MAX_WHOLE));
    }
}
