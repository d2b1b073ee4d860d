package io.guestflow.processor.sandbox.bench.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.sandbox.bench.auth.RecordSizes.Size;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.sandbox.load.Arrivals;
import io.guestflow.processor.sandbox.load.LoadClient;
import io.guestflow.processor.sandbox.load.LoadReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Tag("full")
@ExtendWith(SharedBroker.class)
@Timeout(120)
class FloorIT {
    private static final int PARTITIONS = 4;
    private static final RecordSizes SIZES = new RecordSizes(
            Arrays.stream(Hop.values()).collect(Collectors.toMap(hop -> hop, hop -> new Size(40, 300, 30))));

    @TempDir
    Path dir;

    /** At least once has no transaction markers: what lies on the topics is what the floor wrote. */
    @Test
    void eachRequestLeavesOnEveryHopWhatAnAuthenticationLeaves(KafkaSandbox kafka) throws Exception {
        var arguments = new FloorMain.Arguments(
                kafka.bootstrap(), Guarantee.ALOS, dir.resolve("state").toString(), "PT15S", SIZES);
        Path jvmOptions = Path.of("jvm.options").toAbsolutePath();
        try (FloorSide floor = FloorSide.start(kafka, PARTITIONS, arguments, jvmOptions, dir.resolve("logs"))) {
            LoadReport report =
                    floor.load().run(LoadClient.Plan.of(Arrivals.constant(100, Duration.ofSeconds(2)), Duration.ZERO));

            assertTrue(report.counts().clean(), report::toString);
            Map<Hop, Double> writes = TopicEnds.now(kafka, floor)
                    .perRequestSince(new TopicEnds(Map.of()), report.counts().sent());
            Map<Hop, Double> expected = new EnumMap<>(Hop.class);
            expected.put(Hop.REQUESTS, 1.0);
            expected.put(Hop.COMMANDS, 1.0);
            expected.put(Hop.OUTCOMES, 1.0);
            expected.put(Hop.RESULTS, 1.0);
            expected.put(Hop.FACTS, 2.0);
            expected.put(Hop.OPENINGS, 1.0);
            expected.put(Hop.PENDING, 2.0);
            expected.put(Hop.ENDED, 1.0);
            expected.put(Hop.TIMERS, 1.0);
            assertEquals(expected, writes);
        }
    }
}
