package io.guestflow.processor.sandbox.bench.analytics;

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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a run starts: one broker and one simulator for all of it, and one processor after the other, each as production
 * starts it: all roles, all three applications, the defaults of the settings that matter here.
 *
 * <p>Threading: one thread.
 */
final class World {
    /** The default of the processor's own topics. */
    static final int PARTITIONS = 12;

    /** The default of the processor's settings. */
    static final Duration GRACE = Duration.ofSeconds(10);

    /** So old is what a backlog tells of at the least: then all its windows are over, and come out as it is worked off. */
    static final Duration OVER = Duration.ofMinutes(1).plus(GRACE).plusSeconds(5);

    private static final Duration SIMULATOR_DELAY = Duration.ofMillis(60);
    private static final Duration READY_WITHIN = Duration.ofMinutes(3);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(30);

    private final BenchPlace place;
    private final Path dir;
    private final Children children;
    private final Path scratch;
    private final KafkaCluster broker;
    private final KafkaSandbox kafka;
    private final SimulatorProcess simulator;

    World(BenchPlace place, Path dir, Children children) throws IOException {
        this.place = place;
        this.dir = dir;
        this.children = children;
        scratch = children.add(ScratchDirectory.in(dir)).path();
        broker = children.add(KafkaCluster.start(1, BrokerOptions.fullJit().in(dir)));
        kafka = children.add(new KafkaSandbox(broker.bootstrap()));
        simulator = children.add(SimulatorProcess.start(SIMULATOR_DELAY, dir));
    }

    String bootstrap() {
        return broker.bootstrap();
    }

    KafkaSandbox kafka() {
        return kafka;
    }

    /** Everything but the processor, by name. */
    Map<String, Long> pids() {
        Map<String, Long> pids = new LinkedHashMap<>();
        pids.put("broker", broker.node(1).pid());
        pids.put("simulator", simulator.pid());
        return pids;
    }

    /** The same with it. */
    Map<String, Long> pids(ProcessorProcess processor) {
        Map<String, Long> pids = new LinkedHashMap<>();
        pids.put("processor", processor.pid());
        pids.putAll(pids());
        return pids;
    }

    /** A processor that is stopped when this is closed, and must end well then. */
    record Running(World world, ProcessorProcess processor) implements AutoCloseable {
        @Override
        public void close() {
            world.stop(processor);
        }
    }

    /** Starts a processor on an empty broker, without state, and returns when it is ready. */
    Running startAnew(Map<String, String> settings) {
        kafka.deleteAllTopicsAndGroups();
        delete(state());
        simulator.reset();
        ProcessorProcess processor = children.add(ProcessorProcess.named("processor")
                .packaged(place.processorTarget())
                .logsIn(dir)
                .settings(Map.ofEntries(
                        Map.entry("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap()),
                        Map.entry("CXONE_BASE_URL", simulator.baseUrl().toString()),
                        Map.entry("CXONE_CLIENT_ID", "bench"),
                        Map.entry("CXONE_CLIENT_SECRET", "bench-secret"),
                        Map.entry("CXONE_CALLS_PER_SECOND", "0"),
                        Map.entry("GUESTFLOW_REF_KEY", "bench:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
                        Map.entry("GUESTFLOW_TOPICS_PARTITIONS", Integer.toString(PARTITIONS)),
                        Map.entry("GUESTFLOW_ANALYTICS_GRACE", GRACE.toSeconds() + "s"),
                        Map.entry("GUESTFLOW_STATE_DIR", state().toString()),
                        Map.entry("GUESTFLOW_HTTP_PORT", "0")))
                .settings(settings)
                .start());
        processor.awaitReady(READY_WITHIN);
        return new Running(this, processor);
    }

    private void stop(ProcessorProcess processor) {
        processor.sigterm();
        int code = processor.awaitExit(STOPS_WITHIN);
        children.end(processor);
        if (code != 0) {
            throw new IllegalStateException(
                    "the processor ended with " + code + " on SIGTERM; see " + processor.stderr());
        }
    }

    /** Starts the bare count; it stays until it is ended. */
    CountProcess startCount() {
        return children.add(CountProcess.start(
                broker.bootstrap(),
                scratch.resolve("state-count"),
                place.processorTarget().resolveSibling("jvm.options"),
                dir));
    }

    <T extends AutoCloseable> T add(T child) {
        return children.add(child);
    }

    /** What lies in the processor's state directory. */
    double stateMiB() {
        try (Stream<Path> tree = Files.walk(state())) {
            return tree.mapToLong(World::size).sum() / (double) (1 << 20);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + state(), e);
        }
    }

    private Path state() {
        return scratch.resolve("state-processor");
    }

    /** RocksDB deletes files while we look. */
    private static long size(Path path) {
        try {
            return Files.isRegularFile(path) ? Files.size(path) : 0;
        } catch (NoSuchFileException gone) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the size of " + path, e);
        }
    }

    private static void delete(Path root) {
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
}
