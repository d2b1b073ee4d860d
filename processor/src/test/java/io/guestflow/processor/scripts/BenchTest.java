package io.guestflow.processor.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.scripts.ScriptMachine.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/bench} in a checkout whose path has a space, with a java that tells what it was called with. */
@Timeout(60)
class BenchTest {
    private static final Path SCRIPTS =
            Path.of("..", "scripts").toAbsolutePath().normalize();
    private static final FileTime BUILT = FileTime.from(Instant.parse("2026-11-22T07:00:00Z"));

    @TempDir
    Path dir;

    private ScriptMachine machine;
    private Path project;
    private Path bench;
    private Path jar;

    @BeforeEach
    void checkout() throws Exception {
        machine = new ScriptMachine(dir).tools("sed", "cat", "dirname", "find", "head", "touch");
        Path jdk = ScriptMachine.fakeJdk(dir.resolve("jdks/temurin-25"), "25.0.1");
        ScriptMachine.program(jdk.resolve("bin/java"), "printf '%s\\n' \"$@\"; exit 1");
        project = dir.resolve("my checkout");
        bench = Files.createDirectories(project.resolve("scripts")).resolve("bench");
        Files.copy(SCRIPTS.resolve("bench"), bench, StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(SCRIPTS.resolve(".jdk"), project.resolve("scripts/.jdk"));
        Files.copy(SCRIPTS.resolve(".jar"), project.resolve("scripts/.jar"));
        ScriptMachine.program(project.resolve("mvnw"), "echo building \"$@\"");
        source("pom.xml");
        source("processor/pom.xml");
        source("processor/src/main/java/A.java");
        source("contracts/src/main/java/B.java");
        Path target = Files.createDirectories(project.resolve("processor/target"));
        Files.writeString(target.resolve("sandbox.classpath"), "/lib/a.jar:/lib/b.jar");
        jar = Files.createFile(target.resolve("processor-0.1.0-SNAPSHOT.jar"));
        Files.setLastModifiedTime(jar, BUILT);
        Files.setLastModifiedTime(Files.createFile(project.resolve("processor/jvm.options")), BUILT);
        // Newer than the jar, whatever a test does to it.
        Files.createFile(target.resolve("guestflow.aot"));
        Files.setLastModifiedTime(
                target.resolve("guestflow.aot"), FileTime.from(Instant.now().plus(Duration.ofDays(1))));
    }

    @Test
    void theBenchmarkRunsInPlaceOfTheScriptOnWhatIsBuilt() throws Exception {
        Result result = machine.run(bench, "auth", "--rates", "50");

        assertEquals("", result.err());
        assertTrue(result.out().contains("-Dbench.checkout=" + project + "\n"), result.out());
        assertTrue(result.out().endsWith("""
                        -cp
                        %1$s/processor/target/test-classes:%1$s/processor/target/classes:/lib/a.jar:/lib/b.jar
                        io.guestflow.processor.sandbox.bench.BenchMain
                        auth
                        --rates
                        50
                        """.formatted(project)), result.out());
        assertEquals(1, result.exitCode());
    }

    @Test
    void whatIsOlderThanItsSourcesIsBuiltAgainAndIsFreshAfterwards() throws Exception {
        Files.setLastModifiedTime(
                project.resolve("contracts/src/main/java/B.java"),
                FileTime.from(BUILT.toInstant().plus(Duration.ofMinutes(1))));

        Result first = machine.run(bench, "auth");
        Result second = machine.run(bench, "auth");

        assertTrue(first.err().contains("building -q -B -f " + project + "/pom.xml package -DskipTests"), first.err());
        assertFalse(first.out().contains("building"), "standard output is the figures'");
        assertEquals("", second.err());
    }

    @Test
    void withoutANameItSaysWhatThereIs() throws Exception {
        Result result = machine.run(bench);

        assertEquals(2, result.exitCode());
        assertTrue(result.err().contains("usage: scripts/bench"), result.err());
        for (String name : List.of("analytics", "auth", "sessions")) {
            assertTrue(result.err().contains("\n  " + name + " "), result.err());
        }
        assertEquals("", result.out());
    }

    @Test
    void helpNeedsNothing() throws Exception {
        Result result =
                new ScriptMachine(dir.resolve("bare")).tools("cat", "dirname").run(bench, "--help");

        assertEquals(0, result.exitCode(), result.err());
        assertTrue(result.out().startsWith("usage: scripts/bench"), result.out());
    }

    private void source(String name) throws Exception {
        Path file = project.resolve(name);
        Files.createDirectories(file.getParent());
        Files.createFile(file);
        Files.setLastModifiedTime(file, FileTime.from(BUILT.toInstant().minus(Duration.ofMinutes(1))));
    }
}
