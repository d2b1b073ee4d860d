package io.guestflow.processor.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.processor.factlog.FactLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;

/**
 * Names of nodes and stores are names of changelogs and of state on disk: a change strands the state of everybody who
 * runs this, and here it breaks the audit's chains. When it is meant, copy what the test prints to
 * {@code audit-topology.txt} and say so in the CHANGELOG.
 */
class TopologyShapeTest {
    @Test
    void theTopologyIsTheOneThatStateWasMadeWith() throws IOException {
        Topology topology = new Topology();
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        FactLog.addTo(topology, AuditHarness.REFS, registry, AuditTopology.AUDIT);
        AuditTopology.addTo(topology, new RandomSalts(), Map::of, registry);

        assertEquals(golden(), topology.describe().toString());
    }

    private static String golden() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                TopologyShapeTest.class.getResourceAsStream("audit-topology.txt"), "audit-topology.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
