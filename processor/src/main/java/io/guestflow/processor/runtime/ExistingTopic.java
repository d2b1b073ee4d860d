package io.guestflow.processor.runtime;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A topic as it is on the broker.
 *
 * @param partitions how many it has
 * @param replication copies of each
 * @param config its settings, the broker's defaults included
 */
record ExistingTopic(int partitions, int replication, Map<String, String> config) {
    @Nullable
    String config(String name) {
        return config.get(name);
    }

    /** The setting as a number; {@code otherwise} if the broker does not tell it. */
    long number(String name, long otherwise) {
        String value = config.get(name);
        return value == null ? otherwise : Long.parseLong(value);
    }
}
