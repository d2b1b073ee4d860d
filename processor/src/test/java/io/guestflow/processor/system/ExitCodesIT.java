package io.guestflow.processor.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Topics;
import io.guestflow.processor.runtime.InstanceIdentity;
import io.guestflow.processor.sandbox.ProcessorProcess;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Starts that cannot come to anything: the exit code, and what the operator is told. */
@Timeout(120)
@ExtendWith(SharedBroker.class)
class ExitCodesIT {
    private static final Duration SOON = Duration.ofSeconds(45);

    @TempDir
    Path dir;

    private final KafkaSandbox kafka;

    ExitCodesIT(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void emptyBroker() {
        kafka.deleteAllTopicsAndGroups();
    }

    @Test
    void withoutSettingsAllThatIsMissingIsNamedAtOnce() {
        try (ProcessorProcess processor =
                ProcessorProcess.named("no-settings").logsIn(dir).start()) {
            assertEquals(2, processor.awaitExit(SOON));
            assertTells(
                    processor,
                    "KAFKA_BOOTSTRAP_SERVERS",
                    "GUESTFLOW_REF_KEY",
                    "CXONE_BASE_URL",
                    "CXONE_CLIENT_ID",
                    "CXONE_CLIENT_SECRET");
        }
    }

    @Tag("full")
    @Test
    void anAbsentBrokerIsWaitedForAndThenGivenUp() throws IOException, InterruptedException {
        int brokerPort = freePort();
        int httpPort = freePort();
        try (ProcessorProcess processor = start(
                "no-broker",
                Map.of(
                        "KAFKA_BOOTSTRAP_SERVERS",
                        "127.0.0.1:" + brokerPort,
                        "GUESTFLOW_BROKER_WAIT",
                        "3s",
                        "GUESTFLOW_HTTP_PORT",
                        Integer.toString(httpPort)))) {
            // Probes see a process that lives and is not ready.
            await().atMost(SOON)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> status(httpPort, "live") == 200);
            assertEquals(503, status(httpPort, "ready"));

            assertEquals(3, processor.awaitExit(SOON));
            assertTells(processor, "127.0.0.1:" + brokerPort, "within 3 s", "KAFKA_BOOTSTRAP_SERVERS");
        }
    }

    @Test
    void aPortThatIsTakenIsASettingToMend() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ProcessorProcess processor =
                        start("port-taken", Map.of("GUESTFLOW_HTTP_PORT", Integer.toString(taken.getLocalPort())))) {
            assertEquals(2, processor.awaitExit(SOON));
            assertTells(processor, Integer.toString(taken.getLocalPort()), "GUESTFLOW_HTTP_PORT");
        }
    }

    @Test
    void aStateDirectoryInUseIsASettingToMend() throws Exception {
        try (InstanceIdentity other = InstanceIdentity.claim(dir.resolve("state"), Optional.empty());
                ProcessorProcess processor = start("state-in-use", Map.of())) {
            assertEquals(2, processor.awaitExit(SOON));
            assertTells(processor, other.stateDir().toString(), "GUESTFLOW_STATE_DIR");
        }
    }

    @Tag("full")
    @Test
    void missingTopicsThatMayNotBeCreatedAreNamedWithTheCommandsThatCreateThem() {
        try (ProcessorProcess processor =
                start("no-topics", Map.of("GUESTFLOW_TOPICS_CREATE", "false", "GUESTFLOW_TOPICS_PARTITIONS", "6"))) {
            assertEquals(3, processor.awaitExit(SOON));
            Topics.ALL.forEach(topic -> assertTells(processor, "--create --topic " + topic.name() + " "));
            assertTells(
                    processor,
                    "kafka-topics.sh --bootstrap-server " + kafka.bootstrap()
                            + " --create --topic guest-auth-requests --partitions 6 ");
        }
    }

    @Tag("full")
    @Test
    void topicsThatDoNotFitTogetherAreNamedWithTheCommandsThatMendThem() {
        kafka.createTopics(3, Topics.GUEST_AUTH_REQUESTS.name(), Topics.CXONE_AUTH_COMMANDS.name());
        kafka.createTopics(2, Topics.GUEST_AUTH_RESULTS.name(), Topics.CXONE_THROTTLE.name());
        kafka.createTopics(List.of(
                new NewTopic(Topics.GUEST_FACTS.name(), 3, (short) -1).configs(Map.of("cleanup.policy", "compact"))));

        try (ProcessorProcess processor = start("wrong-topics", Map.of())) {
            assertEquals(3, processor.awaitExit(SOON));
            assertTells(
                    processor,
                    "--alter --topic guest-auth-results --partitions 3",
                    "--delete --topic cxone-throttle",
                    "--entity-name guest-facts --add-config cleanup.policy=delete");
        }
    }

    private ProcessorProcess start(String name, Map<String, String> settings) {
        return ProcessorProcess.named(name)
                .logsIn(dir)
                .settings(Map.of(
                        "KAFKA_BOOTSTRAP_SERVERS",
                        kafka.bootstrap(),
                        "CXONE_BASE_URL",
                        "http://127.0.0.1:9",
                        "CXONE_CLIENT_ID",
                        "guestflow-test",
                        "CXONE_CLIENT_SECRET",
                        "secret-" + Output.CANARY,
                        "GUESTFLOW_REF_KEY",
                        GuestflowSandbox.REF_KEY,
                        "GUESTFLOW_STATE_DIR",
                        dir.resolve("state").toString(),
                        "GUESTFLOW_HTTP_PORT",
                        "0"))
                .settings(settings)
                .start();
    }

    private static void assertTells(ProcessorProcess processor, String... parts) {
        String told = Output.text(processor.stderr());
        for (String part : parts) {
            assertTrue(told.contains(part), () -> "'" + part + "' is not in:\n" + told);
        }
        assertEquals(List.of(), Output.leaks(told));
    }

    private static int status(int port, String health) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + port + "/health/" + health);
            return http.send(HttpRequest.newBuilder(uri).timeout(SOON).build(), BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
