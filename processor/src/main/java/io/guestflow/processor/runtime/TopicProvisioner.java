package io.guestflow.processor.runtime;

import io.guestflow.contracts.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the topics that are missing, when that is allowed, and checks all of them before anything depends on them. */
public final class TopicProvisioner {
    private static final Logger LOG = LoggerFactory.getLogger(TopicProvisioner.class);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);

    private final Admin admin;
    private final Collection<Topic<?>> catalogue;
    private final Set<String> applicationIds;
    private final TopicSettings settings;
    private final TopicCommands commands;
    private final Duration wait;

    /**
     * @param admin stays the caller's
     * @param applicationIds the Streams applications whose state must have the topics' partition count
     * @param servers what the commands in error messages name
     * @param wait how long created topics may take to be there, and a cluster that starts to have enough brokers
     */
    public TopicProvisioner(
            Admin admin,
            Collection<Topic<?>> catalogue,
            Set<String> applicationIds,
            TopicSettings settings,
            String servers,
            Duration wait) {
        this.admin = admin;
        this.catalogue = List.copyOf(catalogue);
        this.applicationIds = Set.copyOf(applicationIds);
        this.settings = settings;
        this.commands = new TopicCommands(servers);
        this.wait = wait;
    }

    /**
     * Brings the topics about and checks them; other instances may be doing the same.
     *
     * @return how many partitions the topics have that must have equal counts
     * @throws BrokerException if topics are missing or wrong, one line for each; or if the broker does not answer
     */
    public int provision() throws BrokerException, InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        try {
            while (true) {
                TopicPlan plan = plan();
                if (!plan.problems().isEmpty()) {
                    throw unusable(plan.problems());
                }
                if (plan.toCreate().isEmpty()) {
                    plan.warnings().forEach(LOG::warn);
                    LOG.info("{} topics, {} partitions", catalogue.size(), plan.partitions());
                    return plan.partitions();
                }
                List<String> delays = create(plan.toCreate());
                if (System.nanoTime() - deadline >= 0) {
                    throw unusable(delays);
                }
                if (delays.size() == plan.toCreate().size()) {
                    TimeUnit.NANOSECONDS.sleep(BETWEEN_TRIES.toNanos());
                }
            }
        } catch (KafkaException e) {
            throw new BrokerException("the broker gives no answer about topics: " + e.getMessage(), e);
        }
    }

    private TopicPlan plan() throws BrokerException, InterruptedException {
        Set<String> there = get(admin.listTopics().names());
        Set<String> ours =
                catalogue.stream().map(Topic::name).filter(there::contains).collect(Collectors.toSet());
        Set<String> state = there.stream().filter(this::isState).collect(Collectors.toSet());
        Map<String, TopicDescription> descriptions =
                describe(Stream.concat(ours.stream(), state.stream()).collect(Collectors.toUnmodifiableSet()));
        Map<String, Map<String, String>> configs = configs(ours);

        Map<String, ExistingTopic> existing = new HashMap<>();
        Map<String, Integer> stateCounts = new HashMap<>();
        descriptions.forEach((name, topic) -> {
            int partitions = topic.partitions().size();
            Map<String, String> config = configs.get(name);
            if (state.contains(name)) {
                stateCounts.put(name, partitions);
            } else if (config != null) {
                int replication = topic.partitions().getFirst().replicas().size();
                existing.put(name, new ExistingTopic(partitions, replication, config));
            }
        });
        return TopicPlan.of(catalogue, existing, stateCounts, settings, commands);
    }

    private boolean isState(String topic) {
        return (topic.endsWith("-changelog") || topic.endsWith("-repartition"))
                && applicationIds.stream().anyMatch(id -> topic.startsWith(id + "-"));
    }

    private Map<String, TopicDescription> describe(Set<String> topics) throws InterruptedException {
        Map<String, TopicDescription> descriptions = new HashMap<>();
        for (var topic : admin.describeTopics(topics).topicNameValues().entrySet()) {
            try {
                descriptions.put(topic.getKey(), get(topic.getValue()));
            } catch (UnknownTopicOrPartitionException beingDeleted) {
                LOG.debug("topic {} went away while it was looked at", topic.getKey());
            }
        }
        return descriptions;
    }

    private Map<String, Map<String, String>> configs(Set<String> topics) throws BrokerException, InterruptedException {
        Set<ConfigResource> resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .collect(Collectors.toUnmodifiableSet());
        Map<String, Map<String, String>> configs = new HashMap<>();
        List<String> denied = new ArrayList<>();
        for (var config : admin.describeConfigs(resources).values().entrySet()) {
            String topic = config.getKey().name();
            try {
                configs.put(topic, values(get(config.getValue())));
            } catch (UnknownTopicOrPartitionException beingDeleted) {
                LOG.debug("topic {} went away while it was looked at", topic);
            } catch (AuthorizationException e) {
                denied.add("this process may not read the settings of topic " + topic + ": "
                        + commands.allow(topic, "DescribeConfigs"));
            }
        }
        if (!denied.isEmpty()) {
            throw unusable(denied);
        }
        return configs;
    }

    private static Map<String, String> values(Config config) {
        return config.entries().stream()
                .filter(entry -> entry.value() != null)
                .collect(Collectors.toUnmodifiableMap(ConfigEntry::name, ConfigEntry::value));
    }

    /**
     * Creates what it can, and returns what to say about the rest if that stays so: another instance may be creating the
     * same topic, brokers may still be joining.
     */
    private List<String> create(List<NewTopic> topics) throws BrokerException, InterruptedException {
        List<String> delays = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        Map<String, NewTopic> byName = topics.stream().collect(Collectors.toMap(NewTopic::name, Function.identity()));
        for (var result : admin.createTopics(topics).values().entrySet()) {
            NewTopic topic = byName.getOrDefault(result.getKey(), topics.getFirst());
            try {
                get(result.getValue());
                LOG.info("created topic {} with {} partitions", topic.name(), topic.numPartitions());
            } catch (TopicExistsException e) {
                delays.add("topic " + topic.name() + " exists, but this process may not see it: "
                        + commands.allow(topic.name(), "Describe"));
            } catch (InvalidReplicationFactorException e) {
                delays.add("topic " + topic.name() + " cannot be created, " + e.getMessage()
                        + ": start more brokers, or set GUESTFLOW_TOPICS_REPLICATION, or run "
                        + commands.create(topic));
            } catch (RetriableException e) {
                delays.add("topic " + topic.name() + " could not be created in time, " + e.getMessage() + ": "
                        + commands.create(topic));
            } catch (AuthorizationException e) {
                refusals.add("this process may not create topic " + topic.name() + ", so have it created: "
                        + commands.create(topic));
            } catch (KafkaException e) {
                refusals.add("topic " + topic.name() + " cannot be created, " + e.getMessage() + ": "
                        + commands.create(topic));
            }
        }
        if (!refusals.isEmpty()) {
            throw unusable(refusals);
        }
        return delays;
    }

    private static BrokerException unusable(List<String> problems) {
        return new BrokerException("topics are not as they must be:\n  " + String.join("\n  ", problems), null);
    }

    private static <T> T get(KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
        }
    }
}
