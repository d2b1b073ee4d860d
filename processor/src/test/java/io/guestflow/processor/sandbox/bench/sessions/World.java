package io.guestflow.processor.sandbox.bench.sessions;

import io.guestflow.processor.sandbox.ProcessorProcess;
import io.guestflow.processor.sandbox.bench.BenchPlace;
import io.guestflow.processor.sandbox.bench.Children;
import io.guestflow.processor.sandbox.bench.ScratchDirectory;
import io.guestflow.processor.sandbox.bench.SimulatorProcess;
import io.guestflow.processor.sandbox.broker.BrokerOptions;
import io.guestflow.processor.sandbox.broker.KafkaCluster;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a run starts: one broker and one simulator for all of it, and processors.
 *
 * <p>Threading: one thread.
 */
final class World {
    static final int PARTITIONS = 4;
    static final Duration SIMULATOR_DELAY = Duration.ofMillis(60);
    /** So long that what was refreshed does not come due again in a run. */
    static final Duration CXONE_LIFETIME = Duration.ofHours(2);

    /** A million sessions may have to be restored before. */
    static final Duration READY_WITHIN = Duration.ofMinutes(15);

    private static final Duration STOPS_WITHIN = Duration.ofSeconds(30);

    private final SessionsBenchOptions options;
    private final BenchPlace place;
    private final Path dir;
    private final Children children;
    private final Path scratch;
    private final KafkaCluster broker;
    private final KafkaSandbox kafka;
    private final SimulatorProcess simulator;

    World(SessionsBenchOptions options, BenchPlace place, Path dir, Children children) throws IOException {
        this.options = options;
        this.place = place;
        this.dir = dir;
        this.children = children;
        scratch = children.add(ScratchDirectory.in(dir)).path();
        broker = children.add(KafkaCluster.start(1, BrokerOptions.fullJit().in(dir)));
        kafka = children.add(new KafkaSandbox(broker.bootstrap()));
        simulator = children.add(SimulatorProcess.start(
                SIMULATOR_DELAY, dir, "{\"conversationLifetimeMs\":" + CXONE_LIFETIME.toMillis() + "}"));
    }

    String bootstrap() {
        return broker.bootstrap();
    }

    KafkaSandbox kafka() {
        return kafka;
    }

    SimulatorProcess simulator() {
        return simulator;
    }

    /** All JVMs that take part, this one too, with the given processor. */
    Set<Long> pids(ProcessorProcess processor) {
        return Set.of(
                processor.pid(),
                broker.node(1).pid(),
                simulator.pid(),
                ProcessHandle.current().pid());
    }

    /** An empty broker, and no state anywhere. */
    void wipe() {
        kafka.deleteAllTopicsAndGroups();
        forgetState("first");
        forgetState("second");
        simulator.reset();
    }

    /** Starts an instance on the state that it has, and returns when it is ready. */
    ProcessorProcess start(String name) {
        ProcessorProcess processor = children.add(ProcessorProcess.named("processor-" + name)
                .packaged(place.processorTarget())
                .logsIn(dir)
                .settings(settings())
                .setting("GUESTFLOW_STATE_DIR", state(name).toString())
                .start());
        processor.awaitReady(READY_WITHIN);
        return processor;
    }

    /** SIGTERM; returns when it has ended well. */
    void stop(ProcessorProcess processor) {
        processor.sigterm();
        int code = processor.awaitExit(STOPS_WITHIN);
        children.end(processor);
        if (code != 0) {
            throw new IllegalStateException(
                    "the processor ended with " + code + " on SIGTERM; see " + processor.stderr());
        }
    }

    /** SIGKILL. */
    void kill(ProcessorProcess processor) {
        processor.sigkill();
        children.end(processor);
    }

    /** Where an instance keeps its state. */
    Path state(String name) {
        return scratch.resolve("state-" + name);
    }

    /** Deletes an instance's state, its name in the groups too. */
    void forgetState(String name) {
        Path root = state(name);
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + root, e);
        }
    }

    <T extends AutoCloseable> T add(T child) {
        return children.add(child);
    }

    void end(AutoCloseable child) {
        children.end(child);
    }

    private Map<String, String> settings() {
        return Map.ofEntries(
                Map.entry("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap()),
                Map.entry("CXONE_BASE_URL", simulator.baseUrl().toString()),
                Map.entry("CXONE_CLIENT_ID", "bench"),
                Map.entry("CXONE_CLIENT_SECRET", "bench-secret"),
                Map.entry("CXONE_CALLS_PER_SECOND", "0"),
                Map.entry("GUESTFLOW_REF_KEY", "bench:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
                Map.entry("GUESTFLOW_TOPICS_PARTITIONS", Integer.toString(PARTITIONS)),
                Map.entry(
                        "GUESTFLOW_SESSION_REFRESH_THRESHOLD",
                        options.threshold().toSeconds() + "s"),
                Map.entry("GUESTFLOW_HTTP_PORT", "0"));
    }
}
