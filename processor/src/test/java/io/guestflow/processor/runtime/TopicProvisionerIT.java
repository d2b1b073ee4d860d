package io.guestflow.processor.runtime;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Topic;
import io.guestflow.contracts.Topics;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(SharedBroker.class)
class TopicProvisionerIT {
    private static final String APPLICATION = "guestflow-auth";
    private static final TopicSettings MAY_CREATE = new TopicSettings(true, 3, (short) -1);

    private final KafkaSandbox kafka;

    TopicProvisionerIT(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void wipe() throws Exception {
        kafka.deleteAllTopicsAndGroups();
        await().until(() -> kafka.admin().listTopics().names().get().isEmpty());
    }

    @Test
    void aBrokerWithoutTopicsGetsThemAllAndTheyPassTheirOwnCheck() throws Exception {
        assertEquals(3, provisioner(MAY_CREATE).provision());

        assertEquals(3, provisioner(new TopicSettings(false, 12, (short) -1)).provision());
        assertEquals(3, partitions("guest-auth-requests"));
        assertEquals(1, partitions("cxone-throttle"));
        assertEquals("LogAppendTime", config("guest-auth-requests", "message.timestamp.type"));
        assertEquals("compact", config("cxone-throttle", "cleanup.policy"));
    }

    @Test
    void instancesThatStartTogetherDoNotDisturbEachOther() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> starts = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                starts.add(threads.submit(() -> provisioner(MAY_CREATE).provision()));
            }
            for (Future<Integer> start : starts) {
                assertEquals(3, start.get());
            }
        }
    }

    @Test
    void missingTopicsGetTheCountOfThoseThatExist() throws Exception {
        create(5, "guest-auth-results");

        assertEquals(5, provisioner(MAY_CREATE).provision());

        assertEquals(5, partitions("cxone-auth-commands"));
    }

    @Test
    void withoutLeaveToCreateNothingIsCreatedAndEveryMissingTopicIsNamed() throws Exception {
        BrokerException refused = assertThrows(
                BrokerException.class,
                () -> provisioner(new TopicSettings(false, 3, (short) -1)).provision());

        Topics.ALL.forEach(topic -> assertTrue(
                refused.getMessage().contains(" --create --topic " + topic.name() + " "), refused::getMessage));
        assertEquals(Set.of(), kafka.admin().listTopics().names().get());
    }

    @Test
    void aWrongCountIsRefusedAndTheNamedCommandMendsIt() throws Exception {
        provisioner(MAY_CREATE).provision();
        addPartitions("guest-facts", 6);

        BrokerException refused = assertThrows(
                BrokerException.class, () -> provisioner(MAY_CREATE).provision());
        assertTrue(
                refused.getMessage()
                        .contains("--bootstrap-server " + kafka.bootstrap()
                                + " --alter --topic cxone-auth-commands --partitions 6"),
                refused::getMessage);

        for (Topic<?> topic : Topics.ALL) {
            if (topic.partitions() == Topic.Partitions.EQUAL && !topic.equals(Topics.GUEST_FACTS)) {
                addPartitions(topic.name(), 6);
            }
        }
        assertEquals(6, provisioner(MAY_CREATE).provision());
    }

    @Test
    void stateOfAnotherCountIsRefusedAndStateOfOthersIsNotLookedAt() throws Exception {
        provisioner(MAY_CREATE).provision();
        create(7, "somebody-elses-store-changelog");
        assertEquals(3, provisioner(MAY_CREATE).provision());
        create(7, APPLICATION + "-requests-changelog");

        BrokerException refused = assertThrows(
                BrokerException.class, () -> provisioner(MAY_CREATE).provision());

        assertTrue(
                refused.getMessage().contains("guestflow-auth-requests-changelog was made with 7 partitions"),
                refused::getMessage);
    }

    @Test
    void aWrongPolicyIsRefusedBeforeAnythingIsCreated() throws Exception {
        create(3, "cxone-auth-commands");
        configure("cxone-auth-commands", "cleanup.policy", "compact");
        await().until(() -> config("cxone-auth-commands", "cleanup.policy").equals("compact"));

        BrokerException refused = assertThrows(
                BrokerException.class, () -> provisioner(MAY_CREATE).provision());

        assertTrue(
                refused.getMessage().contains("--entity-name cxone-auth-commands --add-config cleanup.policy=delete"),
                refused::getMessage);
        assertEquals(
                Set.of("cxone-auth-commands"),
                kafka.admin().listTopics().names().get());
    }

    @Test
    void moreReplicasThanBrokersIsRefusedWithTheBrokersReason() {
        BrokerException refused = assertThrows(
                BrokerException.class,
                () -> new TopicProvisioner(
                                kafka.admin(),
                                Topics.ALL,
                                Set.of(APPLICATION),
                                new TopicSettings(true, 3, (short) 2),
                                kafka.bootstrap(),
                                Duration.ofMillis(500))
                        .provision());

        assertTrue(refused.getMessage().contains("start more brokers, or set GUESTFLOW_TOPICS_REPLICATION"));
        assertTrue(refused.getMessage().contains("--replication-factor 2"), refused::getMessage);
    }

    private TopicProvisioner provisioner(TopicSettings settings) {
        return new TopicProvisioner(
                kafka.admin(), Topics.ALL, Set.of(APPLICATION), settings, kafka.bootstrap(), Duration.ofSeconds(20));
    }

    /** The broker answers about a topic as it was for some time after the controller changed it. */
    private void create(int partitions, String topic) {
        kafka.createTopics(partitions, topic);
        await().until(() -> kafka.admin().listTopics().names().get().contains(topic));
    }

    private void addPartitions(String topic, int partitions) throws Exception {
        kafka.admin()
                .createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions)))
                .all()
                .get();
        await().until(() -> partitions(topic) == partitions);
    }

    private int partitions(String topic) throws Exception {
        TopicDescription description = kafka.admin()
                .describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic);
        return description.partitions().size();
    }

    private String config(String topic, String name) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return kafka.admin()
                .describeConfigs(List.of(resource))
                .all()
                .get()
                .get(resource)
                .get(name)
                .value();
    }

    private void configure(String topic, String name, String value) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        kafka.admin()
                .incrementalAlterConfigs(Map.of(
                        resource, List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }
}
