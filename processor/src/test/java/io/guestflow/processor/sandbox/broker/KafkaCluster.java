package io.guestflow.processor.sandbox.broker;

import static java.util.stream.Collectors.joining;

import io.guestflow.processor.sandbox.ChildFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A real Kafka of one or three nodes, each in a JVM of its own, on loopback ports chosen at start. Everything it holds
 * goes with it.
 *
 * <p>Threading: one thread drives it.
 */
public final class KafkaCluster implements AutoCloseable {
    private static final int STARTS = 3;

    private final Path dir;
    private final boolean keepLogs;
    private final List<BrokerProcess> nodes;

    private KafkaCluster(Path dir, boolean keepLogs, List<BrokerProcess> nodes) {
        this.dir = dir;
        this.keepLogs = keepLogs;
        this.nodes = List.copyOf(nodes);
    }

    /** Starts {@code nodes} small brokers; see {@link BrokerOptions#fastStart}. */
    public static KafkaCluster start(int nodes) {
        return start(nodes, BrokerOptions.fastStart());
    }

    /**
     * Returns when every node answers clients.
     *
     * @throws ChildFailedException when one does not come up, quoting what it printed
     */
    public static KafkaCluster start(int nodes, BrokerOptions options) {
        for (int start = 1; ; start++) {
            KafkaCluster cluster = launch(nodes, options);
            try {
                cluster.nodes.forEach(BrokerProcess::awaitReady);
                return cluster;
            } catch (ChildFailedException e) {
                cluster.close();
                boolean portTaken = e.exitCode().equals(OptionalInt.of(BrokerMain.PORT_IN_USE));
                if (!portTaken || start == STARTS) {
                    throw e;
                }
            } catch (RuntimeException e) {
                cluster.close();
                throw e;
            }
        }
    }

    /** All nodes' addresses, as clients take them. */
    public String bootstrap() {
        return nodes.stream().map(BrokerProcess::bootstrap).collect(joining(","));
    }

    /** @param id 1 to the number of nodes */
    public BrokerProcess node(int id) {
        return nodes.get(id - 1);
    }

    /** SIGKILL to every node. */
    public void kill() {
        nodes.forEach(BrokerProcess::kill);
    }

    /** SIGSTOP to every node. */
    public void pause() {
        nodes.forEach(BrokerProcess::pause);
    }

    public void resume() {
        nodes.forEach(BrokerProcess::resume);
    }

    /** SIGTERM to every node, one after the other. */
    public void stop() {
        running(BrokerProcess::stop);
    }

    /** Stops what runs and starts every node on the directory and ports it had; returns when all answer. */
    public void restart() {
        stop();
        // All before the first is waited for: none answers before a quorum is there.
        nodes.forEach(BrokerProcess::launch);
        nodes.forEach(BrokerProcess::awaitReady);
    }

    @Override
    public void close() {
        nodes.forEach(BrokerProcess::close);
        IntStream.rangeClosed(1, nodes.size()).mapToObj(id -> data(dir, id)).forEach(KafkaCluster::deleteTree);
        if (!keepLogs) {
            deleteTree(dir);
        }
    }

    private void running(Consumer<BrokerProcess> action) {
        nodes.stream().filter(BrokerProcess::isAlive).forEach(action);
    }

    private static KafkaCluster launch(int count, BrokerOptions options) {
        if (count != 1 && count != 3) {
            throw new IllegalArgumentException("a sandbox cluster has one or three nodes, not " + count);
        }
        List<Integer> ports = FreePorts.find(2 * count);
        List<Integer> controllers = ports.subList(count, 2 * count);
        String voters = IntStream.rangeClosed(1, count)
                .mapToObj(id -> id + "@127.0.0.1:" + controllers.get(id - 1))
                .collect(joining(","));
        Path dir =
                options.directory().orElseGet(KafkaCluster::temporaryDirectory).toAbsolutePath();
        var nodes = new ArrayList<BrokerProcess>();
        for (int id = 1; id <= count; id++) {
            var node = new Node(id, data(dir, id), ports.get(id - 1), controllers.get(id - 1), voters);
            nodes.add(new BrokerProcess(node, options));
        }
        return new KafkaCluster(dir, options.directory().isPresent(), nodes);
    }

    private static Path data(Path dir, int id) {
        return dir.resolve("node-" + id);
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("guestflow-kafka-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteTree(Path root) {
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
