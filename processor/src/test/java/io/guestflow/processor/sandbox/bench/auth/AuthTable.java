package io.guestflow.processor.sandbox.bench.auth;

import io.guestflow.processor.sandbox.bench.Bound;
import io.guestflow.processor.sandbox.bench.Machine;
import io.guestflow.processor.sandbox.bench.Spread;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The figures as people read them. */
final class AuthTable {
    private final StringBuilder text = new StringBuilder();

    private AuthTable() {}

    static String of(AuthFigures figures) {
        var table = new AuthTable();
        table.head(figures);
        table.latency(figures);
        table.throughput(figures);
        table.line("");
        table.line("Bounds (ratios bind; absolutes are this machine's)");
        figures.bounds().stream().map(Bound::line).forEach(table::line);
        table.list("NOTES", figures.remarks());
        table.list("BROKEN", figures.broken());
        return table.text.toString();
    }

    private void head(AuthFigures figures) {
        Machine machine = figures.machine();
        AuthFigures.Conditions conditions = figures.conditions();
        line("");
        line(
                "guestflow bench auth: commit %s, %d cores, %d MiB, %s, Java %s, Kafka %s, load average %.1f, took %.0f s",
                machine.commit(),
                machine.cores(),
                machine.memoryMiB(),
                machine.os(),
                machine.java(),
                machine.kafka(),
                machine.load(),
                figures.tookSeconds());
        line(
                "%d partitions, no rate limit, %d guests in flight, simulator %d ms a call, two calls a guest; %s",
                conditions.partitions(), conditions.inFlight(), conditions.simulatorDelayMs(), conditions.arrivals());
        line("added = %s", conditions.added());
    }

    private void latency(AuthFigures figures) {
        String guarantee = "";
        for (AtRate at : figures.latency()) {
            if (!at.guarantee().equals(guarantee)) {
                guarantee = at.guarantee();
                line("");
                line(
                        "%-18s %6s  %-21s %-21s %-21s %s",
                        guarantee, "rate/s", "p50 ms (min-max)", "p90 ms (min-max)", "p99 ms (min-max)", "cpu s/1000");
            }
            AtRate.Costs costs = at.costs();
            side("added", at.rate(), at.system(), costs.systemCpu());
            side("floor", at.rate(), at.floor(), costs.floorCpu());
            AtRate.Ratios ratios = at.systemToFloor();
            line(
                    "  %-16s %6s  %-21s %-21s %-21s writes/request %.1f, floor %.1f; simulator %.1f ms; others %.1f cores",
                    "added / floor",
                    "",
                    "%.2f x".formatted(ratios.p50()),
                    "%.2f x".formatted(ratios.p90()),
                    "%.2f x".formatted(ratios.p99()),
                    costs.systemWrites(),
                    costs.floorWrites(),
                    costs.simulatorMs(),
                    costs.othersCores());
        }
    }

    private void side(String name, int rate, AtRate.Latencies latencies, Map<String, Double> cpu) {
        line(
                "  %-16s %6d  %-21s %-21s %-21s %s",
                name, rate, spread(latencies.p50()), spread(latencies.p90()), spread(latencies.p99()), cpu(cpu));
    }

    private void throughput(AuthFigures figures) {
        HeldRate held = figures.held();
        line("");
        if (held != null) {
            held.highest()
                    .ifPresentOrElse(
                            best -> line(
                                    "held        %d/s for %d s, every result inside %d s: p50 %.0f  p99 %.0f  longest %.0f ms"
                                            + " (simulator included); processor %.0f MiB; cpu s/1000 %s",
                                    best.rate(),
                                    best.seconds(),
                                    HeldSearch.LIMIT.toSeconds(),
                                    best.total().p50(),
                                    best.total().p99(),
                                    best.total().max(),
                                    best.mostRssMiB(),
                                    cpu(best.cpu().secondsPer1000())),
                            () -> line("held        no rate that was tried was held"));
            held.tries().stream()
                    .filter(attempt -> !attempt.held())
                    .forEach(attempt -> line(
                            "not held    %d/s (longest %.0f ms)",
                            attempt.rate(), attempt.total().max()));
        }
        if (figures.ceiling() != null) {
            line(
                    "ceiling     %.0f/s HTTP only, %d in flight, %d failed",
                    figures.ceiling().guestsPerSecond(),
                    figures.ceiling().inFlight(),
                    figures.ceiling().failed());
        }
        if (figures.readySeconds() != null) {
            Spread ready = figures.readySeconds();
            line("ready       %.2f s (%.2f-%.2f)", ready.median(), ready.least(), ready.most());
        }
        line("token calls %s (of each processor)", figures.tokenCalls());
    }

    private void list(String title, List<String> lines) {
        if (!lines.isEmpty()) {
            line("");
            line(title);
            lines.forEach(each -> line("  " + each));
        }
    }

    private static String spread(Spread spread) {
        return "%.2f (%.2f-%.2f)".formatted(spread.median(), spread.least(), spread.most());
    }

    private static String cpu(Map<String, Double> secondsPer1000) {
        return secondsPer1000.entrySet().stream()
                .map(process -> process.getKey() + " " + process.getValue())
                .collect(Collectors.joining(", "));
    }

    private void line(String format, Object... values) {
        text.append(values.length == 0 ? format : format.formatted(values)).append('\n');
    }
}
