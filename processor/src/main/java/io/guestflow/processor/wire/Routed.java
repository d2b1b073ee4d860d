package io.guestflow.processor.wire;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * A value, or null for a tombstone, on its way to a sink, and the partition it must take there: commands, outcomes, results and facts keep the
 * number of the partition of the task that wrote them, whatever their key.
 */
public record Routed(int partition, byte @Nullable [] value) {

    /** Writes the value and leaves the partition to {@link #partitioner}. */
    public static Serializer<Routed> serializer() {
        return (topic, routed) -> routed == null ? null : routed.value();
    }

    /** Takes the partition as it is; a topic with fewer partitions, which only a free one may have, folds it. */
    public static StreamPartitioner<byte[], Routed> partitioner() {
        return (topic, key, routed, partitions) -> Optional.of(Set.of(routed.partition() % partitions));
    }
}
