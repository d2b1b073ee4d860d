package io.guestflow.processor.edge;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code /health/live} and {@code /health/ready}: 200 when every check is up, else 503; the body names each check and its
 * state. Liveness is for what only a new process mends; readiness never asks CXone. What nobody waits for is told beside it
 * and makes no difference.
 */
public final class HealthRoutes {
    private HealthRoutes() {}

    /**
     * Both routes, each with its own checks.
     *
     * @param besides told with readiness, which does not depend on them
     */
    public static List<Route> of(
            Map<String, Supplier<Health>> live,
            Map<String, Supplier<Health>> ready,
            Map<String, Supplier<Health>> besides) {
        return List.of(
                Route.get("/health/live", answer(live, Map.of())), Route.get("/health/ready", answer(ready, besides)));
    }

    private static Handler answer(Map<String, Supplier<Health>> checks, Map<String, Supplier<Health>> besides) {
        var sorted = new TreeMap<>(checks);
        sorted.putAll(besides);
        return (request, response) -> {
            var body = JsonMapper.shared().createObjectNode();
            body.put("status", "up");
            var states = body.putObject("checks");
            boolean up = true;
            for (Map.Entry<String, Supplier<Health>> check : sorted.entrySet()) {
                var state = states.putObject(check.getKey());
                switch (check.getValue().get()) {
                    case Health.Up() -> state.put("status", "up");
                    case Health.Down(String reason) -> {
                        up &= besides.containsKey(check.getKey());
                        state.put("status", "down").put("reason", reason);
                    }
                }
            }
            if (!up) {
                body.put("status", "down");
                response.status(Status.SERVICE_UNAVAILABLE_503);
            }
            response.header(HeaderNames.CONTENT_TYPE, "application/json");
            response.header(HeaderNames.CACHE_CONTROL, "no-store");
            response.send(JsonMapper.shared().writeValueAsBytes(body));
        };
    }
}
