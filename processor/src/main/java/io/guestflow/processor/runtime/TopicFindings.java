package io.guestflow.processor.runtime;

import io.guestflow.contracts.Topic;
import io.guestflow.contracts.Topic.Cleanup;
import io.guestflow.contracts.Topic.Partitions;
import io.guestflow.contracts.Topic.Role;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.codec.JsonCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** What is wrong with one topic that exists. Each finding is one line, with the command that mends it. */
final class TopicFindings {
    /** A value, and room for key, headers and the batch around it. */
    private static final long NEEDED_BYTES = 2L * JsonCodec.MAX_BYTES;

    private static final Duration SLACK = Duration.ofHours(6);

    private final Topic<?> topic;
    private final ExistingTopic found;
    private final NewTopic wanted;
    private final TopicCommands commands;
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** {@code wanted} is how the topic would be created. */
    TopicFindings(Topic<?> topic, ExistingTopic found, NewTopic wanted, TopicCommands commands) {
        this.topic = topic;
        this.found = found;
        this.wanted = wanted;
        this.commands = commands;
        checkPartitions();
        checkCleanup();
        checkTimestamps();
        checkRetention();
        checkReplays();
        checkAudit();
        checkSize();
        checkReplicas();
    }

    /** What keeps the process from starting. */
    List<String> problems() {
        return problems;
    }

    /** What does not. */
    List<String> warnings() {
        return warnings;
    }

    private void checkPartitions() {
        int count = wanted.numPartitions();
        if (topic.partitions() == Partitions.FREE || found.partitions() == count) {
            return;
        }
        if (topic.equals(Topics.GUEST_AUDIT) && found.partitions() > count) {
            // Records are written by number, so nothing is wrong; and nothing is worth deleting it.
            warnings.add(named(" has " + found.partitions() + " partitions, of which " + count + " are used"));
            return;
        }
        String counts = " has " + found.partitions() + " partitions, must have " + count
                + (topic.partitions() == Partitions.EQUAL ? " like the topics it works with: " : ": ");
        problems.add(
                found.partitions() < count
                        ? named(counts) + commands.addPartitions(topic.name(), count)
                        : named(counts) + "a count cannot be lowered, so (its records are lost) "
                                + commands.recreate(wanted));
    }

    private void checkCleanup() {
        String policy = String.valueOf(found.config(TopicConfig.CLEANUP_POLICY_CONFIG));
        Set<String> policies =
                Arrays.stream(policy.split(",")).map(String::strip).collect(Collectors.toSet());
        if (!policies.equals(Set.of(NewTopics.cleanup(topic)))) {
            problems.add(mended(
                    " has cleanup.policy=" + policy + ", which "
                            + (topic.cleanup() == Cleanup.DELETE
                                    ? "drops records that share a key"
                                    : "drops what must be kept"),
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    NewTopics.cleanup(topic)));
        }
    }

    private void checkTimestamps() {
        String type = found.config(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG);
        String expected = NewTopics.timestamps(topic);
        if (expected.equals(type)) {
            return;
        }
        boolean ours = topic.role() == Role.INTERNAL || topic.cleanup() == Cleanup.COMPACT;
        (ours ? problems : warnings)
                .add(mended(
                        " has message.timestamp.type=" + type + ", should have " + expected + (ours ? "" : followed()),
                        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                        expected));
    }

    private String followed() {
        return topic.equals(Topics.GUEST_FACTS)
                ? " (which facts are known already follows these times)"
                : " (deadlines and latencies follow these times)";
    }

    private void checkRetention() {
        Duration retention = topic.retention();
        // Facts are for others too, but it is we who must have read them in time.
        boolean workedOff = topic.role() == Role.INTERNAL || topic.equals(Topics.GUEST_FACTS);
        if (!workedOff || retention == null) {
            return;
        }
        long ms = found.number(TopicConfig.RETENTION_MS_CONFIG, -1);
        if (ms >= 0 && ms < retention.toMillis()) {
            warnings.add(mended(
                    " keeps its records for " + Duration.ofMillis(ms) + ", so an outage longer than that loses work",
                    TopicConfig.RETENTION_MS_CONFIG,
                    Long.toString(retention.toMillis())));
        }
        long bytes = found.number(TopicConfig.RETENTION_BYTES_CONFIG, -1);
        if (bytes >= 0) {
            warnings.add(mended(
                    " keeps only " + bytes + " bytes a partition, so a backlog beyond that loses work",
                    TopicConfig.RETENTION_BYTES_CONFIG,
                    "-1"));
        }
    }

