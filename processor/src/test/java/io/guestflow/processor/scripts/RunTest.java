package io.guestflow.processor.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.scripts.ScriptMachine.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/run} in a checkout whose path has a space, with a java that tells what it was called with. */
@Timeout(60)
class RunTest {
    private static final Path SCRIPTS =
            Path.of("..", "scripts").toAbsolutePath().normalize();

    @TempDir
    Path dir;

    private ScriptMachine machine;
    private Path project;
    private Path run;
    private Path java;

    @BeforeEach
    void checkout() throws Exception {
        machine = new ScriptMachine(dir).tools("sed", "cat", "dirname", "find", "touch", "mv");
        Path jdk = ScriptMachine.fakeJdk(dir.resolve("jdks/temurin-25"), "25.0.1");
        java = jdk.resolve("bin/java");
        ScriptMachine.program(java, """
                for argument; do
                  case $argument in -XX:AOTCacheOutput=*) : >"${argument#*=}"; exit 1 ;; esac
                done
                echo "$$"; printf '%s\\n' "$@"; exit 3""");
        project = dir.resolve("my checkout");
        run = Files.createDirectories(project.resolve("scripts")).resolve("run");
        Files.copy(SCRIPTS.resolve("run"), run, StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(SCRIPTS.resolve(".jdk"), project.resolve("scripts/.jdk"));
        Files.copy(SCRIPTS.resolve(".jar"), project.resolve("scripts/.jar"));
        ScriptMachine.program(
                project.resolve("mvnw"), "echo building \"$@\"; : >'" + project + "/processor/target/processor-1.jar'");
        Files.createDirectories(project.resolve("processor/target"));
        aged(Files.createFile(project.resolve("processor/jvm.options")), 2);
        Files.createDirectories(project.resolve("processor/src/main"));
        Files.createDirectories(project.resolve("contracts/src/main"));
        for (String pom : List.of("pom.xml", "processor/pom.xml", "contracts/pom.xml")) {
            aged(Files.createFile(project.resolve(pom)), 2);
        }
    }

    private static Path aged(Path file, int hours) throws IOException {
        return Files.setLastModifiedTime(
                file, FileTime.from(Instant.now().minus(Duration.ofHours(hours)).truncatedTo(ChronoUnit.SECONDS)));
    }

    @Test
    void theBuiltJarIsStartedInPlaceOfTheScriptSoThatSignalsAndExitCodesPass() throws Exception {
        Files.createFile(project.resolve("processor/target/processor-0.1.0-SNAPSHOT.jar"));
        machine.set("JAVA_OPTS", "-Xmx1g -Dx=y");

        Result result = machine.run(run, "--GUESTFLOW_ROLES=streams", "--config", "a file");

        String expected = """
                %1$d
                @%2$s/processor/jvm.options
                -XX:AOTCache=%2$s/processor/target/guestflow.aot
                -Xmx1g
                -Dx=y
                -jar
                %2$s/processor/target/processor-0.1.0-SNAPSHOT.jar
                --GUESTFLOW_ROLES=streams
                --config
                a file
                """.formatted(result.pid(), project);
        assertEquals(expected, result.out(), result.err());
        assertEquals(3, result.exitCode());
        assertEquals("run: preparing a quicker start, once for each build\n", result.err());
        assertEquals("", machine.run(run).err());
    }

    @Test
    void aMissingJarIsBuiltFirstAndStandardOutputStaysTheProcessors() throws Exception {
        Result result = machine.run(run);

        assertTrue(
                result.err().contains("building -q -B -f " + project + "/pom.xml package -DskipTests"), result.err());
        assertTrue(result.out().endsWith("processor/target/processor-1.jar\n"), result.out());
        assertTrue(result.out().startsWith(result.pid() + "\n"), result.out());
    }

    @Test
    void aJarThatIsOlderThanItsSourcesIsBuiltAnewOnce() throws Exception {
        aged(Files.createFile(project.resolve("processor/target/processor-1.jar")), 1);
        Files.createFile(project.resolve("processor/src/main/Changed.java"));

        assertTrue(machine.run(run).err().contains("run: building the processor first"));
        assertEquals("", machine.run(run).err());
    }

    @Test
    void aStartThatCannotBePreparedIsOnlySlower() throws Exception {
        Files.createFile(project.resolve("processor/target/processor-1.jar"));
        ScriptMachine.program(java, "printf '%s\\n' \"$@\"; exit 3");

        Result result = machine.run(run);

        assertEquals("""
                run: preparing a quicker start, once for each build
                run: that failed, so it starts without
                """, result.err());
        assertFalse(result.out().contains("-XX:AOTCache"), result.out());
        assertEquals(3, result.exitCode());
    }

    @Test
    void whatEndsAtOnceIsNotPrepared() throws Exception {
        Files.createFile(project.resolve("processor/target/processor-1.jar"));

        Result result = machine.run(run, "--print-config");

        assertEquals("", result.err());
        assertFalse(result.out().contains("-XX:AOTCache"), result.out());
    }

    @Test
    void helpNeedsNothing() throws Exception {
        Result result =
                new ScriptMachine(dir.resolve("bare")).tools("cat", "dirname").run(run, "--help");

        assertEquals(0, result.exitCode(), result.err());
        assertTrue(result.out().startsWith("usage: scripts/run"), result.out());
    }
}
