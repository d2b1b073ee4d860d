package io.guestflow.processor.analytics;

import io.guestflow.contracts.analytics.MetricsWindow;
import io.guestflow.contracts.facts.Fact;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The same figures the plain way: all facts of a window in a list, nothing merged, nothing forgotten. Told as texts of what
 * must be exact, and percentiles beside them.
 */
final class Recomputation {
    private final Map<String, Plain> windows = new TreeMap<>();

    /** Receives a percentile as it is and as it was published. */
    interface Percentiles {
        void compare(String what, long exact, long told);
    }

    private static final class Plain {
        private final Map<String, Long> counts = new TreeMap<>();
        private final List<Long> latencies = new ArrayList<>();
        private final List<Long> durations = new ArrayList<>();

        void count(String what) {
            counts.merge(what, 1L, Long::sum);
        }
    }

    Recomputation(AnalyticsRules rules, List<Fact> facts) {
        for (Fact fact : facts) {
            for (Duration size : rules.windows()) {
                long startMs = fact.at().toEpochMilli() / size.toMillis() * size.toMillis();
                String name = size.toMinutes() < 60 ? size.toMinutes() + "m" : size.toHours() + "h";
                String key = name + " " + Instant.ofEpochMilli(startMs) + " "
                        + value(true, fact.dimensions().channelId()) + " "
                        + value(rules.bySegment(), fact.dimensions().segment()) + " "
                        + value(rules.byCampaign(), fact.dimensions().campaign());
                add(windows.computeIfAbsent(key, it -> new Plain()), fact);
            }
        }
    }

    private static String value(boolean on, String value) {
        return !on ? "*" : value == null ? "unknown" : value;
    }

    private static void add(Plain plain, Fact fact) {
        switch (fact) {
            case Fact.AuthSucceeded auth -> {
                plain.count("succeeded");
                plain.latencies.add(auth.latencyMs());
            }
            case Fact.AuthRejected auth -> {
                plain.count("rejected");
                plain.count("status " + auth.httpStatus());
            }
            case Fact.AuthFailed auth -> {
                plain.count("failed");
                plain.count("status " + auth.httpStatus());
            }
            case Fact.SessionOpened ignored -> plain.count("opened");
            case Fact.SessionRefreshed ignored -> plain.count("refreshed");
            case Fact.SessionEnded ended -> {
                boolean expired = List.of("IDLE", "REFRESH_FAILED", "MAX_LIFETIME")
                        .contains(ended.endReason().name());
                plain.count(expired ? "expired" : "closed");
                plain.durations.add(ended.durationMs() / 1_000);
            }
            case Fact.MessageSeen message -> plain.count(message.direction().name());
            default -> throw new IllegalArgumentException(fact.toString());
        }
    }

    /** What must be as it is, by window. */
    Map<String, String> exactParts() {
        Map<String, String> texts = new TreeMap<>();
        windows.forEach((key, plain) -> {
            Map<String, Long> all = new TreeMap<>(plain.counts);
            all.put("latencies", (long) plain.latencies.size());
            all.put("durations", (long) plain.durations.size());
            if (!plain.latencies.isEmpty()) {
                all.put("latency min", Collections.min(plain.latencies));
                all.put("latency max", Collections.max(plain.latencies));
                double mean =
                        plain.latencies.stream().mapToLong(Long::longValue).sum() / (double) plain.latencies.size();
                all.put("latency mean x 10", Math.round(mean * 10));
            }
            if (!plain.durations.isEmpty()) {
                all.put("duration max", Collections.max(plain.durations));
            }
            texts.put(key, all.toString());
        });
        return texts;
    }

    /** The same of what was published. */
    static Map<String, String> exactParts(Map<String, MetricsWindow> published) {
        Map<String, String> texts = new TreeMap<>();
        published.values().forEach(window -> {
            Map<String, Long> all = new TreeMap<>();
            put(all, "succeeded", window.auth().succeeded());
            put(all, "rejected", window.auth().rejected());
            put(all, "failed", window.auth().failed());
            window.auth().byStatus().forEach((status, count) -> put(all, "status " + status, count));
            put(all, "opened", window.sessions().opened());
            put(all, "refreshed", window.sessions().refreshed());
            put(all, "expired", window.sessions().expired());
            put(all, "closed", window.sessions().closed());
            put(all, "INBOUND", window.messages().inbound());
            put(all, "OUTBOUND", window.messages().outbound());
            all.put("latencies", window.authLatencyMs().count());
            all.put("durations", window.conversationDurationS().count());
            if (window.authLatencyMs().count() > 0) {
                all.put("latency min", window.authLatencyMs().min());
                all.put("latency max", window.authLatencyMs().max());
                all.put("latency mean x 10", Math.round(window.authLatencyMs().mean() * 10));
            }
            if (window.conversationDurationS().count() > 0) {
                all.put("duration max", window.conversationDurationS().max());
            }
            texts.put(key(window), all.toString());
        });
        return texts;
    }

    private static void put(Map<String, Long> all, String what, long count) {
        if (count > 0) {
            all.put(what, count);
        }
    }

    void eachPercentile(Map<String, MetricsWindow> published, Percentiles percentiles) {
        published.values().forEach(window -> {
            Plain plain = windows.get(key(window));
            if (window.authLatencyMs().count() > 0) {
                percentiles.compare(
                        "p50 of " + window,
                        exact(plain.latencies, 50),
                        window.authLatencyMs().p50());
                percentiles.compare(
                        "p90 of " + window,
                        exact(plain.latencies, 90),
                        window.authLatencyMs().p90());
                percentiles.compare(
                        "p99 of " + window,
                        exact(plain.latencies, 99),
                        window.authLatencyMs().p99());
            }
            if (window.conversationDurationS().count() > 0) {
                percentiles.compare(
                        "p50 of " + window,
                        exact(plain.durations, 50),
                        window.conversationDurationS().p50());
                percentiles.compare(
                        "p90 of " + window,
                        exact(plain.durations, 90),
                        window.conversationDurationS().p90());
            }
        });
    }

    private static long exact(List<Long> values, int percent) {
        List<Long> sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.ceil(percent / 100.0 * sorted.size()) - 1);
    }

    private static String key(MetricsWindow window) {
        return window.windowSize() + " " + window.windowStart() + " " + window.channelId() + " " + window.segment()
                + " " + window.campaign();
    }
}
