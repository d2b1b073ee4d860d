package io.guestflow.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.alerts.AlertRules;
import io.guestflow.processor.analytics.AnalyticsRules;
import io.guestflow.processor.audit.RandomSalts;
import io.guestflow.processor.factlog.FactLog;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.facts.RefKey;
import io.guestflow.processor.measure.MeasureRules;
import io.guestflow.processor.timers.FiringTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Names of nodes and stores are names of changelogs, and numbers of sub-topologies are directories on disk: a change
 * strands the state of everybody who runs this, and here it breaks the audit's chains. When it is meant, copy what the test
 * prints to {@code facts-topology.txt} and say so in the CHANGELOG.
 */
class FactsTopologyTest {
    @Test
    void theTopologyIsTheOneThatStateWasMadeWith() throws IOException {
        assertEquals(golden(), facts(new Topology()).describe().toString());
    }

    /** An entry that state still has and the changelog has no tombstone of any more would be there again. */
    @Test
    void deletionsAreToldForLongerThanStateLiesUnused() {
        Map<String, String> kept = new TreeMap<>();
        facts(new Topology() {
            @Override
            public synchronized <S extends StateStore> Topology addStateStore(
                    StoreBuilder<S> store, String... processors) {
                kept.put(store.name(), store.logConfig().get(TopicConfig.DELETE_RETENTION_MS_CONFIG));
                return super.addStateStore(store, processors);
            }
        });

        // Nothing is deleted from it: its changelog forgets by time.
        assertTrue(kept.containsKey("known-facts"));
        kept.remove("known-facts");
        assertEquals(10, kept.size(), kept.toString());
        assertEquals(Set.of(Long.toString(Duration.ofDays(2).toMillis())), Set.copyOf(kept.values()), kept.toString());
    }

    /** A derivation that did not say when it is done would be told each fact as often as it comes. */
    @Test
    void allThatDeriveSayWhenTheyAreDone(@TempDir Path dir) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "guestflow-facts");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, dir.toString());
        Instant now = Instant.parse("2026-11-22T07:00:00Z");
        byte[] fact = Fact.CODEC.write(new Fact.GuestLinked(
                "id",
                now,
                "k1.guest",
                new Dimensions("c", null, null),
                new Source("some-topic", 7, 4711),
                "conv-1",
                1));
        try (TopologyTestDriver driver = new TopologyTestDriver(facts(new Topology(), registry), properties, now)) {
            var input = driver.createInputTopic(
                    Topics.GUEST_FACTS.name(), new ByteArraySerializer(), new ByteArraySerializer());
            input.pipeInput(new byte[] {1}, fact, now);
            input.pipeInput(new byte[] {1}, fact, now);
        }

        assertEquals(
                1,
                registry.counter("guestflow.facts.derived", "became", "known").count());
        assertEquals(
                1, registry.counter("guestflow.facts.derived", "became", "told").count());
    }

    private static Topology facts(Topology topology) {
        return facts(topology, new SimpleMeterRegistry());
    }

    private static Topology facts(Topology topology, SimpleMeterRegistry registry) {
        FactsTopology.addTo(
                topology,
                new RandomSalts(),
                Map::of,
                new FactsTopology.Rules(
                        new AnalyticsRules(
                                List.of(Duration.ofMinutes(1)),
                                Duration.ofSeconds(10),
                                true,
                                true,
                                1_000,
                                Duration.ofHours(48),
                                Set.of()),
                        new AlertRules(
                                Duration.ofMinutes(5), 0.05, 0.025, 20, 5, Duration.ofSeconds(70), Set.of(), 1_000),
                        MeasureRules.of(
                                true, Duration.ofSeconds(30), List.of(Duration.ofMinutes(1)), Duration.ofHours(24))),
                new GuestRefs(new RefKey("k1", new byte[32])),
                () -> 12,
                FactLog.Surroundings.of((topic, partition) -> Optional.empty()),
                FiringTime.sharedByThread(System::nanoTime),
                registry);
        return topology;
    }

    private static String golden() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                FactsTopologyTest.class.getResourceAsStream("facts-topology.txt"), "facts-topology.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
