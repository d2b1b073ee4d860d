package io.guestflow.processor.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;

class KafkaSettingsTest {
    @Test
    void eachClientGetsWhatItKnowsAndNothingElse() throws SettingsException {
        KafkaSettings kafka = Given.minimum()
                .environment("KAFKA_SECURITY_PROTOCOL", "SASL_SSL")
                .environment("KAFKA_FETCH_MAX_BYTES", "1048576")
                .environment("KAFKA_COMPRESSION_TYPE", "lz4")
                .environment("KAFKA_SASL_JAAS_CONFIG", "module required;")
                .load()
                .kafka();

        Map<String, Object> everywhere = Map.of(
                "bootstrap.servers", "kafka:9092",
                "security.protocol", "SASL_SSL",
                "sasl.jaas.config", new Password("module required;"));
        assertEquals(everywhere, kafka.forAdmin());
        assertEquals(with(everywhere, "fetch.max.bytes", "1048576"), kafka.forConsumer());
        assertEquals(with(everywhere, "compression.type", "lz4"), kafka.forProducer());
        assertEquals(
                with(with(everywhere, "compression.type", "lz4"), "fetch.max.bytes", "1048576"), kafka.forStreams());
    }

    @Test
    void everyClientConfigIsEitherPassedOnOrRefusedWithAReason() throws SettingsException {
        Set<String> configs =
                KafkaConfigs.KNOWN.values().stream().map(key -> key.name).collect(Collectors.toSet());
        assertTrue(configs.containsAll(visible(ConsumerConfig.configDef())), "consumer");
        assertTrue(configs.containsAll(visible(ProducerConfig.configDef())), "producer");
        assertTrue(configs.containsAll(visible(AdminClientConfig.configDef())), "admin");
        assertEquals(configs.size(), KafkaConfigs.KNOWN.size(), "no two configs may have one KAFKA_ name");
        assertTrue(configs.containsAll(KafkaConfigs.OWNED.keySet()), "every owned name has to exist");
    }

    @Test
    void whatTheGuaranteesOwnIsRefusedByName() {
        for (String owned : List.of(
                "acks",
                "enable.idempotence",
                "isolation.level",
                "group.id",
                "group.instance.id",
                "transactional.id",
                "transaction.timeout.ms",
                "enable.auto.commit",
                "auto.offset.reset",
                "key.serializer",
                "value.deserializer",
                "group.protocol",
                "partition.assignment.strategy",
                "max.poll.records",
                "linger.ms",
                "session.timeout.ms")) {
            String name = KafkaConfigs.settingOf(owned);

            List<String> problems = Given.minimum().environment(name, "1").problems();

            assertEquals(1, problems.size(), problems.toString());
            assertTrue(
                    problems.getFirst()
                            .startsWith(name + " (environment): " + owned + " is not for the taking, because "),
                    problems.toString());
        }
    }

    @Test
    void namesThatKubernetesInjectsAreIgnoredWithOneWarning() throws SettingsException {
        Settings settings = Given.minimum()
                .environment("KAFKA_PORT", "tcp://10.0.0.7:9092")
                .environment("KAFKA_SERVICE_HOST", "10.0.0.7")
                .environment("KAFKA_PORT_9092_TCP_ADDR", "10.0.0.7")
                .load();

        assertEquals(Map.of(), settings.kafka().clientConfigs());
        assertEquals(
                List.of("ignored in the environment, because no client setting of Kafka has that name: "
                        + "KAFKA_PORT, KAFKA_PORT_9092_TCP_ADDR, KAFKA_SERVICE_HOST"),
                settings.report().warnings());
    }

    @Test
    void aPasswordMayComeFromAFileAndNeverFromTheCommandLine() throws SettingsException {
        KafkaSettings kafka = Given.minimum()
                .environment("KAFKA_SSL_KEYSTORE_PASSWORD_FILE", "/secret")
                .file("/secret", "hunter2\n")
                .load()
                .kafka();
        List<String> problems = Given.minimum()
                .args("--KAFKA_SSL_KEY_PASSWORD=hunter2")
                .environment("KAFKA_SASL_JAAS_CONFIG", "hunter2")
                .environment("KAFKA_SASL_JAAS_CONFIG_FILE", "/secret")
                .problems();

        assertEquals(Map.of("ssl.keystore.password", new Password("hunter2")), kafka.clientConfigs());
        assertEquals(2, problems.size(), problems.toString());
        assertTrue(
                problems.getFirst().startsWith("KAFKA_SASL_JAAS_CONFIG (environment) and KAFKA_SASL_JAAS_CONFIG_FILE"));
        assertTrue(problems.getLast().startsWith("KAFKA_SSL_KEY_PASSWORD (command line)"));
        assertFalse(problems.toString().contains("hunter2"));
    }

    @Test
    void aConfigOfKafkasThatEndsInFileIsStillItself() throws SettingsException {
        KafkaSettings kafka = Given.minimum()
                .environment("KAFKA_SASL_OAUTHBEARER_ASSERTION_PRIVATE_KEY_FILE", "/key.pem")
                .load()
                .kafka();

        assertEquals(Map.of("sasl.oauthbearer.assertion.private.key.file", "/key.pem"), kafka.clientConfigs());
    }

    @Test
    void aValueThatKafkaRefusesIsNamedBeforeAnyClientExists() {
        List<String> problems =
                Given.minimum().environment("KAFKA_SECURITY_PROTOCOL", "TLS").problems();

        assertEquals(1, problems.size());
        assertTrue(
                problems.getFirst()
                        .startsWith("KAFKA_SECURITY_PROTOCOL (environment): is refused by Kafka: Invalid value TLS"),
                problems.toString());
    }

    private static Set<String> visible(ConfigDef def) {
        return def.configKeys().values().stream()
                .filter(key -> !key.internalConfig && !key.name.equals("bootstrap.servers"))
                .map(key -> key.name)
                .collect(Collectors.toSet());
    }

    private static Map<String, Object> with(Map<String, Object> map, String name, Object value) {
        var more = new java.util.HashMap<>(map);
        more.put(name, value);
        return more;
    }
}
