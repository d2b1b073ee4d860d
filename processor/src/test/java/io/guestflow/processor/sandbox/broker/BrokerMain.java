package io.guestflow.processor.sandbox.broker;

import java.net.BindException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * One node of a real Kafka in a JVM of its own. Prints {@code broker ready HOST:PORT} once it answers clients and
 * stops cleanly at SIGTERM.
 */
final class BrokerMain {
    /** Exit code when one of its ports is in use, so that the starter may choose others. */
    static final int PORT_IN_USE = 98;

    /** All sandbox nodes belong to one cluster id: a directory can be opened again without remembering its own. */
    private static final String CLUSTER_ID = "guestflowsandbox000000";

    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(60);
    private static final String USAGE = "usage: BrokerMain --dir DIR --port PORT --controller-port PORT"
            + " [--node ID --voters ID@HOST:PORT,...] [--set PROPERTY=VALUE]...";

    private BrokerMain() {}

    public static void main(String[] args) throws Exception {
        var options = new HashMap<String, String>();
        var overrides = new HashMap<String, String>();
        if (args.length % 2 != 0) {
            usage("an option has no value");
        }
        for (int i = 0; i < args.length; i += 2) {
            if (args[i].equals("--set")) {
                String[] pair = args[i + 1].split("=", 2);
                if (pair.length < 2) {
                    usage("--set " + args[i + 1] + " has no value");
                }
                overrides.put(pair[0], pair[1]);
            } else {
                options.put(args[i], args[i + 1]);
            }
        }
        for (String needed : List.of("--dir", "--port", "--controller-port")) {
            if (!options.containsKey(needed)) {
                usage(needed + " is missing");
            }
        }
        int controllerPort = Integer.parseInt(options.get("--controller-port"));
        var node = new Node(
                Integer.parseInt(options.getOrDefault("--node", "1")),
                Path.of(options.get("--dir")),
                Integer.parseInt(options.get("--port")),
                controllerPort,
                options.getOrDefault("--voters", "1@127.0.0.1:" + controllerPort));
        run(node, overrides);
    }

    private static void run(Node node, Map<String, String> overrides) throws Exception {
        format(node);
        var properties = new HashMap<>(node.properties());
        properties.putAll(overrides);
        var server = new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
        try {
            server.startup();
        } catch (RuntimeException e) {
            e.printStackTrace();
            // Halt: what did start may wait for what did not.
            Runtime.getRuntime().halt(isPortConflict(e) ? PORT_IN_USE : 1);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "broker-shutdown"));
        awaitAnswer(node);
        System.out.println("broker ready " + node.bootstrap());
        server.awaitShutdown();
    }

    private static void format(Node node) throws Exception {
        new Formatter()
                .setPrintStream(System.err)
                .setNodeId(node.id())
                .setClusterId(CLUSTER_ID)
                .addDirectory(node.dir().toString())
                .setMetadataLogDirectory(node.dir().toString())
                .setControllerListenerName("CONTROLLER")
                .setIgnoreFormatted(true)
                .run();
    }

    /** Started is not usable: clients learn of a broker only after the controller has unfenced it. */
    private static void awaitAnswer(Node node) throws InterruptedException, ExecutionException, TimeoutException {
        long deadline = System.nanoTime() + ANSWERS_WITHIN.toNanos();
        Map<String, Object> config = Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, node.bootstrap());
        try (Admin admin = Admin.create(config)) {
            while (true) {
                var nodes = admin.describeCluster().nodes().get(ANSWERS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
                if (nodes.stream().anyMatch(known -> known.id() == node.id())) {
                    return;
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new TimeoutException("node " + node.id() + " is still fenced after " + ANSWERS_WITHIN);
                }
            }
        }
    }

    private static boolean isPortConflict(Throwable failure) {
        return Stream.iterate(failure, t -> t != null, Throwable::getCause).anyMatch(BindException.class::isInstance);
    }

    private static void usage(String problem) {
        System.err.println(problem + "\n" + USAGE);
        System.exit(2);
    }

    /** The arguments that start {@code node} with {@code overrides}. */
    static List<String> arguments(Node node, Map<String, String> overrides) {
        var args = new ArrayList<>(List.of(
                "--dir", node.dir().toString(),
                "--port", Integer.toString(node.port()),
                "--controller-port", Integer.toString(node.controllerPort()),
                "--node", Integer.toString(node.id()),
                "--voters", node.voters()));
        overrides.forEach((property, value) -> args.addAll(List.of("--set", property + "=" + value)));
        return args;
    }
}
