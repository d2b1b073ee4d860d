package io.guestflow.processor.runtime;

import io.guestflow.contracts.Topic;
import io.guestflow.contracts.Topic.Cleanup;
import io.guestflow.contracts.Topic.Partitions;
import io.guestflow.contracts.Topic.Role;
import io.guestflow.contracts.Topic.Timestamps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done about topics: a function of the catalogue and of what exists.
 *
 * @param partitions how many partitions the topics have that must have equally many
 * @param create what is missing and may be created
 * @param problems what keeps the process from running, each with the command that mends it
 * @param warnings what it can run with
 */
record TopicPlan(int partitions, List<Missing> create, List<String> problems, List<String> warnings) {

    /** A topic to be created. */
    record Missing(String name, int partitions, Map<String, String> configs) {}

    /** A topic that exists. */
    record Existing(int partitions, Map<String, String> configs) {}

    /**
     * How topics are to be.
     *
     * @param create whether missing ones may be created
     * @param partitions for new ones, unless those that exist have another count already
     * @param replication for new ones; -1 leaves it to the broker
     * @param bootstrapServers for the commands in messages
     */
    record Wanted(boolean create, int partitions, short replication, String bootstrapServers) {}

    /**
     * The plan.
     *
     * @param existing the topics of the catalogue that exist, by name
     * @param changelogs partition counts of the application's changelogs, by name: its state
     */
    static TopicPlan of(
            List<Topic<?>> catalogue, Map<String, Existing> existing, Map<String, Integer> changelogs, Wanted wanted) {
        List<Missing> create = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        int partitions = equalPartitions(catalogue, existing, changelogs, wanted, problems);
        for (Topic<?> topic : catalogue) {
            Existing found = existing.get(topic.name());
            if (found == null) {
                Missing missing = new Missing(topic.name(), count(topic, partitions), configs(topic));
                if (wanted.create()) {
                    create.add(missing);
                } else {
                    problems.add("topic " + topic.name() + " does not exist and GUESTFLOW_TOPICS_CREATE is false: "
                            + createCommand(missing, wanted));
                }
                continue;
            }
            checkPartitions(topic, found, partitions, wanted, problems);
            checkConfigs(topic, found, wanted, problems, warnings);
        }
        return new TopicPlan(partitions, List.copyOf(create), List.copyOf(problems), List.copyOf(warnings));
    }

    private static int equalPartitions(
            List<Topic<?>> catalogue,
            Map<String, Existing> existing,
            Map<String, Integer> changelogs,
            Wanted wanted,
            List<String> problems) {
        Map<String, Integer> counts = new TreeMap<>();
        for (Topic<?> topic : catalogue) {
            Existing found = existing.get(topic.name());
            if (topic.partitions() == Partitions.EQUAL && found != null) {
                counts.put(topic.name(), found.partitions());
            }
        }
        // State outlasts topics: its partition numbers are what guests were assigned to.
        int most =
                changelogs.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        if (most == 0) {
            most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(wanted.partitions());
        }
        for (Map.Entry<String, Integer> changelog : new TreeMap<>(changelogs).entrySet()) {
            for (Map.Entry<String, Integer> count : counts.entrySet()) {
                if (count.getValue() > changelog.getValue()) {
                    problems.add(
                            "topic " + count.getKey() + " has " + count.getValue() + " partitions, and the state in "
                                    + changelog.getKey() + " was made with " + changelog.getValue()
                                    + ": a topic cannot get fewer partitions; delete the application's state with "
                                    + "kafka-streams-application-reset.sh and its changelog topics, or recreate the topic");
                }
            }
        }
        return most;
    }

    private static void checkPartitions(
            Topic<?> topic, Existing found, int partitions, Wanted wanted, List<String> problems) {
        int count = count(topic, partitions);
        if (topic.partitions() == Partitions.FREE || found.partitions() == count) {
            return;
        }
        if (found.partitions() < count) {
            problems.add("topic " + topic.name() + " has " + found.partitions() + " partitions and must have " + count
                    + ", as many as the others: kafka-topics.sh --bootstrap-server " + wanted.bootstrapServers()
                    + " --alter --topic " + topic.name() + " --partitions " + count);
        } else if (topic.partitions() == Partitions.SINGLE) {
            problems.add("topic " + topic.name() + " has " + found.partitions()
                    + " partitions and must have one: delete it, it is made anew: kafka-topics.sh --bootstrap-server "
                    + wanted.bootstrapServers() + " --delete --topic " + topic.name());
        }
    }

    private static void checkConfigs(
            Topic<?> topic, Existing found, Wanted wanted, List<String> problems, List<String> warnings) {
        configs(topic).forEach((name, value) -> {
            String is = found.configs().get(name);
            if (is == null || is.equals(value)) {
                return;
            }
            String line = "topic " + topic.name() + " has " + name + "=" + is + " and " + verb(topic, name) + " "
                    + value
                    + ": kafka-configs.sh --bootstrap-server " + wanted.bootstrapServers()
                    + " --alter --entity-type topics --entity-name " + topic.name() + " --add-config " + name + "="
                    + value;
            switch (name) {
                case TopicConfig.CLEANUP_POLICY_CONFIG -> problems.add(line);
                // With a producer's own clock a request's deadline is that clock's affair, and the topic its owner's.
                case TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG ->
                    (topic.role() == Role.INPUT ? warnings : problems).add(line);
                case TopicConfig.RETENTION_MS_CONFIG -> {
                    if (topic.role() == Role.INTERNAL && isShorter(is, value)) {
                        warnings.add(line + " (what lies longer during an outage is lost)");
                    }
                }
                default -> {
                    // The operator may have sized it otherwise.
                }
            }
        });
    }

    private static String verb(Topic<?> topic, String name) {
        return topic.role() == Role.INPUT && name.equals(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG)
                ? "should have"
                : "must have";
    }

    private static boolean isShorter(String retention, String wanted) {
        return Long.parseLong(retention) >= 0 && Long.parseLong(retention) < Long.parseLong(wanted);
    }

    private static int count(Topic<?> topic, int partitions) {
        return topic.partitions() == Partitions.SINGLE ? 1 : partitions;
    }

    private static Map<String, String> configs(Topic<?> topic) {
        Map<String, String> configs = new TreeMap<>();
        configs.put(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                topic.cleanup() == Cleanup.COMPACT
                        ? TopicConfig.CLEANUP_POLICY_COMPACT
                        : TopicConfig.CLEANUP_POLICY_DELETE);
        configs.put(
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                topic.timestamps() == Timestamps.LOG_APPEND_TIME ? "LogAppendTime" : "CreateTime");
        @Nullable Duration retention = topic.retention();
        if (retention != null) {
            configs.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()));
        }
        return configs;
    }

    private static String createCommand(Missing missing, Wanted wanted) {
        StringBuilder command = new StringBuilder("kafka-topics.sh --bootstrap-server ")
                .append(wanted.bootstrapServers())
                .append(" --create --topic ")
                .append(missing.name())
                .append(String.format(Locale.ROOT, " --partitions %d", missing.partitions()));
        if (wanted.replication() > 0) {
            command.append(" --replication-factor ").append(wanted.replication());
        }
        missing.configs()
                .forEach((name, value) ->
                        command.append(" --config ").append(name).append('=').append(value));
        return command.toString();
    }
}
