package io.guestflow.processor.wire;

import java.util.Optional;

/**
 * Asks the consumer of the calling stream thread how far it is. Only the consumer knows: Kafka Streams tells a processor
 * which records there are, and not that there are no more.
 *
 * <p>Threading: answers for the stream thread that calls.
 */
@FunctionalInterface
public interface PolledPartitions {
    /** The progress; empty on a thread that has no consumer. */
    Optional<PartitionProgress> progress(String topic, int partition);
}
