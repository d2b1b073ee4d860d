package io.guestflow.processor.sandbox.demo;

import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.auth.GuestAuthResult.NotAuthenticated;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * Counts for the status line: rates and latencies since the last one, errors since the start.
 *
 * <p>Threading: any thread.
 */
final class Figures {
    private static final int DIGITS = 2;

    // Guarded by this.
    private final Histogram latencyMs = new Histogram(DIGITS);
    private final Map<String, Integer> errors = new TreeMap<>();
    private int sent;
    private int answered;
    private long sinceNanos;

    Figures(long nowNanos) {
        this.sinceNanos = nowNanos;
    }

    synchronized void sent() {
        sent++;
    }

    synchronized void answered(GuestAuthResult result, Duration after) {
        answered++;
        latencyMs.recordValue(Math.max(0, after.toMillis()));
        if (result instanceof NotAuthenticated refused) {
            errors.merge(refused.error().code().name(), 1, Integer::sum);
        }
    }

    /** Rates and latencies since this was asked last. */
    synchronized String rates(long nowNanos) {
        double seconds = Math.max(1, nowNanos - sinceNanos) / 1e9;
        String text = String.format(
                Locale.ROOT,
                "%.1f/s asked, %.1f/s answered, p50 %s, p99 %s",
                sent / seconds,
                answered / seconds,
                percentile(50),
                percentile(99));
        sent = 0;
        answered = 0;
        latencyMs.reset();
        sinceNanos = nowNanos;
        return text;
    }

    /** How often each error was answered since the start. */
    synchronized String errors() {
        return errors.isEmpty()
                ? "no errors"
                : errors.entrySet().stream()
                        .map(error -> error.getKey() + " " + error.getValue())
                        .collect(Collectors.joining(", "));
    }

    private String percentile(double percent) {
        return latencyMs.getTotalCount() == 0 ? "-" : latencyMs.getValueAtPercentile(percent) + " ms";
    }
}
