package io.guestflow.processor.sandbox.demo;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.sandbox.ChildJvm;
import io.guestflow.processor.sandbox.JvmCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a process, and what it leaves behind when it ends. Sessions make it a minute long. */
@Tag("full")
@Timeout(180)
class DemoMainIT {
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(20);

    @TempDir
    Path dir;

    @Test
    void aSignalEndsAllProcessesAndRemovesTheDirectory() throws Exception {
        try (ChildJvm demo = start()) {
            demo.awaitLine("ready", line -> line.startsWith("guestflow ready"), READY_WITHIN);
            demo.awaitLine("an answer", line -> line.contains("<- good guest"), READY_WITHIN);
            List<ProcessHandle> children = children(demo);
            assertEquals(3, children.size());

            demo.sigterm();

            assertEquals(0, demo.awaitExit(ENDS_WITHIN));
            assertTrue(children.stream().noneMatch(ProcessHandle::isAlive));
            assertEquals(List.of(), left());
        }
    }

    @Test
    void aKilledDemoLeavesNoProcessBehind() throws Exception {
        List<ProcessHandle> children;
        try (ChildJvm demo = start()) {
            demo.awaitLine("ready", line -> line.startsWith("guestflow ready"), READY_WITHIN);
            children = children(demo);
            assertEquals(3, children.size());

            demo.sigkill();
        }

        await("no orphan is left")
                .atMost(ENDS_WITHIN)
                .until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void aProcessorThatDoesNotStartIsReportedInItsOwnWords() throws Exception {
        try (ChildJvm demo = start("--GUESTFLOW_ROLES=actor")) {
            assertEquals(1, demo.awaitExit(READY_WITHIN));

            String said = Files.readString(demo.stderr());
            assertTrue(said.contains("ended with 2") && said.contains("GUESTFLOW_ROLES"), said);
            assertEquals(List.of(), left());
        }
    }

    @Test
    void aProcessorThatEndsUnaskedIsReported() throws Exception {
        try (ChildJvm demo = start()) {
            demo.awaitLine("ready", line -> line.startsWith("guestflow ready"), READY_WITHIN);
            String told = demo.awaitLine("its pid", line -> line.startsWith("  processor  pid "), READY_WITHIN);
            long pid = Long.parseLong(told.split(" +")[3]);
            ProcessHandle processor = children(demo).stream()
                    .filter(child -> child.pid() == pid)
                    .findFirst()
                    .orElseThrow();

            processor.destroyForcibly();

            assertEquals(1, demo.awaitExit(ENDS_WITHIN));
            assertTrue(Files.readString(demo.stderr())
                    .contains("the processor (pid " + processor.pid() + ") ended with 137"));
            assertEquals(List.of(), left());
        }
    }

    @Test
    void anUnknownArgumentIsAUsageErrorAndStartsNothing() throws Exception {
        try (ChildJvm demo = start("--twice")) {
            assertEquals(2, demo.awaitExit(ENDS_WITHIN));

            assertFalse(Files.readString(demo.stdout()).contains("Starting"));
            assertEquals(List.of(), left());
        }
    }

    private ChildJvm start(String... arguments) throws IOException {
        Path tmp = Files.createDirectories(dir.resolve("tmp"));
        return ChildJvm.start(new JvmCommand(
                "demo",
                DemoMain.class.getName(),
                List.of(arguments),
                List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m", "-Djava.io.tmpdir=" + tmp),
                JvmCommand.ownClassPath(),
                System.getenv(),
                dir.resolve("logs")));
    }

    private List<Path> left() throws Exception {
        try (Stream<Path> left = Files.list(dir.resolve("tmp"))) {
            return left.filter(path -> path.getFileName().toString().startsWith("guestflow-demo-"))
                    .toList();
        }
    }

    private static List<ProcessHandle> children(ChildJvm demo) {
        return ProcessHandle.of(demo.pid()).orElseThrow().children().toList();
    }
}
