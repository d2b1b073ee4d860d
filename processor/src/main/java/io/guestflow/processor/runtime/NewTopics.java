package io.guestflow.processor.runtime;

import io.guestflow.contracts.Topic;
import io.guestflow.contracts.Topic.Cleanup;
import io.guestflow.contracts.Topic.Partitions;
import io.guestflow.contracts.Topic.Timestamps;
import io.guestflow.contracts.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/**
 * How topics of the catalogue are created.
 *
 * @param partitions of topics that must have equal counts, and of those that may have any
 * @param replication copies of each partition; -1 leaves it to the broker
 */
record NewTopics(int partitions, short replication) {
    /** Kafka's own default, kept even where a cluster allows larger ones: no contract needs a tenth of it. */
    private static final long MAX_BATCH_BYTES = 1024 * 1024;

    /** A segment that is written to is never compacted, and what compacts is read from its beginning. */
    private static final Duration COMPACTED_SEGMENT = Duration.ofHours(1);

    /** For so long at least a record of the audit that was written over stays beside what took its place. */
    static final Duration AUDIT_SEEN = Duration.ofDays(1);
    /** By then what was written over, because it was erased, is gone from the audit. */
    static final Duration AUDIT_ERASED = Duration.ofDays(7);

    /** For so long at least an alert that is over, or came again, can be read beside what took its place. */
    static final Duration ALERTS_SEEN = Duration.ofDays(7);

    /**
     * A record stays for the retention and a segment. How long facts can come again must be known, from their topic or from
     * those that they are decided from.
     */
    static final Duration SEGMENT = Duration.ofDays(1);
    /** How long a fact is known again; it must not lie on its topic for longer. */
    static final Duration FACTS_KNOWN = Duration.ofDays(9);

    NewTopic of(Topic<?> topic) {
        int count = topic.partitions() == Partitions.SINGLE ? 1 : partitions;
        return new NewTopic(
                        topic.name(), Optional.of(count), replication < 0 ? Optional.empty() : Optional.of(replication))
                .configs(configs(topic));
    }

    static String cleanup(Topic<?> topic) {
        return switch (topic.cleanup()) {
            case DELETE -> TopicConfig.CLEANUP_POLICY_DELETE;
            case COMPACT -> TopicConfig.CLEANUP_POLICY_COMPACT;
        };
    }

    static String timestamps(Topic<?> topic) {
        return topic.timestamps() == Timestamps.LOG_APPEND_TIME ? "LogAppendTime" : "CreateTime";
    }

    private static Map<String, String> configs(Topic<?> topic) {
        Map<String, String> configs = new HashMap<>();
        configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, cleanup(topic));
        configs.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, timestamps(topic));
        configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.toString(MAX_BATCH_BYTES));
        Duration retention = topic.retention();
        if (retention != null) {
            configs.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()));
        }
        if (topic.cleanup() == Cleanup.COMPACT) {
            configs.put(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(COMPACTED_SEGMENT.toMillis()));
        }
        if (topic.cleanup() == Cleanup.DELETE) {
            configs.put(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(SEGMENT.toMillis()));
        }
        if (topic.equals(Topics.GUEST_ALERTS)) {
            configs.put(TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, Long.toString(ALERTS_SEEN.toMillis()));
        }
        if (topic.equals(Topics.GUEST_AUDIT)) {
            configs.put(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(AUDIT_SEEN.toMillis()));
            configs.put(TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, Long.toString(AUDIT_SEEN.toMillis()));
            configs.put(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, Long.toString(AUDIT_ERASED.toMillis()));
            configs.put(TopicConfig.DELETE_RETENTION_MS_CONFIG, Long.toString(AUDIT_ERASED.toMillis()));
        }
        return configs;
    }
}
