package io.guestflow.processor.runtime;

import io.guestflow.processor.wire.PartitionProgress;
import io.guestflow.processor.wire.PolledPartitions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * The main consumers of an application's stream threads, remembered by the thread that polls them, so that a processor on
 * that thread can ask how far its consumer is.
 *
 * <p>The lag is the consumer's own ({@code currentLag}): what it learnt with its last fetch. Next to it stands how many
 * records it has handed out, because Kafka Streams buffers them: without a lag there may still be records that no
 * processor has seen.
 *
 * <p>Threading: {@link #progress} answers for the calling stream thread.
 */
public final class MainConsumers implements PolledPartitions {
    private final ThreadLocal<Polled> ofThread = ThreadLocal.withInitial(Polled::new);

    @Override
    public Optional<PartitionProgress> progress(String topic, int partition) {
        CountingConsumer consumer = ofThread.get().consumer;
        return consumer == null
                ? Optional.empty()
                : Optional.of(consumer.progress(new TopicPartition(topic, partition)));
    }

    /** Makes the main consumer of one stream thread. */
    Consumer<byte[], byte[]> consumer(Map<String, Object> config) {
        return new CountingConsumer(config);
    }

    /** What a thread polls. */
    private static final class Polled {
        @Nullable
        CountingConsumer consumer;
    }

    private final class CountingConsumer extends KafkaConsumer<byte[], byte[]> {
        private final Map<TopicPartition, Long> delivered = new HashMap<>();
        private long polledNanos = System.nanoTime();

        CountingConsumer(Map<String, Object> config) {
            super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            // Within a poll, tasks are made that may ask already.
            ofThread.get().consumer = this;
            ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
            polledNanos = System.nanoTime();
            for (TopicPartition partition : records.partitions()) {
                delivered.merge(partition, (long) records.records(partition).size(), Long::sum);
            }
            return records;
        }

        private PartitionProgress progress(TopicPartition partition) {
            return new PartitionProgress(
                    lag(partition),
                    delivered.getOrDefault(partition, 0L),
                    Duration.ofNanos(System.nanoTime() - polledNanos));
        }

        private OptionalLong lag(TopicPartition partition) {
            try {
                return currentLag(partition);
            } catch (IllegalStateException notAssigned) {
                return OptionalLong.empty();
            }
        }
    }
}
