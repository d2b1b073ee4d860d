package io.guestflow.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.processor.alerts.AlertRules;
import io.guestflow.processor.analytics.AnalyticsRules;
import io.guestflow.processor.audit.RandomSalts;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.facts.RefKey;
import io.guestflow.processor.measure.MeasureRules;
import io.guestflow.processor.timers.FiringTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;

/**
 * Names of nodes and stores are names of changelogs, and numbers of sub-topologies are directories on disk: a change
 * strands the state of everybody who runs this, and here it breaks the audit's chains. When it is meant, copy what the test
 * prints to {@code facts-topology.txt} and say so in the CHANGELOG.
 */
class FactsTopologyTest {
    @Test
    void theTopologyIsTheOneThatStateWasMadeWith() throws IOException {
        Topology topology = FactsTopology.build(
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
                        new AlertRules(Duration.ofMinutes(5), 0.05, 0.025, 20, Set.of(), 200),
                        MeasureRules.of(
                                Duration.ofSeconds(30), List.of(Duration.ofMinutes(1)), Duration.ofHours(24))),
                new GuestRefs(new RefKey("k1", new byte[32])),
                () -> 12,
                (topic, partition) -> Optional.empty(),
                FiringTime.sharedByThread(System::nanoTime),
                new SimpleMeterRegistry());

        assertEquals(golden(), topology.describe().toString());
    }

    private static String golden() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                FactsTopologyTest.class.getResourceAsStream("facts-topology.txt"), "facts-topology.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
