package io.guestflow.processor.sandbox.cxone;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The simulator's calls, made with the JDK's own client. */
final class SimulatorCaller implements AutoCloseable {

    static final String CONVERSATIONS = "/api/v2/channels/messaging/conversations";
    static final String QUERY = "/api/v2/analytics/conversations/details/query";
    static final String FORM = "grant_type=client_credentials&client_id=id&client_secret=secret&scope=chat";

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI base;

    SimulatorCaller(URI base) {
        this.base = base;
    }

    HttpResponse<String> token(String form) throws IOException, InterruptedException {
        return send(request("/api/v2/oauth/token")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    String token() throws IOException, InterruptedException {
        return json(token(FORM)).path("access_token").stringValue();
    }

    HttpResponse<String> create(String token, String guest, String... headers)
            throws IOException, InterruptedException {
        return createWith(token, createBody("web-1", guest, "true"), headers);
    }

    HttpResponse<String> createWith(String token, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = json(CONVERSATIONS, token).POST(BodyPublishers.ofString(body));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    static String createBody(String channel, String guest, String accepted) {
        return """
                {"channel":{"id":"%s"},"guest":{"id":"%s","name":"Web Visitor","email":null},
                 "consent":{"accepted":%s,"timestamp":"2026-11-22T07:00:00.000Z","policy_version":"v2.1"},
                 "conversation":{"type":"web","initialQueueIds":[]}}""".formatted(channel, guest, accepted);
    }

    HttpResponse<String> inject(String token, String id, String context) throws IOException, InterruptedException {
        String body =
                "{\"context\":" + context + ",\"guestAttributes\":{\"privacy_compliant\":true,\"pii_filtered\":true}}";
        return send(json(CONVERSATIONS + "/" + id, token)
                .header("X-NICE-Context", "segment=vip")
                .method("PATCH", BodyPublishers.ofString(body)));
    }

    HttpResponse<String> close(String token, String id) throws IOException, InterruptedException {
        return send(request(CONVERSATIONS + "/" + id)
                .header("Authorization", "Bearer " + token)
                .DELETE());
    }

    HttpResponse<String> query(String token, String body) throws IOException, InterruptedException {
        return send(json(QUERY, token).POST(BodyPublishers.ofString(body)));
    }

    HttpResponse<String> control(String method, String path, String body) throws IOException, InterruptedException {
        return send(request(path).method(method, BodyPublishers.ofString(body)));
    }

    static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    private HttpRequest.Builder json(String path, String token) {
        return request(path).header("Content-Type", "application/json").header("Authorization", "Bearer " + token);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(5));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
