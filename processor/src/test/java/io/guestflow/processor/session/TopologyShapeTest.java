package io.guestflow.processor.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;

/**
 * Names of nodes and stores are names of changelogs and of state on disk: a change strands the state of everybody who
 * runs this. When it is meant, copy what the test prints to {@code session-topology.txt} and say so in the CHANGELOG.
 */
class TopologyShapeTest {
    @Test
    void theTopologyIsTheOneThatStateWasMadeWith() throws IOException {
        Topology topology = new Topology();
        SessionTopology.addTo(topology, Given.RULES, Given.REFS, SessionHarness.ENDLESS, new SimpleMeterRegistry());

        assertEquals(golden(), topology.describe().toString());
    }

    private static String golden() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                TopologyShapeTest.class.getResourceAsStream("session-topology.txt"), "session-topology.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
