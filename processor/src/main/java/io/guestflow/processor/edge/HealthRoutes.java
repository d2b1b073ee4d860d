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
 * state. Liveness is for what only a new process mends; readiness never asks CXone.
 */
public final class HealthRoutes {
    private HealthRoutes() {}

    /** Both routes, each with its own checks. */
    public static List<Route> of(Map<String, Supplier<Health>> live, Map<String, Supplier<Health>> ready) {
        return List.of(Route.get("/health/live", answer(live)), Route.get("/health/ready", answer(ready)));
    }

    private static Handler answer(Map<String, Supplier<Health>> checks) {
        var sorted = new TreeMap<>(checks);
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
                        up = false;
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
