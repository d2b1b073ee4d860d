package io.guestflow.contracts.analytics;

import io.guestflow.contracts.codec.Fields;
import org.jspecify.annotations.Nullable;

/**
 * The values of one partition, ready to be merged. All but the count are absent where it is 0.
 *
 * @param count how many values
 * @param sum all of them together
 * @param sketch how they are distributed: a histogram of HdrHistogram's V2 encoding, in base64
 */
public record PartialDistribution(
        long count,
        @Nullable Long min,
        @Nullable Long max,
        @Nullable Long sum,
        @Nullable String sketch) {
    /** The longest sketch, in characters: every bucket of it filled with the highest counts. */
    private static final int LONGEST_SKETCH = 28 * 1024;

    static PartialDistribution read(Fields in) {
        return new PartialDistribution(
                in.whole("count", 0, Fields.MAX_WHOLE),
                in.optionalWhole("min", 0, Fields.MAX_WHOLE),
                in.optionalWhole("max", 0, Fields.MAX_WHOLE),
                in.optionalWhole("sum", 0, Fields.MAX_WHOLE),
                in.optionalText("sketch", LONGEST_SKETCH));
    }
}
