package io.guestflow.processor.runtime;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Topics;
import io.guestflow.processor.sandbox.broker.BrokerOptions;
import io.guestflow.processor.sandbox.broker.KafkaCluster;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("full")
@Timeout(120)
class BrokerCheckIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static KafkaCluster broker;

    @BeforeAll
    static void startBroker() {
        broker = KafkaCluster.start(
                1,
                BrokerOptions.fastStart()
                        .property("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                        .property("allow.everyone.if.no.acl.found", "true"));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void givesAClientOfABrokerThatCanBeUsed() throws Exception {
        try (Admin admin = check(broker.bootstrap(), LONG).connect()) {
            assertFalse(admin.describeCluster().nodes().get().isEmpty());
        }
    }

    @Test
    void whereNobodyListensItGivesUpAfterTheWaitAndNamesServersAndError() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        String nobody = "127.0.0.1:" + port;

        BrokerException refused = assertThrows(
                BrokerException.class,
                () -> check(nobody, Duration.ofSeconds(2)).connect());

        String message = refused.getMessage();
        assertTrue(message.startsWith("no Kafka broker answered at " + nobody + " within 2 s"), message);
        assertTrue(message.contains(nobody + ": Connection refused"), message);
        assertTrue(message.contains("TimeoutException"), message);
        assertTrue(message.contains("KAFKA_BOOTSTRAP_SERVERS"), message);
    }

    @Test
    void aNameThatCannotBeResolvedIsWaitedForToo() {
        BrokerException refused = assertThrows(
                BrokerException.class,
                () -> check("kafka.invalid:9092", Duration.ofSeconds(1)).connect());

        assertTrue(refused.getMessage().contains("kafka.invalid:9092: unknown host"), refused::getMessage);
    }

    @Test
    void settingsThatDoNotFitTogetherAreToldAtOnce() {
        BrokerException refused = assertThrows(
                BrokerException.class,
                () -> new BrokerCheck(
                                Map.of(
                                        "bootstrap.servers", broker.bootstrap(),
                                        "security.protocol", "SASL_PLAINTEXT",
                                        "sasl.mechanism", "PLAIN"),
                                LONG)
                        .connect());

        assertTrue(refused.getMessage().startsWith("the KAFKA_* settings do not fit together"), refused::getMessage);
    }

    @Test
    void aBrokerThatComesLaterIsWaitedFor() throws Exception {
        try (KafkaCluster late = KafkaCluster.start(1);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            late.stop();
            Future<Admin> connecting =
                    threads.submit(() -> check(late.bootstrap(), LONG).connect());

            late.restart();

            connecting.get().close();
        }
    }

    @Test
    void transactionsOfTheFirstVersionAreRefusedWithTheCommandThatMendsThem() throws Exception {
        try (Admin admin = check(broker.bootstrap(), LONG).connect()) {
            finalizeTransactions(admin, 1, FeatureUpdate.UpgradeType.SAFE_DOWNGRADE);

            BrokerException refused = assertThrows(
                    BrokerException.class, () -> check(broker.bootstrap(), LONG).connect());

            finalizeTransactions(admin, 2, FeatureUpdate.UpgradeType.UPGRADE);
            assertEquals(
                    "Kafka at " + broker.bootstrap() + " has transaction.version 1, but exactly-once needs 2: run"
                            + " kafka-features.sh --bootstrap-server " + broker.bootstrap()
                            + " upgrade --feature transaction.version=2",
                    refused.getMessage());
        }
        check(broker.bootstrap(), LONG).connect().close();
    }

    @Test
    void aPermissionThatIsMissingIsNamedWithTheCommandThatGrantsIt() throws Exception {
        try (Admin admin = check(broker.bootstrap(), LONG).connect()) {
            provisioner(admin, LONG).provision();
            // The first rule on a topic ends what everyone may do without one.
            admin.createAcls(List.of(
                            rule("guest-facts", AclOperation.ALL, AclPermissionType.ALLOW),
                            rule("guest-facts", AclOperation.DESCRIBE_CONFIGS, AclPermissionType.DENY),
                            rule("guest-dead-letters", AclOperation.DESCRIBE, AclPermissionType.DENY)))
                    .all()
                    .get();
            await().until(() -> !admin.listTopics().names().get().contains("guest-dead-letters"));

            String notReadable = refusal(admin);
            admin.deleteAcls(List.of(rules("guest-facts"))).all().get();
            await().until(() ->
                    admin.describeAcls(rules("guest-facts")).values().get().isEmpty());
            await().untilAsserted(() -> assertTrue(refusal(admin).contains("guest-dead-letters")));
            String notVisible = refusal(admin);
            admin.deleteAcls(List.of(rules("guest-dead-letters"))).all().get();

            assertTrue(
                    notReadable.contains("may not read the settings of topic guest-facts: kafka-acls.sh"
                            + " --bootstrap-server " + broker.bootstrap()),
                    notReadable);
            assertTrue(notReadable.endsWith("--operation DescribeConfigs --topic guest-facts"), notReadable);
            assertTrue(
                    notVisible.contains("topic guest-dead-letters exists, but this process may not see it"),
                    notVisible);
            assertTrue(notVisible.endsWith("--operation Describe --topic guest-dead-letters"), notVisible);
        }
    }

    private static String refusal(Admin admin) {
        return String.valueOf(assertThrows(
                        BrokerException.class,
                        () -> provisioner(admin, Duration.ofMillis(500)).provision())
                .getMessage());
    }

    private static TopicProvisioner provisioner(Admin admin, Duration wait) {
        return new TopicProvisioner(
                admin, Topics.ALL, Set.of(), new TopicSettings(true, 1, (short) -1), broker.bootstrap(), wait);
    }

    private static AclBinding rule(String topic, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", operation, permission));
    }

    private static AclBindingFilter rules(String topic) {
        return new AclBindingFilter(
                new ResourcePatternFilter(ResourceType.TOPIC, topic, PatternType.LITERAL),
                AccessControlEntryFilter.ANY);
    }

    private static void finalizeTransactions(Admin admin, int version, FeatureUpdate.UpgradeType type)
            throws Exception {
        admin.updateFeatures(
                        Map.of("transaction.version", new FeatureUpdate((short) version, type)),
                        new UpdateFeaturesOptions())
                .all()
                .get();
        await().until(() -> admin.describeFeatures()
                        .featureMetadata()
                        .get()
                        .finalizedFeatures()
                        .get("transaction.version")
                        .maxVersionLevel()
                == version);
    }

    private static BrokerCheck check(String servers, Duration wait) {
        return new BrokerCheck(Map.of("bootstrap.servers", servers), wait);
    }
}
