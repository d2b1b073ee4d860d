package io.guestflow.processor.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.processor.context.AllowedKeys;
import io.guestflow.processor.context.ContextPolicy;
import io.guestflow.processor.wire.CommitPacer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Names of nodes and stores are names of changelogs and of state on disk: a change strands the state of everybody who
 * runs this. When it is meant, copy what the test prints to {@code auth-topology.txt} and say so in the CHANGELOG.
 */
class TopologyShapeTest {
    @Test
    void theTopologyIsTheOneThatStateWasMadeWith() throws IOException {
        String described = AuthTopology.build(
                        AuthHarness.RULES,
                        new ContextPolicy(AllowedKeys.DEFAULTS),
                        AuthHarness.REFS,
                        () -> 1,
                        new CommitPacer(System::nanoTime),
                        AuthHarness.ENDLESS,
                        new SimpleMeterRegistry())
                .describe()
                .toString();

        assertEquals(golden(), described);
    }

    private static String golden() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                TopologyShapeTest.class.getResourceAsStream("auth-topology.txt"), "auth-topology.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
