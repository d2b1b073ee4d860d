package io.guestflow.processor.sandbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ChildJvmIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"running", "paused"})
    void aChildEndsWhenItsParentIsKilled(String state) {
        long child;
        try (ChildJvm parent = start(Parent.class, dir.toString(), state)) {
            String line = parent.awaitLine("child PID", l -> l.startsWith("child "), SOON);
            child = Long.parseLong(line.substring("child ".length()));
            assertTrue(isAlive(child));

            parent.sigkill();
        }

        await("the orphan has ended").atMost(SOON).until(() -> !isAlive(child));
    }

    @Test
    void aSignalEndsItWithThatSignalsCode() {
        try (ChildJvm child = start(Silent.class)) {
            child.awaitLine("up", "up"::equals, SOON);
            assertTrue(child.rssBytes() > 10_000_000);

            child.sigterm();

            assertEquals(143, child.awaitExit(SOON));
        }
    }

    @Test
    void closingEndsAPausedChildToo() {
        ChildJvm child = start(Silent.class);
        child.awaitLine("up", "up"::equals, SOON);
        child.pause();

        child.close();

        assertFalse(child.isAlive());
        assertEquals(137, child.awaitExit(SOON));
    }

    @Test
    void whatAChildSaysJustBeforeItEndsIsFound() {
        try (ChildJvm child = start(Failing.class)) {
            assertEquals("last words", child.awaitLine("last words", l -> l.startsWith("last"), SOON));
            assertEquals(7, child.awaitExit(SOON));
        }
    }

    @Test
    void aChildThatEndsUnaskedIsReportedWithItsCodeAndItsOutput() {
        try (ChildJvm child = start(Failing.class)) {
            var failure = assertThrows(
                    ChildFailedException.class, () -> child.awaitLine("ready", l -> l.equals("ready"), SOON));

            assertEquals(OptionalInt.of(7), failure.exitCode());
            String message = failure.getMessage();
            assertTrue(
                    message.startsWith("failing (pid " + child.pid() + ") ended with 7 before it said 'ready'"),
                    message);
            assertTrue(message.contains("failing.out:\n  last words"), message);
            assertTrue(message.contains("failing.err:\n  the reason, from VALUE=given"), message);
        }
    }

    @Test
    void aChildThatStaysSilentIsReportedAfterTheBound() {
        try (ChildJvm child = start(Silent.class)) {
            child.awaitLine("up", "up"::equals, SOON);

            var failure = assertThrows(
                    ChildFailedException.class, () -> child.awaitLine("ready", "ready"::equals, Duration.ofMillis(50)));

            assertEquals(OptionalInt.empty(), failure.exitCode());
            assertTrue(failure.getMessage().contains("did not say 'ready' within 50 ms"), failure::getMessage);
        }
    }

    @Test
    void twoChildrenNeverShareAnOutput() {
        try (ChildJvm first = start(Silent.class)) {
            var refused = assertThrows(IllegalStateException.class, () -> start(Silent.class));

            assertTrue(
                    refused.getMessage().startsWith("pid " + first.pid() + " still writes to "), refused::getMessage);
        }
        try (ChildJvm next = start(Silent.class)) {
            assertEquals("up", next.awaitLine("up", "up"::equals, SOON));
        }
    }

    private ChildJvm start(Class<?> main, String... arguments) {
        return ChildJvm.start(command(main, dir, arguments));
    }

    private static JvmCommand command(Class<?> main, Path dir, String... arguments) {
        return new JvmCommand(
                main.getSimpleName().toLowerCase(Locale.ROOT),
                main.getName(),
                List.of(arguments),
                List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Xmx64m"),
                JvmCommand.ownClassPath(),
                Map.of("VALUE", "given"),
                dir);
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    static final class Parent {
        public static void main(String[] args) throws Exception {
            ChildJvm child =
                    ChildJvm.start(command(Silent.class, Path.of(args[0]).resolve("below")));
            child.awaitLine("up", "up"::equals, SOON);
            if (args[1].equals("paused")) {
                child.pause();
            }
            System.out.println("child " + child.pid());
            new CountDownLatch(1).await();
        }
    }

    static final class Silent {
        public static void main(String[] args) throws Exception {
            System.out.println("up");
            new CountDownLatch(1).await();
        }
    }

    static final class Failing {
        public static void main(String[] args) {
            System.out.println("last words");
            System.err.println("the reason, from VALUE=" + System.getenv("VALUE"));
            System.exit(7);
        }
    }
}
