package io.guestflow.processor.sandbox.bench.auth;

import io.guestflow.processor.sandbox.bench.Bound;
import io.guestflow.processor.sandbox.bench.Machine;
import io.guestflow.processor.sandbox.bench.Spread;

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
        if (!figures.broken().isEmpty()) {
            table.line("");
            table.line("BROKEN");
            figures.broken().forEach(line -> table.line("  " + line));
        }
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
                        "%-18s %6s  %-21s %-21s %-21s %9s %9s",
                        guarantee,
                        "rate/s",
                        "p50 ms (min-max)",
                        "p90 ms (min-max)",
                        "p99 ms (min-max)",
                        "cpu s/1000",
                        "broker");
            }
            AtRate.Latencies system = at.system();
            line(
                    "  %-16s %6d  %-21s %-21s %-21s %9.2f %9.2f",
                    "added",
                    at.rate(),
                    spread(system.p50()),
                    spread(system.p90()),
                    spread(system.p99()),
                    at.costs().processorCpuPer1000(),
                    at.costs().brokerCpuPer1000());
            AtRate.Latencies floor = at.floor();
            line(
                    "  %-16s %6d  %-21s %-21s %-21s",
                    "floor", at.rate(), spread(floor.p50()), spread(floor.p90()), spread(floor.p99()));
            AtRate.Ratios ratios = at.systemToFloor();
            line(
                    "  %-16s %6s  %-21s %-21s %-21s writes/request %.1f, floor %.1f; simulator %.1f ms; others %.1f cores",
                    "added / floor",
                    "",
                    "%.2f x".formatted(ratios.p50()),
                    "%.2f x".formatted(ratios.p90()),
                    "%.2f x".formatted(ratios.p99()),
                    at.costs().systemWrites(),
                    at.costs().floorWrites(),
                    at.costs().simulatorMs(),
                    at.costs().othersCores());
        }
    }

    private void throughput(AuthFigures figures) {
        HeldRate held = figures.held();
        line("");
        if (held != null) {
            held.highest()
                    .ifPresentOrElse(
                            best -> line(
                                    "held        %d/s for %d s, every result inside %d s: p50 %.0f  p99 %.0f  longest %.0f ms"
                                            + " (simulator included); processor %.0f MiB, cpu s/1000 %.2f, broker %.2f",
                                    best.rate(),
                                    best.seconds(),
                                    HeldSearch.LIMIT.toSeconds(),
                                    best.total().p50(),
                                    best.total().p99(),
                                    best.total().max(),
                                    best.mostRssMiB(),
                                    best.processorCpuPer1000(),
                                    best.brokerCpuPer1000()),
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

    private static String spread(Spread spread) {
        return "%.2f (%.2f-%.2f)".formatted(spread.median(), spread.least(), spread.most());
    }

    private void line(String format, Object... values) {
        text.append(values.length == 0 ? format : format.formatted(values)).append('\n');
    }
}
