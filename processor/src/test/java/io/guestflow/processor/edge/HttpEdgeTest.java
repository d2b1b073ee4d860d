package io.guestflow.processor.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.config.Settings;
import io.helidon.http.Method;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HttpEdgeTest {
    private static final Settings.Http ANY_PORT = new Settings.Http("127.0.0.1", 0);

    private final AtomicReference<Health> streams = new AtomicReference<>(Health.down("restoring"));
    private final CountDownLatch hanging = new CountDownLatch(1);
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpEdge edge;

    @BeforeEach
    void start() throws EdgeException {
        var routes = new ArrayList<Route>();
        routes.add(MetricsRoute.of(registry));
        routes.addAll(HealthRoutes.of(
                Map.of("process", Health::up),
                Map.of("streams", streams::get, "effects", Health::up),
                Map.of("facts", () -> Health.down("behind"))));
        routes.add(new Route(
                Method.POST,
                "/echo/{name}",
                (request, response) -> response.send(request.content().as(byte[].class))));
        routes.add(Route.get("/broken", (request, response) -> {
            throw new IllegalStateException("hunter2");
        }));
        routes.add(Route.get(
                "/thread",
                (request, response) -> response.send(Thread.currentThread().isVirtual() ? "virtual" : "platform")));
        routes.add(Route.get("/hangs", (request, response) -> {
            hanging.countDown();
            new CountDownLatch(1).await();
        }));
        edge = HttpEdge.start(ANY_PORT, routes);
    }

    @AfterEach
    void stop() {
        client.close();
        edge.close();
    }

    @Test
    void metricsAreTextUnlessOpenMetricsIsAskedFor() throws Exception {
        registry.counter("guestflow.test").increment(3);

        HttpResponse<String> text = get("/metrics", "text/html;q=0.1");
        HttpResponse<String> open =
                get("/metrics", "application/openmetrics-text;version=1.0.0;q=0.8,text/plain;q=0.5");

        assertEquals(200, text.statusCode());
        assertEquals("text/plain; version=0.0.4; charset=utf-8", contentType(text));
        assertTrue(text.body().contains("guestflow_test_total 3.0\n"), text.body());
        assertEquals("application/openmetrics-text; version=1.0.0; charset=utf-8", contentType(open));
        assertTrue(open.body().endsWith("# EOF\n"), open.body());
    }

    @Test
    void readinessFollowsItsChecksAndNamesThem() throws Exception {
        HttpResponse<String> down = get("/health/ready", "*/*");
        streams.set(Health.up());
        HttpResponse<String> up = get("/health/ready", "*/*");

        assertEquals(503, down.statusCode());
        assertEquals(json("""
                        {"status":"down","checks":{"effects":{"status":"up"},"facts":{"status":"down","reason":"behind"},"streams":{"status":"down","reason":"restoring"}}}
                        """), json(down.body()));
        assertEquals("application/json", contentType(down));
        assertEquals(200, up.statusCode());
        assertEquals(
                json(
                        "{\"status\":\"up\",\"checks\":{\"effects\":{\"status\":\"up\"},\"facts\":{\"status\":\"down\",\"reason\":\"behind\"},\"streams\":{\"status\":\"up\"}}}"),
                json(up.body()));
    }

    @Test
    void livenessHasChecksOfItsOwn() throws Exception {
        HttpResponse<String> live = get("/health/live", "*/*");

        assertEquals(200, live.statusCode());
        assertEquals(json("{\"status\":\"up\",\"checks\":{\"process\":{\"status\":\"up\"}}}"), json(live.body()));
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/nowhere,404,Not Found,",
        "GET,/health,404,Not Found,",
        "POST,/metrics,405,Method Not Allowed,GET",
        "DELETE,/health/ready,405,Method Not Allowed,GET",
        "GET,/echo/x,405,Method Not Allowed,POST",
        "GET,/broken,500,Internal Server Error,",
    })
    void whatNoRouteAnswersIsAProblemThatSaysNothingOfTheRequest(
            String method, String path, int status, String title, String allow) throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(uri(path))
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());

        assertEquals(status, answer.statusCode());
        assertEquals("application/problem+json", contentType(answer));
        assertEquals(
                json("{\"type\":\"about:blank\",\"title\":\"" + title + "\",\"status\":" + status + "}"),
                json(answer.body()));
        assertEquals(allow, answer.headers().firstValue("Allow").orElse(null));
        assertEquals(List.of(), answer.headers().allValues("Server"), "the version is nobody's business");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/nowhere"})
    void headIsNeverAnsweredWithABody(String path) throws IOException {
        String answer = raw("HEAD " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");

        assertTrue(answer.startsWith("HTTP/1.1 40"), answer);
        assertTrue(answer.endsWith("\r\n\r\n"), answer);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBodyThatIsTooLargeIsRefusedWithAnAnswer(boolean chunked) throws Exception {
        int most = 256 * 1024;

        assertEquals(most, post("/echo/x", most, chunked).body().length());
        HttpResponse<String> tooMuch = post("/echo/x", most + 1, chunked);

        assertEquals(413, tooMuch.statusCode());
        assertEquals("application/problem+json", contentType(tooMuch));
        assertEquals(200, get("/health/live", "*/*").statusCode());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET /metrics HTTP/1.1\\r\\nHost: x\\r\\nX: %20000\\r\\n\\r\\n  | 400
            GET /%5000 HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n                  | 414
            GET /metrics HTTP/1.1\\r\\nHost: x\\r\\nBad Header: hunter2\\r\\n\\r\\n | 400
            POST /echo/x HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: hunter2\\r\\n\\r\\n | 400
            """)
    void nonsenseIsRefusedAndNotRepeated(String text, int status) throws IOException {
        String answer = raw(unescaped(text));

        assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
        assertTrue(answer.contains("{\"type\":\"about:blank\""), answer);
        assertFalse(answer.contains("hunter2") || answer.contains("aaaa"), answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /metrics HTTP/7.1\\r\\nHost: x\\r\\n\\r\\n", "hunter2\\r\\n\\r\\n"})
    void whatIsNotHttp1IsNotAnswered(String text) throws IOException {
        assertEquals("", raw(unescaped(text)));
    }

    @Test
    void routesRunOnVirtualThreads() throws Exception {
        assertEquals("virtual", get("/thread", "*/*").body());
    }

    @Test
    void anAddressThatIsTakenIsNamedWithTheSettingsToChange() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var http = new Settings.Http("127.0.0.1", taken.getLocalPort());

            EdgeException e = assertThrows(EdgeException.class, () -> HttpEdge.start(http, List.of()));

            assertTrue(
                    String.valueOf(e.getMessage())
                            .startsWith("cannot listen on 127.0.0.1:" + taken.getLocalPort()
                                    + " (Address already in use): set GUESTFLOW_HTTP_HOST"),
                    e.getMessage());
        }
    }

    @Test
    void itEndsInTimeWhateverRuns() throws Exception {
        try (var idle = new Socket("127.0.0.1", edge.port())) {
            idle.getOutputStream()
                    .write("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertTrue(idle.getInputStream().read() >= 0);
            client.sendAsync(HttpRequest.newBuilder(uri("/hangs")).build(), BodyHandlers.discarding());
            hanging.await();
            int port = edge.port();
            long before = System.nanoTime();

            edge.close();

            Duration took = Duration.ofNanos(System.nanoTime() - before);
            assertTrue(took.compareTo(Duration.ofSeconds(6)) < 0, took.toString());
            assertThrows(IOException.class, () -> new Socket("127.0.0.1", port).close());
        }
    }

    @Test
    void nothingIsPrintedOnStdout() throws Exception {
        PrintStream out = System.out;
        var printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try (HttpEdge other = HttpEdge.start(ANY_PORT, List.of())) {
            client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + other.port() + "/"))
                            .build(),
                    BodyHandlers.discarding());
        } finally {
            System.setOut(out);
        }
        assertEquals("", printed.toString(StandardCharsets.UTF_8));
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + edge.port() + path);
    }

    private HttpResponse<String> get(String path, String accept) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(uri(path)).header("Accept", accept).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, int length, boolean chunked)
            throws IOException, InterruptedException {
        byte[] body = new byte[length];
        return client.send(
                HttpRequest.newBuilder(uri(path))
                        .POST(
                                chunked
                                        ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))
                                        : BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofString());
    }

    /** Sends the bytes as they are and no more, and reads until the other side closes. */
    private String raw(String request) throws IOException {
        try (var socket = new Socket("127.0.0.1", edge.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String unescaped(String text) {
        return text.replace("\\r\\n", "\r\n")
                .replace("%20000", "a".repeat(20_000))
                .replace("%5000", "a".repeat(5_000));
    }

    private static String contentType(HttpResponse<?> response) {
        return response.headers().firstValue("Content-Type").orElse("");
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }
}
