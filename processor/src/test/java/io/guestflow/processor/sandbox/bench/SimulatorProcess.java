package io.guestflow.processor.sandbox.bench;

import io.guestflow.processor.sandbox.ChildJvm;
import io.guestflow.processor.sandbox.JvmCommand;
import io.guestflow.processor.sandbox.cxone.Guest;
import io.guestflow.processor.sandbox.cxone.SimulatorMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The CXone simulator in a JVM of its own, asked over its control calls.
 *
 * <p>Threading: one thread.
 */
public final class SimulatorProcess implements AutoCloseable {
    private static final String READY = "simulator ready http=";
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final JsonMapper JSON = new JsonMapper();

    private final ChildJvm jvm;
    private final URI baseUrl;
    private final HttpClient http = HttpClient.newHttpClient();

    private SimulatorProcess(ChildJvm jvm, URI baseUrl) {
        this.jvm = jvm;
        this.baseUrl = baseUrl;
    }

    /** Returns when it listens; every call takes {@code latency}. */
    public static SimulatorProcess start(Duration latency, Path logs) {
        return start(latency, logs, "{}");
    }

    /**
     * The same with other settings.
     *
     * @param settings JSON, as {@code POST /sim/settings} takes them
     */
    public static SimulatorProcess start(Duration latency, Path logs, String settings) {
        ChildJvm jvm = ChildJvm.start(new JvmCommand(
                "simulator",
                SimulatorMain.class.getName(),
                List.of("--latency-ms", Long.toString(latency.toMillis()), "--settings", settings),
                List.of("-Xms256m", "-Xmx1g"),
                JvmCommand.ownClassPath(),
                new HashMap<>(System.getenv()),
                logs));
        try {
            String line = jvm.awaitLine(READY, said -> said.startsWith(READY), WITHIN);
            return new SimulatorProcess(jvm, URI.create("http://" + line.substring(READY.length())));
        } catch (RuntimeException e) {
            jvm.close();
            throw e;
        }
    }

    public URI baseUrl() {
        return baseUrl;
    }

    public long pid() {
        return jvm.pid();
    }

    public long rssBytes() {
        return jvm.rssBytes();
    }

    /** What each guest cost since the last {@link #reset}. */
    public Map<String, Guest> guests() {
        Map<String, Guest> guests = new HashMap<>();
        for (Map.Entry<String, JsonNode> guest : get("guests").properties()) {
            JsonNode cost = guest.getValue();
            guests.put(
                    guest.getKey(),
                    new Guest(
                            cost.get("conversations").intValue(),
                            cost.get("calls").intValue(),
                            cost.get("serviceNanos").longValue()));
        }
        return guests;
    }

    /** Token calls since the last {@link #reset}. */
    public int tokenCalls() {
        return get("stats").get("token").get("calls").intValue();
    }

    /**
     * Makes it take over conversations that were opened elsewhere.
     *
     * @param conversations JSON, as {@code POST /sim/conversations} takes them; a few thousand at most
     */
    public void adopt(String conversations) {
        send(request("conversations")
                .POST(HttpRequest.BodyPublishers.ofString(conversations))
                .build());
    }

    /** Extensions made since the last {@link #reset}. */
    public long extended() {
        return get("stats").get("extended").longValue();
    }

    /** Sets all counters to nothing. */
    public void reset() {
        send(request("reset").POST(HttpRequest.BodyPublishers.noBody()).build());
    }

    @Override
    public void close() {
        http.close();
        jvm.close();
    }

    private JsonNode get(String name) {
        return JSON.readTree(send(request(name).build()));
    }

    private HttpRequest.Builder request(String name) {
        return HttpRequest.newBuilder(baseUrl.resolve("/sim/" + name)).timeout(WITHIN);
    }

    private byte[] send(HttpRequest request) {
        try {
            HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(request.uri() + " answered " + answer.statusCode());
            }
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException("the simulator does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking the simulator", e);
        }
    }
}
