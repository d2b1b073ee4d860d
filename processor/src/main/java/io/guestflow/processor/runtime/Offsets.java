package io.guestflow.processor.runtime;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Where topics begin and end, and how far groups have read them, by partition. */
final class Offsets {
    private final Admin admin;

    Offsets(Admin admin) {
        this.admin = admin;
    }

    /** Empty if there is no such topic. */
    Map<Integer, Long> earliest(String topic) throws BrokerException, InterruptedException {
        return list(topic, OffsetSpec::earliest);
    }

    /** Empty if there is no such topic. */
    Map<Integer, Long> latest(String topic) throws BrokerException, InterruptedException {
        return list(topic, OffsetSpec::latest);
    }

    /** Where a group goes on; nothing of what it has not read yet. */
    Map<Integer, Long> committed(String group, String topic) throws BrokerException, InterruptedException {
        Map<Integer, Long> offsets = new HashMap<>();
        get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((partition, committed) -> {
                    if (partition.topic().equals(topic) && committed != null) {
                        offsets.put(partition.partition(), committed.offset());
                    }
                });
        return offsets;
    }

    /** The first records that are not older than these times; nothing of a partition where all are. */
    Map<Integer, Long> since(String topic, Map<Integer, Instant> times) throws BrokerException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        times.forEach((partition, time) -> asked.put(
                new TopicPartition(topic, partition), OffsetSpec.forTimestamp(Math.max(0, time.toEpochMilli()))));
        Map<Integer, Long> offsets = new HashMap<>();
        get(admin.listOffsets(asked).all()).forEach((partition, found) -> {
            if (found.offset() >= 0) {
                offsets.put(partition.partition(), found.offset());
            }
        });
        return offsets;
    }

    private Map<Integer, Long> list(String topic, Supplier<OffsetSpec> spec)
            throws BrokerException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        try {
            for (TopicDescription each :
                    admin.describeTopics(List.of(topic)).allTopicNames().get().values()) {
                for (TopicPartitionInfo partition : each.partitions()) {
                    asked.put(new TopicPartition(topic, partition.partition()), spec.get());
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Map.of();
            }
            throw unusable(e);
        }
        Map<Integer, Long> offsets = new HashMap<>();
        get(admin.listOffsets(asked).all())
                .forEach((partition, found) -> offsets.put(partition.partition(), found.offset()));
        return offsets;
    }

    private static <T> T get(KafkaFuture<T> future) throws BrokerException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw unusable(e);
        }
    }

    private static BrokerException unusable(ExecutionException e) {
        return new BrokerException("the broker gives no answer about offsets: " + e.getCause(), e.getCause());
    }
}
