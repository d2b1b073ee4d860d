package io.guestflow.processor.inspect;

import io.guestflow.processor.config.KafkaSettings;
import io.guestflow.processor.runtime.BrokerCheck;
import io.guestflow.processor.runtime.BrokerException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads a topic from its beginning to where it ends when asked, committed records only.
 *
 * <p>Threading: one thread.
 */
final class CommittedTopic implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(250);

    private final KafkaSettings kafka;
    private final String name;
    private final Admin admin;

    private CommittedTopic(KafkaSettings kafka, String name, Admin admin) {
        this.kafka = kafka;
        this.name = name;
        this.admin = admin;
    }

    /** @throws BrokerException if there is no broker in time, or it cannot be used */
    static CommittedTopic open(KafkaSettings kafka, String name) throws BrokerException, InterruptedException {
        return new CommittedTopic(kafka, name, new BrokerCheck(kafka.forAdmin(), kafka.brokerWait()).connect());
    }

    /** How many partitions it has; 0 if there is no such topic. */
    int partitions() throws BrokerException, InterruptedException {
        return partitions(name);
    }

    /** The same of another topic of the cluster. */
    int partitions(String ofTopic) throws BrokerException, InterruptedException {
        try {
            TopicDescription description =
                    admin.describeTopics(List.of(ofTopic)).allTopicNames().get().get(ofTopic);
            return description == null ? 0 : description.partitions().size();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return 0;
            }
            throw lost(String.valueOf(e.getCause()));
        }
    }

    /** Where a partition began and ended when it was read. */
    record Extent(long beginning, long end) {}

    /** Hands over the records of one partition in their order. */
    Extent read(int number, Consumer<ConsumerRecord<byte[], byte[]>> reader) throws BrokerException {
        Map<String, Object> config = new HashMap<>(kafka.forConsumer());
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, IsolationLevel.READ_COMMITTED.toString());
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        var partition = new TopicPartition(name, number);
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            long position = consumer.position(partition);
            Extent extent = new Extent(position, end);
            long movedAt = System.nanoTime();
            while (position < end) {
                consumer.poll(POLL).forEach(reader);
                long now = consumer.position(partition);
                if (now > position) {
                    movedAt = System.nanoTime();
                } else if (System.nanoTime() - movedAt > kafka.brokerWait().toNanos()) {
                    throw lost("nothing more came of " + partition + " within "
                            + kafka.brokerWait().toSeconds() + " s");
                }
                position = now;
            }
            return extent;
        } catch (KafkaException e) {
            throw lost(e.toString());
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }

    private BrokerException lost(String why) {
        return new BrokerException("Kafka at " + kafka.bootstrapServers() + " could not be read: " + why, null);
    }
}
