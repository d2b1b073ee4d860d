package io.guestflow.processor.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.guestflow.processor.scripts.ScriptMachine.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class MvnwTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern PINNED = Pattern.compile("\nversion=(\\S+)\nsha512=([0-9a-f]{128})\n");
    private static final String SAY_WHAT_RUNS =
            "case $1 in --version) echo Apache Maven %s ;; *) echo \"%s on $JAVA_HOME:\" \"$@\" ;; esac";

    @TempDir
    Path dir;

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private byte[] archive;
    private ScriptMachine machine;
    private Path jdk;

    @BeforeEach
    void machineWithAJdkAndAServerWithAFakeMaven() throws Exception {
        archive = fakeMaven();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/dist/", exchange -> {
            requests.add(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(200, archive.length);
            exchange.getResponseBody().write(archive);
            exchange.close();
        });
        server.start();
        machine = new ScriptMachine(dir)
                .tools("sed", "cut", "head", "sort", "dirname", "mkdir", "mktemp", "rm", "mv", "cat", "tar", "gzip")
                .set("MVNW_BASE_URL", "http://127.0.0.1:" + server.getAddress().getPort() + "/dist");
        available(Stream.of("sha512sum", "shasum"));
        available(Stream.of("curl", "wget"));
        jdk = fakeJdk("temurin-25", "25.0.1");
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.8.6", "3.8.10", "3.10.1", "4.0.0-rc-4"})
    void aMavenOnThePathThatIsNewEnoughIsUsedAndNothingFetched(String version) throws Exception {
        machine.program("mvn", SAY_WHAT_RUNS.formatted(version, "own Maven"));

        Result result = machine.run(mvnw(), "-B", "two words");

        assertEquals("own Maven on " + jdk + ": -B two words\n", result.out(), result.err());
        assertEquals(0, result.exitCode());
        assertEquals(List.of(), requests);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.8.5", "3.6.3", "2.2.1"})
    void aMavenOnThePathThatIsTooOldIsNotUsed(String version) throws Exception {
        machine.program("mvn", SAY_WHAT_RUNS.formatted(version, "own Maven"));

        Result result = machine.run(acceptingTheFake(), "verify");

        assertEquals("fetched Maven on " + jdk + ": verify\n", result.out(), result.err());
        assertTrue(result.err().contains("the Maven on the PATH is " + version + " and must be 3.8.6"), result.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"curl", "wget"})
    void withoutAMavenThePinnedOneIsFetchedOnceAndKept(String downloader) throws Exception {
        assumeTrue(ScriptMachine.real(downloader).isPresent(), downloader + " is not on this machine");
        Files.deleteIfExists(dir.resolve("bin").resolve(downloader.equals("curl") ? "wget" : "curl"));

        Result first = machine.run(acceptingTheFake(), "verify");
        Result second = machine.run(acceptingTheFake(), "verify");

        assertEquals("fetched Maven on " + jdk + ": verify\n", first.out(), first.err());
        assertEquals("fetched Maven on " + jdk + ": verify\n", second.out(), second.err());
        assertEquals("", second.err());
        String version = pinned().group(1);
        String path = "/dist/maven-3/%s/binaries/apache-maven-%s-bin.tar.gz".formatted(version, version);
        assertEquals(List.of(path), requests);
        assertEquals(1, keptIn(dir.resolve("home/.m2/wrapper/dists")).size());
    }

    @Test
    void theMavenFolderMayLieElsewhere() throws Exception {
        machine.set("MAVEN_USER_HOME", dir.resolve("else where").toString());

        assertEquals(0, machine.run(acceptingTheFake(), "verify").exitCode());

        assertEquals(1, keptIn(dir.resolve("else where/wrapper/dists")).size());
    }

    @Test
    void anArchiveWithAnotherChecksumIsRefusedAndNothingOfItStays() throws Exception {
        Result result = machine.run(mvnw(), "verify");

        assertEquals(1, result.exitCode());
        assertEquals("", result.out());
        assertTrue(result.err().contains(sha512(archive)) && result.err().contains(pinned().group(2)), result.err());
        assertEquals(List.of(), keptIn(dir.resolve("home/.m2/wrapper/dists")));
    }

    @Test
    void whenNothingCanBeFetchedItSaysWhatToInstall() throws Exception {
        server.stop(0);

        Result result = machine.run(mvnw(), "verify");

        assertEquals(2, result.exitCode());
        assertTrue(result.err().contains("no Maven on the PATH"), result.err());
        assertTrue(result.err().contains("Install Maven 3.8.6 or newer"), result.err());
        assertEquals(List.of(), keptIn(dir.resolve("home/.m2/wrapper/dists")));
    }

    @ParameterizedTest
    @CsvSource({"curl wget, neither curl nor wget", "sha512sum shasum, neither sha512sum nor shasum"})
    void withoutTheToolsToFetchOneItSaysWhatToInstall(String missing, String said) throws Exception {
        for (String tool : missing.split(" ")) {
            Files.deleteIfExists(dir.resolve("bin").resolve(tool));
        }

        Result result = machine.run(mvnw(), "verify");

        assertEquals(2, result.exitCode());
        assertTrue(result.err().contains(said) && result.err().contains("Install Maven"), result.err());
    }

    @Test
    void withoutAJdkOfOurVersionItSaysWhereItLookedAndWhatToInstall() throws Exception {
        Files.delete(jdk.resolve("bin/javac"));
        Path old = fakeJdk("openjdk-17", "17.0.15");
        machine.set("JAVA_HOME", old.toString()).program("java", "exec " + old.resolve("bin/java") + " \"$@\"");

        Result result = machine.run(mvnw(), "verify");

        assertEquals(2, result.exitCode());
        assertTrue(result.err().contains("No JDK 25 found: not in JAVA_HOME (" + old + ")"), result.err());
        assertTrue(result.err().contains(dir + "/jdks/*"), result.err());
        assertEquals(List.of(), requests);
    }

    @Test
    void aJavaHomeOfAnotherVersionIsPassedOver() throws Exception {
        machine.program("mvn", SAY_WHAT_RUNS.formatted("3.9.9", "own Maven"));
        machine.set("JAVA_HOME", fakeJdk("openjdk-17", "17.0.15").toString());

        assertEquals("own Maven on " + jdk + ": -v\n", machine.run(mvnw(), "-v").out());
    }

    @Test
    void theJdkOfTheJavaOnThePathIsFoundWhereverItLies() throws Exception {
        Path elsewhere = dir.resolve("opt/my jdk");
        Files.createDirectories(elsewhere.getParent());
        Files.move(jdk, elsewhere);
        machine.program("mvn", SAY_WHAT_RUNS.formatted("3.9.9", "own Maven"));
        machine.program("java", "echo '    java.home = " + elsewhere + "' >&2");

        assertEquals(
                "own Maven on " + elsewhere + ": -v\n",
                machine.run(mvnw(), "-v").out());
    }

    @Test
    void aJdkWithoutAReleaseFileIsAskedForItsVersion() throws Exception {
        Files.delete(jdk.resolve("release"));
        machine.program("mvn", SAY_WHAT_RUNS.formatted("3.9.9", "own Maven"));

        assertEquals("own Maven on " + jdk + ": -v\n", machine.run(mvnw(), "-v").out());
    }

    private static Path mvnw() {
        return PROJECT.resolve("mvnw");
    }

    /** The script as it is, but for the pinned checksum. */
    private Path acceptingTheFake() throws Exception {
        Path copy = dir.resolve("project/mvnw");
        Files.createDirectories(copy.resolveSibling("scripts"));
        Files.deleteIfExists(copy);
        Files.copy(mvnw(), copy, StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(copy, Files.readString(copy).replace(pinned().group(2), sha512(archive)));
        Files.write(copy.resolveSibling("scripts/.jdk"), Files.readAllBytes(PROJECT.resolve("scripts/.jdk")));
        return copy;
    }

    private static Matcher pinned() throws IOException {
        Matcher pinned = PINNED.matcher(Files.readString(mvnw()));
        assertTrue(pinned.find(), "mvnw pins a version and its SHA-512");
        return pinned;
    }

    private Path fakeJdk(String name, String version) throws IOException {
        return ScriptMachine.fakeJdk(dir.resolve("jdks").resolve(name), version);
    }

    private byte[] fakeMaven() throws Exception {
        String folder = "apache-maven-" + pinned().group(1);
        ScriptMachine.program(
                dir.resolve("site").resolve(folder).resolve("bin/mvn"),
                SAY_WHAT_RUNS.formatted(pinned().group(1), "fetched Maven"));
        Path tar = dir.resolve("site/maven.tar.gz");
        Process process = new ProcessBuilder(
                        "tar", "-czf", tar.toString(), "-C", tar.getParent().toString(), folder)
                .inheritIO()
                .start();
        assertEquals(0, process.waitFor());
        return Files.readAllBytes(tar);
    }

    private void available(Stream<String> tools) throws IOException {
        for (String tool :
                tools.filter(name -> ScriptMachine.real(name).isPresent()).toList()) {
            machine.tools(tool);
        }
    }

    private static List<Path> keptIn(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> kept = Files.list(folder)) {
            return kept.toList();
        }
    }

    private static String sha512(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(bytes));
    }
}
