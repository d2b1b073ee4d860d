package io.guestflow.processor.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The processor as it really runs: its {@code Main} in a JVM of its own, told its settings by the environment and ended
 * by signals.
 *
 * <p>Threading: see {@link ChildJvm}.
 */
public final class ProcessorProcess implements AutoCloseable {
    private static final String MAIN = "io.guestflow.processor.Main";
    private static final Pattern READY = Pattern.compile("guestflow ready roles=(\\S+)(?: http=(\\S+))?.*");

    private final ChildJvm jvm;

    private ProcessorProcess(ChildJvm jvm) {
        this.jvm = jvm;
    }

    /** @param name names its output files and stands in errors */
    public static Start named(String name) {
        return new Start(name);
    }

    /**
     * Waits until every role is able to answer.
     *
     * @throws ChildFailedException when it ends or does not get there, quoting what it printed
     */
    public Ready awaitReady(Duration within) {
        String line = jvm.awaitLine("guestflow ready", l -> l.startsWith("guestflow ready"), within);
        return Ready.parse(line);
    }

    /** The first line of standard output that matches; see {@link ChildJvm#awaitLine}. */
    public String awaitLine(String what, Predicate<String> matches, Duration within) {
        return jvm.awaitLine(what, matches, within);
    }

    public long pid() {
        return jvm.pid();
    }

    public boolean isAlive() {
        return jvm.isAlive();
    }

    /** Resident memory in bytes. */
    public long rssBytes() {
        return jvm.rssBytes();
    }

    public Path stdout() {
        return jvm.stdout();
    }

    public Path stderr() {
        return jvm.stderr();
    }

    /** SIGTERM; returns at once. */
    public void sigterm() {
        jvm.sigterm();
    }

    /** SIGKILL; returns when it is gone. */
    public void sigkill() {
        jvm.sigkill();
    }

    /** SIGSTOP until {@link #resume}. */
    public void pause() {
        jvm.pause();
    }

    public void resume() {
        jvm.resume();
    }

    /** Its exit code; 128 + signal when a signal ended it. */
    public int awaitExit(Duration within) {
        return jvm.awaitExit(within);
    }

    /** Ends it with SIGKILL if it still runs. */
    @Override
    public void close() {
        jvm.close();
    }

    /**
     * What the ready line says.
     *
     * @param http where the edge listens; empty without that role
     */
    public record Ready(Set<String> roles, Optional<URI> http) {
        public Ready {
            roles = Set.copyOf(roles);
        }

        static Ready parse(String line) {
            Matcher ready = READY.matcher(line);
            if (!ready.matches()) {
                throw new IllegalArgumentException("not a ready line: " + line);
            }
            var roles = new LinkedHashSet<>(Arrays.asList(ready.group(1).split(",")));
            return new Ready(roles, Optional.ofNullable(ready.group(2)).map(Ready::address));
        }

        private static URI address(String hostAndPort) {
            try {
                return new URI("http://" + hostAndPort);
            } catch (URISyntaxException e) {
                throw new IllegalArgumentException("not an address in a ready line: " + hostAndPort, e);
            }
        }
    }

    /** How a processor is started; each method changes this and returns it. */
    public static final class Start {
        /** Settings of whoever runs the tests must not reach the processor under test. */
        private static final List<String> SETTINGS = List.of("GUESTFLOW_", "CXONE_", "KAFKA_");

        private final String name;
        private final Map<String, String> environment = new HashMap<>(System.getenv());
        private String mainClass = MAIN;
        private List<String> arguments = List.of();
        private List<String> jvmFlags = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx384m");
        private List<String> classPath = JvmCommand.ownClassPath();
        private Path logDir = Path.of("target", "sandbox");

        private Start(String name) {
            this.name = name;
            environment.keySet().removeIf(key -> SETTINGS.stream().anyMatch(key::startsWith));
        }

        public Start setting(String key, String value) {
            environment.put(key, value);
            return this;
        }

        public Start settings(Map<String, String> settings) {
            environment.putAll(settings);
            return this;
        }

        public Start arguments(String... args) {
            arguments = List.of(args);
            return this;
        }

        /** Replaces the flags that make a start fast and the process small. */
        public Start jvmFlags(String... flags) {
            jvmFlags = List.of(flags);
            return this;
        }

        /** Where {@code name.out} and {@code name.err} are appended to; {@code target/sandbox} unless said. */
        public Start logsIn(Path dir) {
            logDir = dir;
            return this;
        }

        /**
         * Runs what is shipped, jar and {@code lib/} under the processor module's {@code target}, with the JVM options
         * that it is shipped with, and the AOT cache if there is one, instead of this JVM's class path.
         */
        public Start packaged(Path target) {
            // The jar names what is in lib/. The sandbox comes last, and only for the class that ends the process with
            // us.
            classPath = List.of(
                    jar(target).toString(),
                    JvmCommand.locationOf(ExitWithParent.class).toString());
            String options = "@" + target.resolveSibling("jvm.options");
            Path cache = target.resolve("guestflow.aot");
            return Files.exists(cache) ? jvmFlags(options, "-XX:AOTCache=" + cache) : jvmFlags(options);
        }

        /** Another main class that keeps the processor's contract. */
        Start mainClass(Class<?> main) {
            mainClass = main.getName();
            return this;
        }

        /** Starts it and returns at once. */
        public ProcessorProcess start() {
            var flags = new ArrayList<>(jvmFlags);
            if (ProcessorProcess.class.getResource("/logback.xml") != null) {
                // Tests have a logging configuration of their own on the same class path, which would win.
                flags.add("-Dlogback.configurationFile=logback.xml");
            }
            return new ProcessorProcess(
                    ChildJvm.start(new JvmCommand(name, mainClass, arguments, flags, classPath, environment, logDir)));
        }

        private static Path jar(Path target) {
            try (Stream<Path> files = Files.list(target)) {
                return files.filter(file -> file.getFileName().toString().matches("processor-[0-9].*\\.jar"))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException(
                                "no processor-*.jar in " + target + "; build it: ./mvnw package -DskipTests"));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + target, e);
            }
        }
    }
}
