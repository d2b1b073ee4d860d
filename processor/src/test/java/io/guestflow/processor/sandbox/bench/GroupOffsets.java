package io.guestflow.processor.sandbox.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * How far topics are written and how far groups have read them: what a group has committed is done, whatever is under way.
 *
 * <p>Threading: thread-safe.
 */
public final class GroupOffsets {
    private final Admin admin;

    /** Asks over that client, which stays its owner's. */
    public GroupOffsets(Admin admin) {
        this.admin = admin;
    }

    /** Of all partitions that the group has committed an offset of. */
    public Map<TopicPartition, Long> committed(String group) throws InterruptedException {
        try {
            Map<TopicPartition, Long> offsets = new HashMap<>();
            admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach((partition, offset) -> {
                        if (offset != null) {
                            offsets.put(partition, offset.offset());
                        }
                    });
            return offsets;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker does not tell what " + group + " has committed", e.getCause());
        }
    }

    /** Where what a reader of committed records may read ends, by partition. */
    public Map<TopicPartition, Long> ends(String topic) throws InterruptedException {
        return ends(topic, IsolationLevel.READ_COMMITTED);
    }

    /** Where the topic ends, open transactions included, by partition. */
    public Map<TopicPartition, Long> writtenEnds(String topic) throws InterruptedException {
        return ends(topic, IsolationLevel.READ_UNCOMMITTED);
    }

    private Map<TopicPartition, Long> ends(String topic, IsolationLevel isolation) throws InterruptedException {
        try {
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .values()
                    .forEach(description -> description
                            .partitions()
                            .forEach(partition ->
                                    latest.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest())));
            Map<TopicPartition, Long> ends = new HashMap<>();
            admin.listOffsets(latest, new ListOffsetsOptions(isolation))
                    .all()
                    .get()
                    .forEach((partition, end) -> ends.put(partition, end.offset()));
            return ends;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker does not tell the ends of " + topic, e.getCause());
        }
    }
}
