package io.guestflow.processor.sandbox.bench.analytics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.guestflow.contracts.Topics;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.facts.RefKey;
import io.guestflow.processor.runtime.FailedRecords;
import io.guestflow.processor.runtime.MainConsumers;
import io.guestflow.processor.runtime.StreamsApplication;
import io.guestflow.processor.runtime.StreamsProperties;
import io.guestflow.processor.wire.CommitPacer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.state.WindowStore;
import org.jspecify.annotations.Nullable;

/**
 * What Kafka Streams alone costs a windowed count of {@code guest-facts}: records in, one number for each key and minute,
 * exactly once, kept in a store with a changelog. It is Kafka Streams' own {@code groupByKey}, {@code windowedBy} and
 * {@code count}, in a process of its own like the processor, with the processor's own configuration for facts and as many
 * stream threads. It leaves out, in its own favour: reading values, dimensions, known facts, audit, alerts, distributions,
 * publication. It can leave out keys too: then all records of a partition are one number in a window, which is the least
 * that a windowed count can do.
 *
 * <p>Each measurement is a new application in the same, warm JVM: {@code POST /start} with its name and what it counts by,
 * {@code POST /stop} forgets it, {@code GET /processed} tells how many records it has counted. Prints {@code count ready
 * http=HOST:PORT}; ends with the process that started it.
 */
final class CountMain {
    static final String READY = "count ready http=";
    static final String START = "/start/";
    static final String STOP = "/stop";
    static final String PROCESSED = "/processed";

    /** The processor's defaults. */
    private static final int THREADS = 1;

    private static final long ROCKSDB_BYTES = 64L << 20;
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);
    private static final Duration TRANSACTION_GAP = Duration.ofMillis(2);
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration RUNS_WITHIN = Duration.ofSeconds(60);

    /** The key that stands for all. */
    static final byte[] ALL = {0};

    private final String bootstrap;
    private final Path stateDir;
    private @Nullable StreamsApplication running;

    private CountMain(String bootstrap, Path stateDir) {
        this.bootstrap = bootstrap;
        this.stateDir = stateDir;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        CountMain count = new CountMain(args[0], Path.of(args[1]));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(START, exchange -> count.start(exchange));
        server.createContext(STOP, exchange -> count.stop(exchange));
        server.createContext(PROCESSED, exchange -> count.processed(exchange));
        server.start();
        System.out.println(READY + "127.0.0.1:" + server.getAddress().getPort());
        new CountDownLatch(1).await();
    }

    /** What it counts by. */
    enum By {
        KEY,
        NOTHING;

        private Serde<byte[]> keys() {
            return switch (this) {
                case KEY -> Serdes.ByteArray();
                // A key that is not read is the same for all: no repartitioning, and one row for each window.
                case NOTHING -> Serdes.serdeFrom(new ByteArraySerializer(), (topic, data) -> ALL);
            };
        }
    }

    static Topology topology(By by) {
        StreamsBuilder builder = new StreamsBuilder();
        Serde<byte[]> keys = by.keys();
        builder.stream(
                        Topics.GUEST_FACTS.name(),
                        Consumed.with(keys, Serdes.ByteArray())
                                .withName("facts")
                                .withOffsetResetPolicy(AutoOffsetReset.earliest()))
                .groupByKey(Grouped.with("keys", keys, Serdes.ByteArray()))
                .windowedBy(TimeWindows.ofSizeAndGrace(WINDOW, World.GRACE))
                .count(
                        Named.as("count"),
                        Materialized.<byte[], Long, WindowStore<Bytes, byte[]>>as("counts")
                                .withKeySerde(Serdes.ByteArray())
                                .withValueSerde(Serdes.Long())
                                .withCachingEnabled());
        return builder.build();
    }

    private void start(HttpExchange exchange) throws IOException {
        String[] asked =
                exchange.getRequestURI().getPath().substring(START.length()).split("/", 2);
        String name = asked[0];
        var commits = CommitPacer.askingForNone();
        var properties = new StreamsProperties(
                Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
                StreamsConfig.EXACTLY_ONCE_V2,
                stateDir,
                name,
                THREADS,
                SESSION_TIMEOUT,
                -1,
                ROCKSDB_BYTES,
                new FailedRecords(
                        new DeadLetters(new GuestRefs(new RefKey("bench", new byte[32]))),
                        InstantSource.system(),
                        new SimpleMeterRegistry()));
        StreamsApplication application = new StreamsApplication(
                topology(By.valueOf(asked[1])),
                properties.of(name, StreamsProperties.Pace.DERIVED),
                TRANSACTION_GAP,
                MainConsumers.plain(commits),
                Time.SYSTEM,
                CountMain::fatal);
        running = application;
        application.start();
        answer(exchange, 200);
    }

    private void stop(HttpExchange exchange) throws IOException {
        StreamsApplication application = running;
        running = null;
        if (application == null || !application.close(RUNS_WITHIN, true)) {
            answer(exchange, 500);
            return;
        }
        application.streams().cleanUp();
        answer(exchange, 200);
    }

    private void processed(HttpExchange exchange) throws IOException {
        StreamsApplication application = running;
        double processed = application == null
                ? 0
                : application.streams().metrics().values().stream()
                        .filter(metric -> metric.metricName().group().equals("stream-thread-metrics")
                                && metric.metricName().name().equals("process-total"))
                        .mapToDouble(metric -> ((Number) metric.metricValue()).doubleValue())
                        .sum();
        byte[] body = Long.toString(Math.round(processed)).getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static void answer(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private static void fatal(String line, @Nullable Throwable cause) {
        System.err.println(line);
        if (cause != null) {
            cause.printStackTrace();
        }
        Runtime.getRuntime().halt(1);
    }

    /** What it is started with. */
    static List<String> arguments(String bootstrap, Path stateDir) {
        return List.of(bootstrap, stateDir.toString());
    }
}
