package io.guestflow.processor.sandbox.demo;

import io.guestflow.contracts.Topics;
import io.guestflow.processor.inspect.MetricsMain;
import io.guestflow.processor.runtime.ExitCode;
import io.guestflow.processor.sandbox.ChildFailedException;
import io.guestflow.processor.sandbox.ChildJvm;
import io.guestflow.processor.sandbox.JvmCommand;
import io.guestflow.processor.sandbox.ProcessorProcess;
import io.guestflow.processor.sandbox.broker.BrokerOptions;
import io.guestflow.processor.sandbox.broker.KafkaCluster;
import io.guestflow.processor.sandbox.cxone.SimulatorMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Kafka, CXone's simulator and the processor, each a process of its own on loopback ports chosen at start, with all that
 * they keep in one directory.
 *
 * <p>Threading: one thread.
 */
final class Stage {
    /** Low, so that a burst of guests meets it. */
    static final int CALLS_PER_SECOND = 20;

    static final int PARTITIONS = 4;
    /** Of a conversation at CXone; short, so that all of a session's life is seen within a minute. */
    static final Duration LIFETIME = Duration.ofSeconds(20);

    private static final String REFRESH_THRESHOLD = "6s";
    private static final String TOMBSTONE_AFTER = "60s";

    /** Short as well, so that some have closed by the end of an act. */
    private static final String WINDOWS = "10s";

    private static final String GRACE = "2s";

    private static final int SIMULATED_LATENCY_MS = 60;
    private static final int SIMULATED_JITTER_MS = 40;
    private static final List<String> SMALL = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m");
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration DRAINS_WITHIN = Duration.ofSeconds(15);
    private static final String SIMULATOR_READY = "simulator ready http=";

    private final Path logs;
    private final KafkaCluster kafka;
    private final ChildJvm simulator;
    private final URI cxone;
    private final ProcessorProcess processor;
    private final URI http;

    private Stage(Path logs, KafkaCluster kafka, ChildJvm simulator, URI cxone, ProcessorProcess processor, URI http) {
        this.logs = logs;
        this.kafka = kafka;
        this.simulator = simulator;
        this.cxone = cxone;
        this.processor = processor;
        this.http = http;
    }

    /**
     * Returns when the processor is ready. Whatever was started before a failure goes with this JVM.
     *
     * @param dir holds data, state and logs
     * @param settings of the processor, beside those that the demo needs: {@code --NAME=VALUE}
     * @throws ChildFailedException when one does not come up, quoting what it printed
     */
    static Stage set(Path dir, List<String> settings) {
        Path logs = dir.resolve("logs");
        ChildJvm simulator = ChildJvm.start(new JvmCommand(
                "simulator",
                SimulatorMain.class.getName(),
                List.of(
                        "--latency-ms", Integer.toString(SIMULATED_LATENCY_MS),
                        "--jitter-ms", Integer.toString(SIMULATED_JITTER_MS),
                        "--conversation-lifetime", Long.toString(LIFETIME.toSeconds()),
                        "--forbidden-channel", Messages.CHANNEL_CXONE_FORBIDS),
                SMALL,
                JvmCommand.ownClassPath(),
                System.getenv(),
                logs));
        KafkaCluster kafka = KafkaCluster.start(1, BrokerOptions.fastStart().in(dir));
        String listening = simulator.awaitLine(SIMULATOR_READY, line -> line.startsWith(SIMULATOR_READY), READY_WITHIN);
        URI cxone = URI.create("http://" + listening.substring(SIMULATOR_READY.length()));
        ProcessorProcess processor = ProcessorProcess.named("processor")
                .settings(settings(dir, kafka.bootstrap(), cxone))
                .arguments(settings.toArray(String[]::new))
                .logsIn(logs)
                .start();
        ProcessorProcess.Ready ready = processor.awaitReady(READY_WITHIN);
        URI http = ready.http()
                .orElseThrow(() -> new IllegalStateException(
                        "the processor is ready without the role edge; the demo needs its metrics"));
        return new Stage(logs, kafka, simulator, cxone, processor, http);
    }

