package io.guestflow.processor.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.sandbox.ProcessorProcess.Ready;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, against a stand-in that keeps the processor's contract of ready line, signals and exit codes. */
@Timeout(60)
class ProcessorProcessIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path dir;

    @Test
    void readyTellsRolesAndAddress() {
        try (var processor =
                standIn().setting("GUESTFLOW_ROLES", "streams,effects,edge").start()) {
            var ready = processor.awaitReady(SOON);

            assertEquals(Set.of("streams", "effects", "edge"), ready.roles());
            assertEquals(Optional.of(URI.create("http://127.0.0.1:8080")), ready.http());
        }
    }

    @Test
    void readyWithoutAnEdgeHasNoAddress() {
        assertEquals(new Ready(Set.of("effects"), Optional.empty()), Ready.parse("guestflow ready roles=effects"));
    }

    @Test
    void settingsAndArgumentsArriveAndNoOthersOfOurKind() {
        Map<String, String> settings = Map.of("GUESTFLOW_ROLES", "edge", "CXONE_BASE_URL", "http://127.0.0.1:1");
        try (var processor =
                standIn().settings(settings).arguments("--a=1", "--b=two words").start()) {
            processor.awaitReady(SOON);

            String seen = processor.awaitLine("what it was given", l -> l.startsWith("given"), SOON);

            assertEquals("given [--a=1, --b=two words] " + new TreeMap<>(settings), seen);
        }
    }

    @Test
    void sigtermLetsItDrainAndSigkillDoesNot() {
        try (var stopped = standIn("stopped").setting("GUESTFLOW_ROLES", "edge").start();
                var killed =
                        standIn("killed").setting("GUESTFLOW_ROLES", "edge").start()) {
            stopped.awaitReady(SOON);
            killed.awaitReady(SOON);
            assertTrue(killed.rssBytes() > 10_000_000);

            stopped.sigterm();
            killed.sigkill();

            assertEquals(0, stopped.awaitExit(SOON));
            assertEquals("drained", stopped.awaitLine("drained", "drained"::equals, SOON));
            assertEquals(137, killed.awaitExit(SOON));
            assertFalse(killed.isAlive());
        }
    }

    @Test
    void aRefusedSettingShowsTheExitCodeAndWhatItPrinted() {
        try (var processor = standIn().start()) {
            var failure = assertThrows(ChildFailedException.class, () -> processor.awaitReady(SOON));

            assertEquals(OptionalInt.of(2), failure.exitCode());
            assertTrue(failure.getMessage().contains("GUESTFLOW_ROLES is missing"), failure::getMessage);
        }
    }

    @Test
    void whatIsShippedRunsWithTheOptionsItIsShippedWith() {
        var start = standIn().packaged(Path.of("target")).setting("GUESTFLOW_ROLES", "edge");
        try (var processor = start.start()) {
            processor.awaitReady(SOON);

            String jvm = processor.awaitLine("its JVM", l -> l.startsWith("jvm"), SOON);

            assertTrue(jvm.contains("-XX:+ExitOnOutOfMemoryError"), jvm);
            assertTrue(jvm.contains("target/processor-") && !jvm.contains("junit"), jvm);
            // The manifest names them.
            assertTrue(jvm.contains("lib/kafka-streams-"), jvm);
        }
    }

    private ProcessorProcess.Start standIn() {
        return standIn("stand-in");
    }

    private ProcessorProcess.Start standIn(String name) {
        return ProcessorProcess.named(name).mainClass(StandIn.class).logsIn(dir);
    }

    static final class StandIn {
        public static void main(String[] args) throws Exception {
            var settings = new TreeMap<>(System.getenv());
            settings.keySet().removeIf(key -> !key.matches("(GUESTFLOW|CXONE|KAFKA)_.*"));
            if (!settings.containsKey("GUESTFLOW_ROLES")) {
                System.err.println("GUESTFLOW_ROLES is missing");
                System.exit(2);
            }
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                System.out.println("drained");
                Runtime.getRuntime().halt(0);
            }));
            System.out.println("guestflow ready roles=" + settings.get("GUESTFLOW_ROLES") + " http=127.0.0.1:8080");
            System.out.println("given " + Arrays.toString(args) + " " + settings);
            var jvm = ManagementFactory.getRuntimeMXBean();
            System.out.println("jvm " + jvm.getInputArguments() + " " + jvm.getClassPath() + " "
                    + ClassLoader.getSystemResource("org/apache/kafka/streams/KafkaStreams.class"));
            new CountDownLatch(1).await();
        }
    }
}
