package io.guestflow.processor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
    // Nobody listens there: the meters of a client exist from its construction on.
    private static final Map<String, Object> CLIENT = Map.of("bootstrap.servers", "127.0.0.1:1", "group.id", "g");

    @Test
    void everyChosenMeterOfKafkaExistsAndNoOtherOne(@TempDir Path stateDir) throws Exception {
        try (var metrics = new Metrics(new SlewedClock());
                var consumer = new KafkaConsumer<>(CLIENT, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                var producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", "127.0.0.1:1"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
                var streams = streams(stateDir)) {
            metrics.bind("effects", consumer);
            metrics.bind("effects", producer);
            metrics.bind("guestflow-auth", streams);

            var chosen = new TreeSet<>(KafkaMeters.STREAMS);
            chosen.addAll(KafkaMeters.CONSUMER);
            chosen.addAll(KafkaMeters.PRODUCER);
            assertEquals(chosen, kafkaMeters(metrics), "Kafka renamed a meter, or the filter lets too many in");
            assertEquals(
                    Set.of("effects", "guestflow-auth"),
                    metrics.registry().find("kafka.consumer.connection.count").meters().stream()
                            .map(meter -> meter.getId().getTag("application"))
                            .collect(Collectors.toSet()));
            assertOneSetOfTagsForEachName(metrics);
            streams.close();
            assertTrue(
                    metrics.registry()
                            .scrape()
                            .contains("guestflow_application_running{application=\"guestflow-auth\"} 0.0"),
                    "what has ended is told of all the same");
            assertTrue(
                    metrics.registry().scrape().contains("kafka_producer_record_send_total{application=\"effects\""));
        }
    }

    @Test
    void anApplicationThatIsBegunAgainHasTheMetersOfItsLastLife(@TempDir Path stateDir) throws Exception {
        try (var metrics = new Metrics(new SlewedClock());
                var first = streams(stateDir.resolve("first"));
                var second = streams(stateDir.resolve("second"))) {
            metrics.bind("guestflow-facts", first);
            String before = metrics.registry().scrape();
            first.close();
            metrics.bind("guestflow-facts", second);
            String after = metrics.registry().scrape();

            assertEquals(samples(before), samples(after));
            assertTrue(samples(after) > KafkaMeters.STREAMS.size(), after);
            assertTrue(after.contains("guestflow_application_running{application=\"guestflow-facts\"} 0.0"), after);
        }
    }

    private static long samples(String scraped) {
        return scraped.lines()
                .filter(line -> line.contains("application=\"guestflow-facts\"") && !line.endsWith("NaN"))
                .count();
    }

    @Test
    void theProcessAndItsClockAreMeasured() throws Exception {
        var wall = new AtomicReference<>(Instant.EPOCH);
        try (var metrics = new Metrics(new SlewedClock(() -> 0, wall::get, () -> 0, ClockLog.ofTheProcess()))) {
            wall.set(Instant.EPOCH.minusMillis(1500));

            String scraped = metrics.registry().scrape();

            assertTrue(scraped.contains("\nguestflow_clock_offset_seconds -1.5\n"), scraped);
            for (String name : new String[] {
                "jvm_memory_used_bytes",
                "jvm_gc_pause_seconds",
                "jvm_threads_live_threads",
                "process_cpu_usage",
                "process_files_open_files",
                "process_uptime_seconds"
            }) {
                assertTrue(scraped.contains("# TYPE " + name) || name.startsWith("jvm_gc"), name + " in " + scraped);
            }
            assertFalse(scraped.contains("jvm_threads_states"), "costs a look at every thread");
        }
    }

    private static KafkaStreams streams(Path stateDir) {
        var topology = new Topology();
        topology.addSource(
                "in", Serdes.ByteArray().deserializer(), Serdes.ByteArray().deserializer(), "in");
        return new KafkaStreams(
                topology,
                new StreamsConfig(Map.of(
                        "application.id", "guestflow-auth",
                        "bootstrap.servers", "127.0.0.1:1",
                        "state.dir", stateDir.toString())));
    }

    private static Set<String> kafkaMeters(Metrics metrics) {
        return metrics.registry().getMeters().stream()
                .map(meter -> meter.getId().getName())
                .filter(name -> name.startsWith("kafka."))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Prometheus takes no second set; Micrometer would leave meters out. */
    private static void assertOneSetOfTagsForEachName(Metrics metrics) {
        Map<String, Set<Set<String>>> tags = metrics.registry().getMeters().stream()
                .map(Meter::getId)
                .filter(id -> id.getName().startsWith("kafka."))
                .collect(Collectors.groupingBy(
                        Meter.Id::getName,
                        Collectors.mapping(
                                id -> id.getTags().stream().map(Tag::getKey).collect(Collectors.toSet()),
                                Collectors.toSet())));
        tags.forEach((name, sets) -> assertEquals(1, sets.size(), name + " " + sets));
    }
}
