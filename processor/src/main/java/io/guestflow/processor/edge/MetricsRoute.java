package io.guestflow.processor.edge;

import io.helidon.http.HeaderNames;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayOutputStream;

/** {@code /metrics}: every meter, as OpenMetrics if the {@code Accept} header asks for it, else as Prometheus' own text. */
public final class MetricsRoute {
    private static final String OPEN_METRICS = "application/openmetrics-text";
    private static final String OPEN_METRICS_1 = OPEN_METRICS + "; version=1.0.0; charset=utf-8";
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private MetricsRoute() {}

    public static Route of(PrometheusMeterRegistry registry) {
        return Route.get("/metrics", (request, response) -> {
            String accepted = request.headers().first(HeaderNames.ACCEPT).orElse("");
            String type = accepted.contains(OPEN_METRICS) ? OPEN_METRICS_1 : PROMETHEUS_TEXT;
            // Whole before it is sent, so that a meter that fails is a 500 and not half an answer.
            var body = new ByteArrayOutputStream(64 * 1024);
            registry.scrape(body, type);
            response.header(HeaderNames.CONTENT_TYPE, type);
            response.send(body.toByteArray());
        });
    }
}
