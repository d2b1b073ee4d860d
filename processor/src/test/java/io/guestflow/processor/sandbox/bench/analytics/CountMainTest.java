package io.guestflow.processor.sandbox.bench.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountMainTest {
    private static final Instant MINUTE = Instant.parse("2026-11-22T07:00:00Z");

    @TempDir
    Path dir;

    @Test
    void recordsOfAllKeysAreCountedTogetherMinuteByMinute() {
        var properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "bench-count-test");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, dir.toString());
        try (var driver = new TopologyTestDriver(CountMain.topology(), properties)) {
            var facts = driver.createInputTopic(
                    Topics.GUEST_FACTS.name(), new ByteArraySerializer(), new ByteArraySerializer());
            for (int i = 0; i < 7; i++) {
                facts.pipeInput(
                        ("k1." + i).getBytes(StandardCharsets.UTF_8), new byte[300], MINUTE.plusSeconds(10L * i));
            }

            var counts = driver.<byte[], Long>getWindowStore("counts");
            assertEquals(6, counts.fetch(CountMain.ALL, MINUTE.toEpochMilli()));
            assertEquals(1, counts.fetch(CountMain.ALL, MINUTE.plusSeconds(60).toEpochMilli()));
        }
    }
}
