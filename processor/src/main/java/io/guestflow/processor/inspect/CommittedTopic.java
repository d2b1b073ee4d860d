package io.guestflow.processor.inspect;

import io.guestflow.processor.config.KafkaSettings;
import io.guestflow.processor.runtime.BrokerCheck;
import io.guestflow.processor.runtime.BrokerException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads a topic, committed records only: a partition from its beginning to where it ends when asked, or all from some time
 * on.
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

    /** Where a partition began, and up to where it was read. */
    record Extent(long beginning, long end) {}

    /** Hands over the records of one partition in their order. */
    Extent read(int number, Consumer<ConsumerRecord<byte[], byte[]>> reader) throws BrokerException {
        var partition = new TopicPartition(name, number);
        try (var consumer = consumer()) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long beginning = consumer.position(partition);
            readTo(consumer, consumer.endOffsets(List.of(partition)), reader);
            return new Extent(beginning, consumer.position(partition));
        } catch (KafkaException e) {
            throw lost(e.toString());
        }
    }

    /** Hands over what has been committed since it was read. */
    Extent readOn(int number, Extent before, Consumer<ConsumerRecord<byte[], byte[]>> reader) throws BrokerException {
        var partition = new TopicPartition(name, number);
        try (var consumer = consumer()) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, before.end());
            readTo(consumer, consumer.endOffsets(List.of(partition)), reader);
            return new Extent(before.beginning(), consumer.position(partition));
        } catch (KafkaException e) {
            throw lost(e.toString());
        }
    }

    /** Hands over what was written to any partition since then, and what comes for as long as the reader goes on. */
    void follow(Instant since, Follower reader) throws BrokerException, InterruptedException {
        List<TopicPartition> all = IntStream.range(0, partitions())
                .mapToObj(number -> new TopicPartition(name, number))
                .toList();
        try (var consumer = consumer()) {
            consumer.assign(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(
                    all.stream().collect(Collectors.toMap(Function.identity(), each -> since.toEpochMilli())));
            all.forEach(partition -> {
                OffsetAndTimestamp start = starts.get(partition);
                consumer.seek(partition, start == null ? ends.getOrDefault(partition, 0L) : start.offset());
            });
            readTo(consumer, ends, reader::record);
            if (!reader.caughtUp()) {
                return;
            }
            do {
                consumer.poll(POLL).forEach(reader::record);
            } while (reader.goOn());
        } catch (KafkaException e) {
            throw lost(e.toString());
        }
    }

    /** What somebody who follows is told. */
    interface Follower {
        /** A record. */
        void record(ConsumerRecord<byte[], byte[]> record);

        /** What there was at the beginning is read; true to go on with what comes. */
        boolean caughtUp();

        /** A poll's records are read; false to end. */
        boolean goOn();
    }

    private void readTo(
            KafkaConsumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> ends,
            Consumer<ConsumerRecord<byte[], byte[]>> reader)
            throws BrokerException {
        long left = left(consumer, ends);
        long movedAt = System.nanoTime();
        while (left > 0) {
            consumer.poll(POLL).forEach(reader);
            long now = left(consumer, ends);
            if (now < left) {
                movedAt = System.nanoTime();
            } else if (System.nanoTime() - movedAt > kafka.brokerWait().toNanos()) {
                throw lost("nothing more came of " + name + " within "
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

    private KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> config = new HashMap<>(kafka.forConsumer());
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, IsolationLevel.READ_COMMITTED.toString());
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }

    private BrokerException lost(String why) {
        return new BrokerException("Kafka at " + kafka.bootstrapServers() + " could not be read: " + why, null);
    }
}
