package io.guestflow.processor.inspect;

import io.guestflow.contracts.Topics;
import io.guestflow.processor.config.KafkaSettings;
import io.guestflow.processor.runtime.BrokerCheck;
import io.guestflow.processor.runtime.BrokerException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads {@code guest-metrics} from some time on, committed records only.
 *
 * <p>Threading: one thread.
 */
final class MetricsTopic implements AutoCloseable {
    static final String NAME = Topics.GUEST_METRICS.name();

    private static final Duration POLL = Duration.ofMillis(250);

    private final KafkaSettings kafka;
    private final Admin admin;

    private MetricsTopic(KafkaSettings kafka, Admin admin) {
        this.kafka = kafka;
        this.admin = admin;
    }

    /** What the reader is told. */
    interface Reader {
        /** A record. */
        void record(ConsumerRecord<byte[], byte[]> record);

        /** What there was at the beginning is read; true to go on with what comes. */
        boolean caughtUp();

        /** A poll's records are read; false to end. */
        boolean goOn();
    }

    /** @throws BrokerException if there is no broker in time, or it cannot be used */
    static MetricsTopic open(KafkaSettings kafka) throws BrokerException, InterruptedException {
        return new MetricsTopic(kafka, new BrokerCheck(kafka.forAdmin(), kafka.brokerWait()).connect());
    }

    boolean exists() throws BrokerException, InterruptedException {
        return !partitions().isEmpty();
    }

    /** Reads what was written since then, and what comes for as long as the reader goes on. */
    void read(Instant since, Reader reader) throws BrokerException, InterruptedException {
        Map<String, Object> config = new HashMap<>(kafka.forConsumer());
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, IsolationLevel.READ_COMMITTED.toString());
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        List<TopicPartition> partitions = partitions();
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            seek(consumer, partitions, ends, since);
            readTo(consumer, ends, reader);
            if (!reader.caughtUp()) {
                return;
            }
            do {
                records(consumer).forEach(reader::record);
            } while (reader.goOn());
        } catch (KafkaException e) {
            throw lost(e.toString());
        }
    }

    private static void seek(
            KafkaConsumer<byte[], byte[]> consumer,
            List<TopicPartition> partitions,
            Map<TopicPartition, Long> ends,
            Instant since) {
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, since.toEpochMilli()));
        Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(times);
        partitions.forEach(partition -> {
            OffsetAndTimestamp start = starts.get(partition);
            consumer.seek(partition, start == null ? ends.getOrDefault(partition, 0L) : start.offset());
        });
    }

    private void readTo(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends, Reader reader)
            throws BrokerException {
        long left = left(consumer, ends);
        long movedAt = System.nanoTime();
        while (left > 0) {
            records(consumer).forEach(reader::record);
            long now = left(consumer, ends);
            if (now < left) {
                movedAt = System.nanoTime();
            } else if (System.nanoTime() - movedAt > kafka.brokerWait().toNanos()) {
                throw lost("nothing more came of " + NAME + " within "
                        + kafka.brokerWait().toSeconds() + " s");
            }
            left = now;
        }
    }

    private static long left(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        long left = 0;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            left += Math.max(0, end.getValue() - consumer.position(end.getKey()));
        }
        return left;
    }

    private static ConsumerRecords<byte[], byte[]> records(KafkaConsumer<byte[], byte[]> consumer) {
        return consumer.poll(POLL);
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }

    private List<TopicPartition> partitions() throws BrokerException, InterruptedException {
        try {
            TopicDescription description =
                    admin.describeTopics(List.of(NAME)).allTopicNames().get().get(NAME);
            return description == null
                    ? List.of()
                    : description.partitions().stream()
                            .map(info -> new TopicPartition(NAME, info.partition()))
                            .toList();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return List.of();
            }
            throw lost(String.valueOf(e.getCause()));
        }
    }

    private BrokerException lost(String why) {
        return new BrokerException("Kafka at " + kafka.bootstrapServers() + " could not be read: " + why, null);
    }
}
