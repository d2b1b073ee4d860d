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
    void recordsAreCountedByKeyAndMinute() {
        try (var driver = driver(CountMain.By.KEY)) {
            pipe(driver);

            var counts = driver.<byte[], Long>getWindowStore("counts");
            assertEquals(4, counts.fetch(key(0), MINUTE.toEpochMilli()));
            assertEquals(3, counts.fetch(key(1), MINUTE.toEpochMilli()));
            assertEquals(1, counts.fetch(key(1), MINUTE.plusSeconds(60).toEpochMilli()));
        }
    }

    @Test
    void recordsOfAllKeysAreCountedTogetherMinuteByMinute() {
        try (var driver = driver(CountMain.By.NOTHING)) {
            pipe(driver);

            var counts = driver.<byte[], Long>getWindowStore("counts");
            assertEquals(7, counts.fetch(CountMain.ALL, MINUTE.toEpochMilli()));
            assertEquals(1, counts.fetch(CountMain.ALL, MINUTE.plusSeconds(60).toEpochMilli()));
        }
    }

    private TopologyTestDriver driver(CountMain.By by) {
        var properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "bench-count-test");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, dir.toString());
        return new TopologyTestDriver(CountMain.topology(by), properties);
    }

    /** Of two guests in turns, the last one in the next minute. */
    private static void pipe(TopologyTestDriver driver) {
        var facts = driver.createInputTopic(
                Topics.GUEST_FACTS.name(), new ByteArraySerializer(), new ByteArraySerializer());
        for (int i = 0; i < 8; i++) {
            facts.pipeInput(key(i % 2), new byte[300], MINUTE.plusSeconds(i == 7 ? 60 : 8L * i));
        }
    }

    private static byte[] key(int guest) {
        return ("k1." + guest).getBytes(StandardCharsets.UTF_8);
    }
}
