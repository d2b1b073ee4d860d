package io.guestflow.processor.sandbox.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Asks the processor for its metrics and says in a few words how it is. */
final class Scraper implements AutoCloseable {
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(1);
    private static final List<String> BREAKER_STATES = List.of("closed", "trying again", "open");

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(ANSWERS_WITHIN).build();
    private final URI metrics;

    Scraper(URI processor) {
        this.metrics = processor.resolve("/metrics");
    }

    /** {@code pending 3, breaker closed}; says so when the metrics could not be had. */
    String state() throws InterruptedException {
        try {
            var answer = http.send(
                    HttpRequest.newBuilder(metrics).timeout(ANSWERS_WITHIN).build(), BodyHandlers.ofString());
            return answer.statusCode() == 200
                    ? state(MetricsPage.parse(answer.body()))
                    : "no metrics: HTTP " + answer.statusCode();
        } catch (IOException e) {
            return "no metrics: " + e;
        }
    }

    /** A meter that is not there is not mentioned. */
    static String state(MetricsPage page) {
        var parts = new ArrayList<String>();
        page.sum("guestflow_auth_pending").ifPresent(n -> parts.add("pending " + whole(n)));
        page.sum("guestflow_cxone_throttle_waiting").ifPresent(n -> parts.add("queued for CXone " + whole(n)));
        page.sum("guestflow_cxone_breaker_state", Map.of("endpoint", "create"))
                .ifPresent(n -> parts.add("breaker " + breaker(n)));
        page.sum("guestflow_cxone_breaker_state", Map.of("endpoint", "context"))
                .ifPresent(n -> parts.add("context breaker " + breaker(n)));
        page.sum("guestflow_cxone_pause_seconds")
                .ifPresent(
                        s -> parts.add("CXone's pause " + (s > 0 ? String.format(Locale.ROOT, "%.1f s", s) : "none")));
        page.sum("guestflow_cxone_calls_seconds_count", Map.of("endpoint", "token", "outcome", "success"))
                .ifPresent(n -> parts.add("tokens fetched " + whole(n)));
        return String.join(", ", parts);
    }

    @Override
    public void close() {
        http.close();
    }

    private static String breaker(double state) {
        return state >= 0 && state < BREAKER_STATES.size() ? BREAKER_STATES.get((int) state) : whole(state);
    }

    private static String whole(double number) {
        return String.format(Locale.ROOT, "%.0f", number);
    }
}
