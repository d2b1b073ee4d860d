package io.guestflow.processor.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.scripts.ScriptMachine.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/demo} in a checkout whose path has a space, with a java that tells what it was called with. */
@Timeout(60)
class DemoTest {
    private static final Path SCRIPTS =
            Path.of("..", "scripts").toAbsolutePath().normalize();
    private static final Instant LONG_AGO = Instant.parse("2026-11-22T07:00:00Z");

    @TempDir
    Path dir;

    private ScriptMachine machine;
    private Path project;
    private Path target;
    private Path demo;

    @BeforeEach
    void checkout() throws Exception {
        machine = new ScriptMachine(dir).tools("sed", "cat", "dirname", "find", "mktemp", "touch", "rm");
        machine.set("TMPDIR", Files.createDirectories(dir.resolve("tmp")).toString());
        Path jdk = ScriptMachine.fakeJdk(dir.resolve("jdks/temurin-25"), "25.0.1");
        ScriptMachine.program(jdk.resolve("bin/java"), "echo \"$$\"; printf '%s\\n' \"$@\"; exit 3");
        project = dir.resolve("my checkout");
        target = project.resolve("processor/target");
        demo = Files.createDirectories(project.resolve("scripts")).resolve("demo");
        Files.copy(SCRIPTS.resolve("demo"), demo, StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(SCRIPTS.resolve(".jdk"), project.resolve("scripts/.jdk"));
        source("pom.xml");
        source("contracts/pom.xml");
        source("processor/pom.xml");
        source("contracts/src/main/java/Topic.java");
        source("processor/src/main/java/Main.java");
        ScriptMachine.program(project.resolve("mvnw"), """
                echo building "$@"
                cd '%s'
                mkdir -p test-classes/io/guestflow/processor/sandbox/demo
                cd test-classes/io/guestflow/processor/sandbox/demo
                [ -f DemoMain.class ] || : >DemoMain.class
                printf %%s a.jar:b.jar >'%s'
                """.formatted(
                        Files.createDirectories(target), target.resolve("sandbox.classpath")));
        machine.tools("mkdir");
    }

    @Test
    void theFirstStartBuildsAndTheSecondDoesNot() throws Exception {
        Result first = machine.run(demo);
        Result second = machine.run(demo);

        assertTrue(
                first.err()
                        .contains("building -q -B -f " + project
                                + "/pom.xml -Dspotless.check.skip=true process-test-classes"),
                first.err());
        assertEquals("", second.err());
        assertTrue(second.out().contains("io.guestflow.processor.sandbox.demo.DemoMain"), second.out());
        try (var left = Files.list(dir.resolve("tmp"))) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void aChangedSourceIsBuiltOnceEvenIfTheBuildTouchesNoClassOfTheDemo() throws Exception {
        machine.run(demo);
        Path changed = project.resolve("processor/src/main/java/Main.java");
        Path built = target.resolve("demo.built");
        Files.setLastModifiedTime(
                target.resolve("test-classes/io/guestflow/processor/sandbox/demo/DemoMain.class"),
                FileTime.from(LONG_AGO));
        Files.setLastModifiedTime(
                changed,
                FileTime.from(Files.getLastModifiedTime(built).toInstant().plusMillis(20)));

        assertTrue(machine.run(demo).err().contains("building"));
        assertFalse(machine.run(demo).err().contains("building"));
    }

    @Test
    void theDemoTakesTheScriptsPlaceSoThatSignalsAndExitCodesPass() throws Exception {
        machine.run(demo);

        Result result = machine.run(demo, "--once", "--GUESTFLOW_AUTH_TIMEOUT=3 s");

        assertEquals(3, result.exitCode());
        assertTrue(result.out().startsWith(result.pid() + "\n"), result.out());
        assertTrue(
                result.out().contains("-cp\n" + target + "/test-classes:" + target + "/classes:a.jar:b.jar\n"),
                result.out());
        assertTrue(result.out().endsWith("DemoMain\n--once\n--GUESTFLOW_AUTH_TIMEOUT=3 s\n"), result.out());
    }

    @Test
    void aBuildThatFailsStartsNothing() throws Exception {
        ScriptMachine.program(project.resolve("mvnw"), "echo no such symbol; exit 1");

        Result result = machine.run(demo);

        assertEquals(1, result.exitCode());
        assertEquals("", result.out());
        assertTrue(result.err().contains("no such symbol"), result.err());
        assertFalse(Files.exists(target.resolve("demo.built")));
    }

    @Test
    void helpNeedsNothing() throws Exception {
        Result result =
                new ScriptMachine(dir.resolve("bare")).tools("cat", "dirname").run(demo, "--help");

        assertEquals(0, result.exitCode(), result.err());
        assertTrue(result.out().startsWith("usage: scripts/demo"), result.out());
    }

    private void source(String path) throws Exception {
        Path file = project.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "");
        Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
    }
}
