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
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
            TopicProvisioner provisioner = new TopicProvisioner(
                    admin, Topics.ALL, Set.of(), new TopicSettings(true, 1, (short) -1), broker.bootstrap(), LONG);
            provisioner.provision();
            admin.createAcls(List.of(new AclBinding(
                            new ResourcePattern(ResourceType.TOPIC, "guest-facts", PatternType.LITERAL),
                            new AccessControlEntry(
                                    "User:ANONYMOUS", "*", AclOperation.DESCRIBE_CONFIGS, AclPermissionType.DENY))))
                    .all()
                    .get();

            BrokerException refused = assertThrows(BrokerException.class, provisioner::provision);

            assertTrue(
                    refused.getMessage()
                            .contains("may not read the settings of topic guest-facts: kafka-acls.sh"
                                    + " --bootstrap-server " + broker.bootstrap()),
                    refused::getMessage);
            assertTrue(refused.getMessage().endsWith("--operation DescribeConfigs --topic guest-facts"));
        }
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
