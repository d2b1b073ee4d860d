package io.guestflow.processor.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.Topics;
import io.guestflow.processor.timers.FiringTime;
import io.guestflow.processor.wire.Nodes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;

/**
 * Names of nodes and stores are names of changelogs and of state on disk: a change strands the state of everybody who
 * runs this. When it is meant, copy what the test prints to {@code analytics-topology.txt} and say so in the CHANGELOG.
 */
class TopologyShapeTest {
    @Test
    void theTopologyIsTheOneThatStateWasMadeWith() throws IOException {
        Topology topology = new Topology();
        Nodes.source(topology, "facts", Topics.GUEST_FACTS.name());
        AnalyticsTopology.addTo(
                topology,
                "facts",
                Given.RULES,
                Given.REFS,
                () -> 1,
                (topic, partition) -> Optional.empty(),
                FiringTime.sharedByThread(System::nanoTime),
                new SimpleMeterRegistry());

        assertEquals(golden(), topology.describe().toString());
    }

    private static String golden() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                TopologyShapeTest.class.getResourceAsStream("analytics-topology.txt"), "analytics-topology.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