    private static Map<String, String> settings(Path dir, String bootstrap, URI cxone) {
        return Map.ofEntries(
                Map.entry("KAFKA_BOOTSTRAP_SERVERS", bootstrap),
                Map.entry("CXONE_BASE_URL", cxone.toString()),
                Map.entry("CXONE_CLIENT_ID", "demo"),
                Map.entry("CXONE_CLIENT_SECRET", random()),
                Map.entry("CXONE_CALLS_PER_SECOND", Integer.toString(CALLS_PER_SECOND)),
                Map.entry("GUESTFLOW_REF_KEY", random()),
                Map.entry("GUESTFLOW_STATE_DIR", dir.resolve("state").toString()),
                Map.entry("GUESTFLOW_TOPICS_PARTITIONS", Integer.toString(PARTITIONS)),
                Map.entry("GUESTFLOW_CHANNELS_ALLOWED", String.join(",", Messages.CHANNELS_ALLOWED)),
                Map.entry("GUESTFLOW_SESSION_REFRESH_THRESHOLD", REFRESH_THRESHOLD),
                Map.entry("GUESTFLOW_SESSION_TOMBSTONE_AFTER", TOMBSTONE_AFTER),
                Map.entry("GUESTFLOW_ANALYTICS_WINDOWS", WINDOWS),
                Map.entry("GUESTFLOW_ANALYTICS_GRACE", GRACE),
                Map.entry("GUESTFLOW_HTTP_PORT", "0"));
    }

    private static String random() {
        var bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    String bootstrap() {
        return kafka.bootstrap();
    }

    /** Where the processor answers HTTP. */
    URI processor() {
        return http;
    }

    /** Where everything listens. */
    List<String> directory() {
        return List.of(
                "  Kafka      pid %-7d %s   %s -> %s"
                        .formatted(
                                kafka.node(1).pid(),
                                bootstrap(),
                                Topics.GUEST_AUTH_REQUESTS.name(),
                                Topics.GUEST_AUTH_RESULTS.name()),
                "  CXone      pid %-7d %s   simulated; what it saw: %s"
                        .formatted(simulator.pid(), cxone, cxone.resolve("/sim/stats")),
                "  processor  pid %-7d %s   %s  %s"
                        .formatted(
                                processor.pid(),
                                http.resolve("/metrics"),
                                http.resolve("/health/live"),
                                http.resolve("/health/ready")),
                "  windows    of %s, as they come: KAFKA_BOOTSTRAP_SERVERS=%s scripts/metrics --follow"
                        .formatted(WINDOWS, bootstrap()));
    }

    /**
     * The windows that were published until now, as {@code scripts/metrics} shows them.
     *
     * @throws IllegalStateException when it fails
     */
    String windows() {
        try (ChildJvm metrics = ChildJvm.start(new JvmCommand(
                "metrics",
                MetricsMain.class.getName(),
                List.of(),
                SMALL,
                JvmCommand.ownClassPath(),
                Map.of("KAFKA_BOOTSTRAP_SERVERS", bootstrap()),
                logs))) {
            int code = metrics.awaitExit(READY_WITHIN);
            String told = LogTail.of(metrics.stdout(), metrics.stderr());
            if (code == ExitCode.NOT_FOUND.code()) {
                // Of a story that is shorter than a window.
                return told;
            }
            if (code != 0) {
                throw new IllegalStateException("scripts/metrics ended with " + code + "\n" + told);
            }
            return Files.readString(metrics.stdout());
        } catch (IOException e) {
            throw new UncheckedIOException("what scripts/metrics printed cannot be read", e);
        }
    }

    /** What ended although nobody asked it to, with the end of what it printed. */
    Optional<String> fallen() {
        if (!processor.isAlive()) {
            return Optional.of("the processor (pid " + processor.pid() + ") ended with "
                    + processor.awaitExit(Duration.ZERO) + "\n" + LogTail.of(processor.stdout(), processor.stderr()));
        }
        if (!simulator.isAlive()) {
            return Optional.of("the simulator (pid " + simulator.pid() + ") ended with "
                    + simulator.awaitExit(Duration.ZERO) + "\n" + LogTail.of(simulator.stdout(), simulator.stderr()));
        }
        if (!kafka.node(1).isAlive()) {
            return Optional.of("the broker (pid " + kafka.node(1).pid() + ") ended\n"
                    + LogTail.of(logs.resolve("broker-1.out"), logs.resolve("broker-1.err")));
        }
        return Optional.empty();
    }

    /**
     * Stops the processor as an operator would.
     *
     * @return what was wrong with that
     */
    Optional<String> drain() {
        processor.sigterm();
        try {
            int code = processor.awaitExit(DRAINS_WITHIN);
            return code == 0
                    ? Optional.empty()
                    : Optional.of("the processor ended with " + code + " at SIGTERM\n" + processorLog());
        } catch (ChildFailedException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** The end of what the processor said. */
    String processorLog() {
        return LogTail.of(processor.stderr());
    }
}
