package io.guestflow.processor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.status.Status;
import io.guestflow.processor.config.Settings;
import io.guestflow.processor.config.Settings.LogFormat;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LoggingTest {
    private static final Map<String, Object> CLIENT = Map.of(
            "bootstrap.servers", "127.0.0.1:1",
            "security.protocol", "SASL_PLAINTEXT",
            "sasl.mechanism", "PLAIN",
            "sasl.jaas.config",
                    "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\" password=\"hunter2\";");

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(stdout, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(stderr, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(out);
        System.setErr(err);
        Logging.configure(new Settings.Log(LogFormat.TEXT, org.slf4j.event.Level.INFO));
    }

    @Test
    void kafkasConfigurationIsNeverPrinted() {
        configure(LogFormat.TEXT, org.slf4j.event.Level.TRACE);
        LoggerFactory.getLogger("io.guestflow.test").trace("our own line");

        useKafka();

        assertTrue(lines().getFirst().contains("our own line"));
        assertEquals(List.of(), lines().stream().filter(LoggingTest::isNoise).toList());
        ((LoggerContext) LoggerFactory.getILoggerFactory())
                .getLogger("org.apache.kafka")
                .setLevel(ch.qos.logback.classic.Level.INFO);
        useKafka();
        assertTrue(
                lines().stream().anyMatch(line -> line.contains("ProducerConfig values")),
                "the level is what keeps the values out; else this test proves nothing");
    }

    @Test
    void textIsOneLineForEachMessageOnStderr() {
        configure(LogFormat.TEXT, org.slf4j.event.Level.INFO);

        LoggerFactory.getLogger("io.guestflow.test").info("first\nsecond");
        LoggerFactory.getLogger("io.guestflow.test").debug("too fine");
        LoggerFactory.getLogger("some.library").info("a library's chatter");

        assertEquals(1, lines().size(), String.join("\n", lines()));
        assertTrue(
                lines().getFirst()
                        .matches(
                                "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  \\[.*] io.guestflow.test first \\| second"),
                lines().getFirst());
        assertEquals("", stdout.toString(StandardCharsets.UTF_8));
    }

    @Test
    void jsonIsOneObjectForEachMessageOnStderr() {
        configure(LogFormat.JSON, org.slf4j.event.Level.INFO);

        LoggerFactory.getLogger("io.guestflow.test")
                .warn("{} failed\n\"badly\"", "step", new IllegalStateException("because"));

        assertEquals(1, lines().size(), String.join("\n", lines()));
        JsonNode line = JsonMapper.shared().readTree(lines().getFirst());
        assertEquals("step failed\n\"badly\"", line.get("formattedMessage").asString());
        assertEquals("WARN", line.get("level").asString());
        assertEquals("because", line.get("throwable").get("message").asString());
        assertFalse(line.has("arguments"), "an argument stands in the message already");
        assertEquals("", stdout.toString(StandardCharsets.UTF_8));
    }

    @Test
    void librariesOnJavaUtilLoggingObeyTheSameSettings() {
        configure(LogFormat.TEXT, org.slf4j.event.Level.INFO);

        Logger.getLogger("io.helidon.test").log(Level.INFO, "started");
        Logger.getLogger("io.helidon.test").log(Level.WARNING, "trouble");

        assertEquals(1, lines().size(), String.join("\n", lines()));
        assertTrue(lines().getFirst().contains("WARN  ") && lines().getFirst().contains("io.helidon.test trouble"));
    }

    @Test
    void atLevelErrorLibrariesWarnNoMore() {
        configure(LogFormat.TEXT, org.slf4j.event.Level.ERROR);

        LoggerFactory.getLogger("some.library").warn("trouble");
        LoggerFactory.getLogger("org.apache.kafka.x").warn("trouble");
        LoggerFactory.getLogger("io.guestflow.test").warn("trouble");

        assertEquals(List.of(), lines());
    }

    @Test
    void theConfigurationFileItselfIsFlawless() {
        configure(LogFormat.JSON, org.slf4j.event.Level.INFO);

        // Logback prints its own warnings on stdout, which belongs to the ready line.
        assertEquals(
                List.of(),
                ((LoggerContext) LoggerFactory.getILoggerFactory())
                        .getStatusManager().getCopyOfStatusList().stream()
                                .filter(status -> status.getLevel() >= Status.WARN)
                                .toList());
    }

    private static void configure(LogFormat format, org.slf4j.event.Level level) {
        Logging.configure(new Settings.Log(format, level));
    }

    private static void useKafka() {
        try (var producer = new KafkaProducer<>(CLIENT, new ByteArraySerializer(), new ByteArraySerializer());
                var consumer = new KafkaConsumer<>(CLIENT, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                var admin = Admin.create(CLIENT)) {
            new StreamsConfig(Map.of("application.id", "a", "bootstrap.servers", "127.0.0.1:1"));
            producer.metrics();
            consumer.metrics();
            admin.metrics();
        }
    }

    /** What Kafka's clients print at INFO; that they cannot reach a broker is worth a warning. */
    private static boolean isNoise(String line) {
        return line.contains(" INFO ") || line.contains(" values: ") || line.contains("hunter2");
    }

    private List<String> lines() {
        return stderr.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
