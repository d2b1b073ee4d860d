package io.guestflow.processor;

import io.guestflow.processor.config.Settings;
import io.guestflow.processor.config.SettingsException;
import io.guestflow.processor.edge.EdgeException;
import io.guestflow.processor.runtime.BoundedRocksDb;
import io.guestflow.processor.runtime.BrokerCheck;
import io.guestflow.processor.runtime.BrokerException;
import io.guestflow.processor.runtime.InstanceException;
import io.guestflow.processor.runtime.Logging;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.Errors;

/**
 * Makes and starts what the processor does, without Kafka and CXone, and ends it: for a JVM that writes an AOT cache (JEP
 * 514) of the classes that it has loaded meanwhile. Its settings are its own, and it talks to a socket of its own that
 * answers nothing: what only tasks need is not among it.
 */
final class Rehearsal {
    private static final Map<String, String> SETTINGS = Map.of(
            "CXONE_CLIENT_ID", "rehearsal",
            "CXONE_CLIENT_SECRET", "rehearsal",
            "GUESTFLOW_REF_KEY", "rehearsal:bm90LWEtc2VjcmV0LW5vdGhpbmctaXMtZXZlci1zZW50",
            "GUESTFLOW_HTTP_HOST", "127.0.0.1",
            "GUESTFLOW_HTTP_PORT", "0",
            // Nobody answers, and Kafka's clients say so.
            "GUESTFLOW_LOG_LEVEL", "error");

    private static final Duration RUNS = Duration.ofSeconds(2);

    private Rehearsal() {}

    /** Returns when what a start needs is loaded; what was started still runs, and is nothing that must be ended. */
    static void run() throws SettingsException, InterruptedException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Path directory = Files.createTempDirectory("guestflow-rehearsal");
            try {
                Settings settings = settings(silent.getLocalPort(), directory);
                Logging.configure(settings.log());
                BoundedRocksDb.loadLibrary();
                // What an answer of the broker would be read with.
                Errors.forCode((short) 0);
                int port = new Guestflow(settings).rehearse();
                awaitBroker(settings);
                askEdge(port);
            } finally {
                delete(directory);
            }
        } catch (IOException | InstanceException | EdgeException e) {
            throw new IllegalStateException("the rehearsal needs a free port and a directory for temporary files", e);
        }
    }

    private static Settings settings(int port, Path directory) throws SettingsException {
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.put("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + port);
        settings.put("CXONE_BASE_URL", "http://127.0.0.1:" + port);
        settings.put("GUESTFLOW_STATE_DIR", directory.toString());
        return Settings.load(new String[0], settings, Files::readString);
    }

    /** In vain, and as long as threads take to come to where they wait for an answer. */
    private static void awaitBroker(Settings settings) throws InterruptedException {
        try {
            new BrokerCheck(settings.kafka().forAdmin(), RUNS).connect().close(Duration.ZERO);
        } catch (BrokerException expected) {
            // There is none.
        }
    }

    /** What a probe and a scrape ask. */
    private static void askEdge(int port) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (String path : List.of("/health/ready", "/health/live", "/metrics")) {
                client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
