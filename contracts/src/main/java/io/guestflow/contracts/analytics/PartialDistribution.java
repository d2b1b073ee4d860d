package io.guestflow.contracts.analytics;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.guestflow.contracts.codec.Fields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of one partition, ready to be merged. All but the count are absent where it is 0.
 *
 * @param count how many values
 * @param sum all of them together
 * @param values those that are not in the sketch, in any order: a few are told one by one; absent if there are none
 * @param sketch how the others are distributed: a histogram of HdrHistogram's V2 encoding, in base64; absent if there are
 *     none
 */
public record PartialDistribution(
        long count,
        @Nullable Long min,
        @Nullable Long max,
        @Nullable Long sum,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Long> values,
        @Nullable String sketch) {
    /** The longest sketch, in characters: every bucket of it filled with the highest counts. */
    private static final int LONGEST_SKETCH = 28 * 1024;
    /** Many more than are worth telling one by one. */
    private static final int MOST_VALUES = 256;

    /** Keeps its own copy of the values. */
    public PartialDistribution {
        values = List.copyOf(values);
    }

    static PartialDistribution read(Fields in) {
        return new PartialDistribution(
                in.whole("count", 0, Fields.MAX_WHOLE),
                in.optionalWhole("min", 0, Fields.MAX_WHOLE),
                in.optionalWhole("max", 0, Fields.MAX_WHOLE),
                in.optionalWhole("sum", 0, Fields.MAX_WHOLE),
                in.optionalWholes("values", MOST_VALUES, 0, Fields.MAX_WHOLE),
                in.optionalText("sketch", LONGEST_SKETCH));
    }
}