    /** A fact that is read again after it has been forgotten would be audited twice. */
    private void checkReplays() {
        Duration retention = topic.retention();
        if (!topic.equals(Topics.GUEST_FACTS) || retention == null) {
            return;
        }
        // The broker looks for what it may delete from time to time only.
        long known = NewTopics.FACTS_KNOWN.minus(SLACK).toMillis();
        long retentionMs = found.number(TopicConfig.RETENTION_MS_CONFIG, retention.toMillis());
        long segmentMs = found.number(TopicConfig.SEGMENT_MS_CONFIG, NewTopics.SEGMENT.toMillis());
        if (retentionMs < 0 || retentionMs > known - NewTopics.SEGMENT.toMillis()) {
            warnings.add(mended(
                    " keeps its records for longer than the " + NewTopics.FACTS_KNOWN
                            + " for which a fact is known again: whoever has older ones read again breaks the"
                            + " audit's chain",
                    TopicConfig.RETENTION_MS_CONFIG,
                    Long.toString(retention.toMillis())));
        } else if (segmentMs > known - retentionMs) {
            warnings.add(mended(
                    " keeps its records for up to " + Duration.ofMillis(segmentMs)
                            + " longer than its retention, and so"
                            + " for longer than the " + NewTopics.FACTS_KNOWN
                            + " for which a fact is known again: whoever has older ones read again breaks the"
                            + " audit's chain",
                    TopicConfig.SEGMENT_MS_CONFIG,
                    Long.toString(NewTopics.SEGMENT.toMillis())));
        }
    }

    /** That nothing is lost is the cleanup policy's; here is when what was written over goes. */
    private void checkAudit() {
        if (!topic.equals(Topics.GUEST_AUDIT)) {
            return;
        }
        long seen = found.number(TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, 0);
        if (seen < NewTopics.AUDIT_SEEN.toMillis()) {
            warnings.add(mended(
                    " may be compacted after " + Duration.ofMillis(seen)
                            + ", so a record that was written over may be gone before a check sees it",
                    TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
                    Long.toString(NewTopics.AUDIT_SEEN.toMillis())));
        }
        if (found.number(TopicConfig.SEGMENT_MS_CONFIG, Long.MAX_VALUE) > NewTopics.AUDIT_ERASED.toMillis()) {
            warnings.add(mended(
                    " writes to a segment for longer than " + NewTopics.AUDIT_ERASED
                            + ", and what is written to is not compacted, so an erased content may stay",
                    TopicConfig.SEGMENT_MS_CONFIG,
                    Long.toString(NewTopics.AUDIT_SEEN.toMillis())));
        }
        if (found.number(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, Long.MAX_VALUE)
                > NewTopics.AUDIT_ERASED.toMillis()) {
            warnings.add(mended(
                    " may keep what was written over for longer than " + NewTopics.AUDIT_ERASED
                            + ", so an erased content may stay",
                    TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG,
                    Long.toString(NewTopics.AUDIT_ERASED.toMillis())));
        }
        if (found.number(TopicConfig.DELETE_RETENTION_MS_CONFIG, Long.MAX_VALUE) < NewTopics.AUDIT_ERASED.toMillis()) {
            warnings.add(mended(
                    " keeps tombstones, of which there must be none, for less than " + NewTopics.AUDIT_ERASED
                            + ", so a check may find the gap and not what made it",
                    TopicConfig.DELETE_RETENTION_MS_CONFIG,
                    Long.toString(NewTopics.AUDIT_ERASED.toMillis())));
        }
    }

    private void checkSize() {
        long max = found.number(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.MAX_VALUE);
        if (max < NEEDED_BYTES) {
            problems.add(mended(
                    " takes no record over " + max + " bytes, must take " + NEEDED_BYTES,
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                    String.valueOf(wanted.configs().get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG))));
        }
    }

    private void checkReplicas() {
        long needed = found.number(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, 1);
        if (needed > found.replication()) {
            problems.add(mended(
                    " has " + found.replication() + " replicas and min.insync.replicas=" + needed
                            + ", so nothing can be written to it",
                    TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                    Integer.toString(found.replication())));
        }
    }

    private String mended(String what, String config, String value) {
        return named(what) + ": " + commands.configure(topic.name(), config, value);
    }

    private String named(String what) {
        return "topic " + topic.name() + what;
    }
}
