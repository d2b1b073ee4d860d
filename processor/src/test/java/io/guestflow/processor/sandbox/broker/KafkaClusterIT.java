package io.guestflow.processor.sandbox.broker;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.sandbox.ChildFailedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("full")
@Timeout(120)
class KafkaClusterIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void whatWasAcknowledgedIsThereAfterACleanRestartAndAfterAKill() {
        try (var cluster = KafkaCluster.start(1);
                var kafka = new KafkaSandbox(cluster.bootstrap())) {
            kafka.createTopics(1, "kept");
            kafka.produce("kept", "a", "before the restart");

            cluster.restart();
            kafka.produce("kept", "b", "before the kill");
            cluster.kill();
            cluster.restart();

            var records = kafka.readCommitted("kept", "two records", all -> all.size() == 2, SOON);
            assertEquals(
                    List.of("before the restart", "before the kill"),
                    records.stream().map(r -> r.value()).toList());
        }
    }

    @Test
    void aPausedBrokerAnswersNobodyAndGoesOnWhereItWas() throws Exception {
        try (var cluster = KafkaCluster.start(1);
                var kafka = new KafkaSandbox(cluster.bootstrap())) {
            kafka.createTopics(1, "paused");
            kafka.produce("paused", "a", "before");

            cluster.pause();
            var record = new ProducerRecord<>("paused", bytes("b"), bytes("meanwhile"));
            var sent = kafka.send(record);
            assertThrows(TimeoutException.class, () -> sent.get(500, TimeUnit.MILLISECONDS));
            cluster.resume();

            assertEquals(1, sent.get(SOON.toMillis(), TimeUnit.MILLISECONDS).offset());
        }
    }

    @Test
    void aBrokerThatDoesNotStartSaysWhy() {
        var broken = BrokerOptions.fastStart().property("log.segment.bytes", "1");

        var failure = assertThrows(ChildFailedException.class, () -> KafkaCluster.start(1, broken));

        assertTrue(failure.getMessage().contains("log.segment.bytes"), failure::getMessage);
        assertEquals(1, failure.exitCode().orElseThrow());
    }

    @Test
    void aPortThatSomebodyElseHoldsIsReportedAsSuch(@TempDir Path dir) throws IOException {
        int controller = FreePorts.find(1).getFirst();
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var node = new Node(1, dir.resolve("data"), taken.getLocalPort(), controller, "1@127.0.0.1:" + controller);
            try (var broker = new BrokerProcess(node, BrokerOptions.fastStart())) {
                var failure = assertThrows(ChildFailedException.class, broker::awaitReady);

                assertEquals(BrokerMain.PORT_IN_USE, failure.exitCode().orElseThrow(), failure::getMessage);
            }
        }
    }

    @Test
    void closingLeavesNoDataAndKeepsTheOutputWhereADirectoryWasGiven(@TempDir Path dir) {
        long pid;
        try (var cluster = KafkaCluster.start(1, BrokerOptions.fastStart().in(dir))) {
            pid = cluster.node(1).pid();
            assertTrue(cluster.node(1).rssBytes() > 50_000_000);
        }

        assertFalse(Files.exists(dir.resolve("node-1")));
        assertTrue(Files.exists(dir.resolve("logs/broker-1.out")));
        assertTrue(ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void threeNodesReplicateAndSurviveTheLossOfOne() throws Exception {
        try (var cluster = KafkaCluster.start(3);
                var kafka = new KafkaSandbox(cluster.bootstrap())) {
            await("three nodes known").atMost(SOON).until(() -> nodes(kafka).size() == 3);
            kafka.createTopics(3, "replicated");
            // Each node learns of a topic in its own time, and any of them may be asked.
            var description = await("the topic known")
                    .atMost(SOON)
                    .ignoreException(ExecutionException.class)
                    .until(() -> described(kafka, "replicated"), Objects::nonNull);
            description.partitions().forEach(p -> assertEquals(3, p.replicas().size()));

            cluster.node(1).kill();
            for (int i = 0; i < 9; i++) {
                kafka.produce("replicated", "key-" + i, "while one is away");
            }
            cluster.node(1).restart();

            await("the killed node is back")
                    .atMost(SOON)
                    .until(() -> nodes(kafka).size() == 3);
            assertEquals(
                    9,
                    kafka.readCommitted("replicated", "nine records", all -> all.size() == 9, SOON)
                            .size());
        }
    }

    private static TopicDescription described(KafkaSandbox kafka, String topic) throws Exception {
        return kafka.admin()
                .describeTopics(List.of(topic))
                .allTopicNames()
                .get(SOON.toMillis(), TimeUnit.MILLISECONDS)
                .get(topic);
    }

    private static Collection<?> nodes(KafkaSandbox kafka) throws Exception {
        return kafka.admin().describeCluster().nodes().get(SOON.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
