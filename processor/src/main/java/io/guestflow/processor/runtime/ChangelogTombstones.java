package io.guestflow.processor.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Whether the changelogs of an application tell of deletions for as long as its state is built upon. Kafka Streams gives a
 * changelog its settings when it makes it, and never again: one that an earlier version made keeps what that one wanted.
 *
 * <p>Threading: any thread.
 */
public final class ChangelogTombstones {
    private ChangelogTombstones() {}

    /**
     * One line for each changelog that may not, with the command that mends it.
     *
     * @param needed how long it has to
     * @param servers what the commands name
     */
    public static List<String> tooShort(Admin admin, String application, Duration needed, String servers)
            throws BrokerException, InterruptedException {
        TopicCommands commands = new TopicCommands(servers);
        List<String> findings = new ArrayList<>();
        for (var changelog :
                admin.describeConfigs(changelogs(admin, application)).values().entrySet()) {
            String topic = changelog.getKey().name();
            try {
                Map<String, String> config = new HashMap<>();
                for (ConfigEntry entry : changelog.getValue().get().entries()) {
                    config.put(entry.name(), entry.value());
                }
                finding(topic, config, needed, commands).ifPresent(findings::add);
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case AuthorizationException _ ->
                        findings.add("this process may not read the settings of topic " + topic
                                + ", which may forget what was deleted too soon: "
                                + commands.allow(topic, "DescribeConfigs"));
                    case UnknownTopicOrPartitionException _ -> {
                        // Deleted while it was looked at: there is nothing to restore from it.
                    }
                    case null, default -> throw unusable(e);
                }
            }
        }
        return findings;
    }

    private static Set<ConfigResource> changelogs(Admin admin, String application)
            throws BrokerException, InterruptedException {
        try {
            return admin.listTopics().names().get().stream()
                    .filter(topic -> topic.startsWith(application + "-") && topic.endsWith("-changelog"))
                    .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (ExecutionException e) {
            throw unusable(e);
        }
    }

    static Optional<String> finding(String topic, Map<String, String> config, Duration needed, TopicCommands commands) {
        if (String.valueOf(config.get(TopicConfig.CLEANUP_POLICY_CONFIG)).contains(TopicConfig.CLEANUP_POLICY_DELETE)) {
            // It forgets by time, and nobody deletes from it.
            return Optional.empty();
        }
        String kept = config.get(TopicConfig.DELETE_RETENTION_MS_CONFIG);
        if (kept != null && Long.parseLong(kept) >= needed.toMillis()) {
            return Optional.empty();
        }
        return Optional.of("topic " + topic + " tells of what was deleted for "
                + (kept == null ? "an unknown time" : Duration.ofMillis(Long.parseLong(kept))) + ", should for "
                + needed + ": until it does, its application's state is restored whole at each start: "
                + commands.configure(topic, TopicConfig.DELETE_RETENTION_MS_CONFIG, Long.toString(needed.toMillis())));
    }

    private static BrokerException unusable(ExecutionException e) {
        return new BrokerException("the broker gives no answer about changelogs: " + e.getCause(), e.getCause());
    }
}
