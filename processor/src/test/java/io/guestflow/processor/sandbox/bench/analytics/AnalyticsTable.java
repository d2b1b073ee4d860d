package io.guestflow.processor.sandbox.bench.analytics;

import io.guestflow.processor.sandbox.bench.Bound;
import io.guestflow.processor.sandbox.bench.CpuUse;
import io.guestflow.processor.sandbox.bench.Machine;
import io.guestflow.processor.sandbox.bench.Spread;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The figures as people read them. */
final class AnalyticsTable {
    private final StringBuilder text = new StringBuilder();

    private AnalyticsTable() {}

    static String of(AnalyticsFigures figures) {
        var table = new AnalyticsTable();
        table.head(figures);
        if (figures.facts() != null) {
            table.facts(figures.facts(), figures.options());
        }
        if (figures.webhooks() != null) {
            table.webhooks(figures.webhooks(), figures.options());
        }
        if (figures.lateness() != null) {
            table.live("lateness", figures.lateness());
        }
        if (figures.dimensions() != null) {
            table.live("dimensions", figures.dimensions());
        }
        table.line("");
        table.line("Bounds (ratios bind; absolutes are this machine's)");
        figures.bounds().stream().map(Bound::line).forEach(table::line);
        table.list("NOTES", figures.remarks());
        table.list("BROKEN", figures.broken());
        return table.text.toString();
    }

    private void head(AnalyticsFigures figures) {
        Machine machine = figures.machine();
        line("");
        line(
                "guestflow bench analytics: commit %s, %d cores, %d MiB, %s, Java %s, Kafka %s, load average %.1f, took %.0f s",
                machine.commit(),
                machine.cores(),
                machine.memoryMiB(),
                machine.os(),
                machine.java(),
                machine.kafka(),
                machine.load(),
                figures.tookSeconds());
        line(
                "%d partitions, one stream thread for each application, grace %d s; the processor is whole, all roles and"
                        + " applications, audit and alerts too; but for webhooks only guestflow-facts has work",
                World.PARTITIONS, World.GRACE.toSeconds());
        line(
                "late = when a committed record could be read - (end of the window + grace); published = until last revisions of windows"
                        + " could be read; facts a second are those without the first fifth");
    }

    private void facts(RateFigures found, AnalyticsBenchOptions options) {
        line("");
        line(
                "facts       %,d in the last round, of %.0f bytes on %,d channels; %s",
                found.rounds().getLast().facts(), found.bytesPerFact(), options.channels(), kinds(found));
        line(
                "  processor   %s facts/s published, %s/s counted; all out %s s after the last count; %.0f MiB; cpu s/million: %s",
                spread(found.perSecond()),
                spread(found.countedPerSecond()),
                "%.1f (%.1f-%.1f)"
                        .formatted(
                                found.secondsToLast().median(),
                                found.secondsToLast().least(),
                                found.secondsToLast().most()),
                found.mostRssMiB(),
                cpu(found.rounds().getLast().cpu()));
        line(
                "  bare count  %s records/s by key, %s by nothing; cpu s/million: %s",
                spread(found.barePerSecond()),
                spread(found.leastPerSecond()),
                cpu(found.rounds().getLast().bareCpu()));
        line(
                "  ratio       %.3f x published, %.3f x counted; %.3f x of the count by nothing; others %.1f cores",
                found.ratio(), found.countedRatio(), found.leastRatio(), found.othersCores());
        stored(found.stored());
    }

    private void webhooks(WebhookFigures found, AnalyticsBenchOptions options) {
        line("");
        line(
                "webhooks    %,d in the last round, of %.0f bytes, %,d conversations on %,d channels",
                found.rounds().getLast().webhooks(), found.bytesPerWebhook(), options.talkers(), options.channels());
        line(
                "  to windows  %s webhooks/s published, %s/s counted",
                spread(found.perSecond()), spread(found.countedPerSecond()));
        line(
                "              processor %.0f MiB; cpu s/million: %s; others %.1f cores",
                found.mostRssMiB(), cpu(found.rounds().getLast().cpu()), found.othersCores());
    }

    private void live(String name, LiveFigures found) {
        line("");
        line(
                "%-11s %,d facts/s, %.0f %% of the %,.0f that it counts of a backlog, on %,d channels, %d windows of %d s: %,d rows",
                name,
                found.load().perSecond(),
                100 * found.share(),
                found.workedOffPerSecond(),
                found.load().channels(),
                found.load().windows(),
                found.load().window().toSeconds(),
                found.rows());
        line(
                "  late        whole rows p50 %.0f  p90 %.0f  p99 %.0f  most %.0f ms; a window's last %s ms; whatever came first, most"
                        + " %.0f ms; %,d rows came again, %,d not whole at first",
                found.late().p50(),
                found.late().p90(),
                found.late().p99(),
                found.late().max(),
                spread(found.allOutMs()),
                found.firstMostLateMs(),
                found.revisedAgain(),
                found.incomplete());
        line(
                "              processor %.0f MiB, %.0f MB; state %.0f MiB; cpu s/million: %s; compilers %.2f, others %.1f cores",
                found.mostRssMiB(),
                found.mostRssMb(),
                found.stateMiB(),
                cpu(found.cpu()),
                found.compilersCores(),
                found.cpu().othersCores());
        stored(found.stored());
        line(
                "              48 h of such windows would be %.1f GB of rows; this run had minutes of them",
                found.keptGb());
    }

    private void stored(StoredRows stored) {
        line(
                "  state       %,d rows in a window, %,d with all partitions; bytes a row: %.0f, %.0f in a partition; once they are"
                        + " merged, shortly before it is published, %.0f more: %.0f",
                stored.rows(),
                stored.parts(),
                stored.bytesPerRow(),
                stored.bytesPerPart(),
                stored.mergedBytesPerRow(),
                stored.mostBytesPerRow());
    }

    private void list(String title, List<String> lines) {
        if (!lines.isEmpty()) {
            line("");
            line(title);
            lines.forEach(each -> line("  " + each));
        }
    }

    private static String kinds(RateFigures found) {
        return found.percentOfKinds().entrySet().stream()
                .sorted((a, b) -> Double.compare(b.getValue(), a.getValue()))
                .map(kind -> String.format(Locale.ROOT, "%s %.1f %%", kind.getKey(), kind.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String spread(Spread spread) {
        return "%,.0f (%,.0f-%,.0f)".formatted(spread.median(), spread.least(), spread.most());
    }

    private static String cpu(CpuUse use) {
        return use.secondsPer1000().entrySet().stream()
                .map(process -> process.getKey() + " " + process.getValue())
                .collect(Collectors.joining(", "));
    }

    private void line(String format, Object... values) {
        text.append(values.length == 0 ? format : format.formatted(values)).append('\n');
    }
}
