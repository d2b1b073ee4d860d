package io.guestflow.processor.effects;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EffectsClientsTest {
    private static final Map<String, Object> OPERATOR = Map.of(
            "bootstrap.servers", "broker:9092",
            "security.protocol", "SASL_SSL",
            "acks", "1",
            "enable.auto.commit", "true",
            "isolation.level", "read_uncommitted",
            "linger.ms", "100",
            "delivery.timeout.ms", "1000");

    private final EffectsClients clients =
            new EffectsClients(OPERATOR, OPERATOR, EffectsSettings.defaults("guestflow-effects", "node-1"));

    @Test
    void whatTheGuaranteesNeedWinsOverTheOperatorsSettings() {
        assertAll(
                () -> assertHas(
                        clients.producerConfig(),
                        Map.of(
                                "acks",
                                "all",
                                "enable.idempotence",
                                true,
                                "linger.ms",
                                0,
                                "delivery.timeout.ms",
                                Integer.MAX_VALUE,
                                "max.block.ms",
                                Long.MAX_VALUE)),
                () -> assertHas(
                        clients.commandsConfig(),
                        Map.of(
                                "group.id", "guestflow-effects",
                                "group.instance.id", "node-1",
                                "group.protocol", "CLASSIC",
                                "enable.auto.commit", false,
                                "isolation.level", "read_committed",
                                "auto.offset.reset", "earliest",
                                "session.timeout.ms", 6000,
                                "heartbeat.interval.ms", 2000,
                                "partition.assignment.strategy", "org.apache.kafka.clients.consumer.RangeAssignor")),
                () -> assertHas(
                        clients.readerConfig("tail"),
                        Map.of("enable.auto.commit", false, "isolation.level", "read_uncommitted")));
    }

    @Test
    void theRestOfTheOperatorsSettingsIsPassedThrough() {
        for (Map<String, Object> config :
                List.of(clients.producerConfig(), clients.commandsConfig(), clients.readerConfig("tail"))) {
            assertHas(config, Map.of("bootstrap.servers", "broker:9092", "security.protocol", "SASL_SSL"));
        }
    }

    private static void assertHas(Map<String, Object> config, Map<String, Object> expected) {
        Map<String, Object> found = new HashMap<>(config);
        found.keySet().retainAll(expected.keySet());
        assertEquals(expected, found);
    }
}
