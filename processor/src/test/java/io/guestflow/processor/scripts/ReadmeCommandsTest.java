package io.guestflow.processor.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.scripts.ScriptMachine.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ReadmeCommandsTest {
    private static final Path SCRIPT =
            Path.of("..", ".ci", "readme-commands").toAbsolutePath().normalize();

    @TempDir
    Path dir;

    private ScriptMachine machine;

    @BeforeEach
    void machineWithAllItsTools() throws Exception {
        machine = new ScriptMachine(dir).set("PATH", System.getenv("PATH"));
    }

    @Test
    void everyBlockOfCommandsRunsInTheReadmesFolderWithNothingOnItsInput() throws Exception {
        Path readme = readme("""
                # One
                ```sh
                echo "in $(pwd)"   # a comment
                cat
                ```
                ```json
                {"not": "a command"}
                ```
                1. Two

                   ```sh
                   echo two >two.txt
                   ```
                """);

        Result result = machine.run(SCRIPT, readme.toString());

        assertEquals(0, result.exitCode(), result.err());
        assertTrue(result.out().contains("\nin " + readme.getParent().toRealPath() + "\n"), result.out());
        assertEquals("two\n", Files.readString(readme.resolveSibling("two.txt")));
        assertTrue(result.out().endsWith("readme-commands: 2 blocks ran well, 0 not run\n"), result.out());
    }

    @Test
    void aBlockThatFailsStopsTheRunAndIsNamedByItsLine() throws Exception {
        Path readme = readme("""
                ```sh
                true
                ```
                ```sh
                false
                echo unreachable
                ```
                ```sh
                echo unreachable
                ```
                """);

        Result result = machine.run(SCRIPT, readme.toString());

        assertEquals(1, result.exitCode());
        assertTrue(result.err().contains("the block at README.md:4 failed with 1"), result.err());
        assertTrue(!result.out().contains("\nunreachable"), result.out());
    }

    @Test
    void marksKeepABlockFromRunningAndTheReasonIsShown() throws Exception {
        Path readme = readme("""
                ```sh docker
                exit 1
                ```
                <!-- needs-docker -->
                ```sh
                exit 2
                ```
                <!-- not-run: it has no end -->

                ```sh
                exit 3
                ```
                <!-- not-run: this belongs to no block -->
                But to this text.
                ```sh
                echo run
                ```
                """);

        Result result = machine.run(SCRIPT, readme.toString());

        String expected = """
                == README.md:1 not run: needs Docker
                == README.md:5 not run: needs Docker
                == README.md:10 not run: it has no end
                == README.md:15
                   echo run
                run
                readme-commands: 1 blocks ran well, 3 not run
                """;
        assertEquals(expected, result.out(), result.err());
        assertEquals(0, result.exitCode());
    }

    @Test
    void whatTheCallerHasRunIsLeftOutAndNothingElse() throws Exception {
        Path readme = readme("""
                ```sh
                exit 1          # all tests
                echo and this
                ```
                ```sh
                # everything
                exit 1
                ```
                """);

        Result result = machine.run(SCRIPT, "--except", "exit 1", readme.toString());

        String expected = """
                == README.md:1
                   echo and this
                and this
                == README.md:5 has been run already
                readme-commands: 1 blocks ran well, 0 not run
                """;
        assertEquals(expected, result.out(), result.err());
    }

    @Test
    void listingRunsNothing() throws Exception {
        Result result =
                machine.run(SCRIPT, "--list", readme("```sh\nexit 1\n```\n").toString());

        assertEquals("== README.md:1\n   exit 1\nreadme-commands: 1 blocks to run, 0 not run\n", result.out());
        assertEquals(0, result.exitCode());
    }

    @ParameterizedTest
    @CsvSource({
        "```bash|true|```, 1: tag commands with sh",
        "```console|$ true|```, 1: tag commands with sh",
        "```sh podman|true|```, 1: unknown mark",
        "<!-- not-run: -->|```sh|true|```, 1: not-run needs a reason",
        "text|```sh|true, 2: this block does not end"
    })
    void aBlockThatWouldSilentlyNotRunIsAnError(String lines, String said) throws Exception {
        Result result =
                machine.run(SCRIPT, readme(lines.replace('|', '\n') + "\n").toString());

        assertEquals(1, result.exitCode(), result.out());
        assertTrue(result.err().contains("README.md:" + said), result.err());
    }

    @Test
    void withoutAReadmeItFails() throws Exception {
        assertEquals(2, machine.run(SCRIPT, dir.resolve("none.md").toString()).exitCode());
    }

    private Path readme(String text) throws Exception {
        return Files.writeString(
                Files.createDirectories(dir.resolve("a project")).resolve("README.md"), text);
    }
}
