package io.guestflow.processor.runtime;

import io.guestflow.contracts.Topic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates missing topics when it may, and checks those that exist. */
public final class TopicProvisioner {
    private static final Logger LOG = LoggerFactory.getLogger(TopicProvisioner.class);
    /** A topic that was just created may not be known yet to the broker that is asked. */
    private static final int LOOKS = 50;

    private static final long LOOK_AGAIN_MS = 100;

    private TopicProvisioner() {}

    /**
     * Returns how many partitions each of the topics has that must have equally many.
     *
     * @param create whether missing topics may be created
     * @param partitions for new topics, unless those that exist have another count already
     * @param replication for new topics; -1 leaves it to the broker
     * @param applicationId whose changelogs bind the count
     * @throws BrokerException with a line for everything that is wrong
     */
    public static int provision(
            Admin admin,
            List<Topic<?>> catalogue,
            boolean create,
            int partitions,
            short replication,
            String bootstrapServers,
            String applicationId)
            throws BrokerException, InterruptedException {
        TopicPlan.Wanted wanted = new TopicPlan.Wanted(create, partitions, replication, bootstrapServers);
        try {
            TopicPlan plan = plan(admin, catalogue, applicationId, wanted);
            refuse(plan);
            if (!plan.create().isEmpty()) {
                create(admin, plan.create(), replication);
                plan = planOnceVisible(admin, catalogue, applicationId, wanted);
                refuse(plan);
            }
            plan.warnings().forEach(LOG::warn);
            return plan.partitions();
        } catch (ExecutionException failed) {
            throw new BrokerException(
                    "topics cannot be read or created at " + bootstrapServers + ": " + failed.getCause()
                            + " (the principal needs DESCRIBE and DESCRIBE_CONFIGS on topics, and CREATE unless"
                            + " GUESTFLOW_TOPICS_CREATE is false)",
                    failed.getCause());
        }
    }

    private static TopicPlan plan(Admin admin, List<Topic<?>> catalogue, String applicationId, TopicPlan.Wanted wanted)
            throws ExecutionException, InterruptedException {
        Set<String> names = admin.listTopics().names().get();
        List<String> ours =
                catalogue.stream().map(Topic::name).filter(names::contains).toList();
        List<String> changelogs = names.stream()
                .filter(name -> name.startsWith(applicationId + "-") && name.endsWith("-changelog"))
                .toList();
        List<String> all = new ArrayList<>(ours);
        all.addAll(changelogs);
        Map<String, TopicDescription> descriptions =
                admin.describeTopics(all).allTopicNames().get();
        Map<String, Map<String, String>> configs = configs(admin, ours);
        Map<String, TopicPlan.Existing> existing = new HashMap<>();
        Map<String, Integer> state = new HashMap<>();
        descriptions.forEach((name, description) -> {
            int count = description.partitions().size();
            if (changelogs.contains(name)) {
                state.put(name, count);
            } else {
                existing.put(name, new TopicPlan.Existing(count, configs.getOrDefault(name, Map.of())));
            }
        });
        return TopicPlan.of(catalogue, existing, state, wanted);
    }

    private static TopicPlan planOnceVisible(
            Admin admin, List<Topic<?>> catalogue, String applicationId, TopicPlan.Wanted wanted)
            throws ExecutionException, InterruptedException, BrokerException {
        for (int look = 0; look < LOOKS; look++) {
            try {
                TopicPlan plan = plan(admin, catalogue, applicationId, wanted);
                if (plan.create().isEmpty()) {
                    return plan;
                }
            } catch (ExecutionException failed) {
                if (!(failed.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw failed;
                }
            }
            Thread.sleep(LOOK_AGAIN_MS);
        }
        throw new BrokerException("topics that were just created are still unknown to the broker", null);
    }

    private static Map<String, Map<String, String>> configs(Admin admin, Collection<String> topics)
            throws ExecutionException, InterruptedException {
        List<ConfigResource> resources = topics.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        Map<ConfigResource, Config> all = admin.describeConfigs(resources).all().get();
        return all.entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> entry.getKey().name(),
                        entry -> entry.getValue().entries().stream()
                                .filter(config -> config.value() != null)
                                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value))));
    }

    private static void create(Admin admin, List<TopicPlan.Missing> missing, short replication)
            throws ExecutionException, InterruptedException {
        CreateTopicsResult created = admin.createTopics(missing.stream()
                .map(topic -> new NewTopic(
                                topic.name(),
                                Optional.of(topic.partitions()),
                                replication < 0 ? Optional.empty() : Optional.of(replication))
                        .configs(topic.configs()))
                .toList());
        for (Map.Entry<String, KafkaFuture<Void>> topic : created.values().entrySet()) {
            try {
                topic.getValue().get();
                LOG.info("created topic {}", topic.getKey());
            } catch (ExecutionException failed) {
                // Another instance starts at the same time.
                if (!(failed.getCause() instanceof TopicExistsException)) {
                    throw failed;
                }
            }
        }
    }

    private static void refuse(TopicPlan plan) throws BrokerException {
        if (!plan.problems().isEmpty()) {
            throw new BrokerException(
                    "topics are not as they must be:\n  " + String.join("\n  ", plan.problems()), null);
        }
    }
}
