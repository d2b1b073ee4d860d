package io.guestflow.processor.sandbox.bench.sessions;

import io.guestflow.processor.sandbox.bench.Bound;
import io.guestflow.processor.sandbox.bench.Machine;
import io.guestflow.processor.sandbox.bench.Percentiles;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The figures as people read them. */
final class SessionsTable {
    private final StringBuilder text = new StringBuilder();

    private SessionsTable() {}

    static String of(SessionsFigures figures) {
        var table = new SessionsTable();
        table.head(figures);
        table.ticks(figures.few(), figures.many());
        if (figures.lateness() != null) {
            table.lateness(figures.lateness());
        }
        if (figures.events() != null) {
            table.events(figures.events());
        }
        if (figures.restore() != null) {
            table.restore(figures.restore());
        }
        table.line("");
        table.line("Bounds (ratios bind; absolutes are this machine's)");
        figures.bounds().stream().map(Bound::line).forEach(table::line);
        table.list("NOTES", figures.remarks());
        table.list("BROKEN", figures.broken());
        return table.text.toString();
    }

    private void head(SessionsFigures figures) {
        Machine machine = figures.machine();
        SessionsBenchOptions options = figures.options();
        line("");
        line(
                "guestflow bench sessions: commit %s, %d cores, %d MiB, %s, Java %s, Kafka %s, load average %.1f, took %.0f s",
                machine.commit(),
                machine.cores(),
                machine.memoryMiB(),
                machine.os(),
                machine.java(),
                machine.kafka(),
                machine.load(),
                figures.tookSeconds());
        line(
                "%,d sessions, ends spread over %d s, %d %% active; %d partitions, simulator %d ms a call, no rate limit",
                options.many(),
                options.spread().toSeconds(),
                options.active(),
                World.PARTITIONS,
                World.SIMULATOR_DELAY.toMillis());
        line("late = when a committed record could be read - when it was due");
    }

    private void ticks(@Nullable Ticks... all) {
        line("");
        for (Ticks ticks : all) {
            if (ticks != null) {
                line(
                        "tick        %,9d live: %.1f ms of processor time for 1,000 due (%d times), all read %.0f ms after (p50);"
                                + " idle %.1f ms a second",
                        ticks.live(),
                        ticks.cpuMsPerBatch(),
                        ticks.batches(),
                        ticks.done().p50(),
                        ticks.idleCpuMsPerSecond());
            }
        }
    }

    private void lateness(LatenessFigures found) {
        line("");
        late("refresh", found.refreshes());
        late("expiring", found.expiring());
        late("expiry", found.expiries());
        line(
                "            loaded in %.0f s; %.0f webhooks/s meanwhile; %,d extensions at the simulator; processor %.0f MiB",
                found.loadSeconds(), found.webhooksPerSecond(), found.extended(), found.mostRssMiB());
        line(
                "changelogs  %.0f bytes a session, %.0f a session and hour: %s",
                found.bytesPerSession(), found.bytesPerSessionAndHour(), found.changelogBytes());
        line(
                "auth 50/s   added p50 %.1f  p99 %.1f ms idle; p50 %.1f  p99 %.1f ms meanwhile",
                found.authIdle().p50(),
                found.authIdle().p99(),
                found.authMeanwhile().p50(),
                found.authMeanwhile().p99());
    }

    private void late(String what, Percentiles late) {
        line(
                "%-11s %,9d: late p50 %.0f  p90 %.0f  p99 %.0f  most %.0f ms",
                what, late.samples(), late.p50(), late.p90(), late.p99(), late.max());
    }

    private void events(EventFigures found) {
        line("");
        line(
                "webhooks    %,d of %.0f bytes: %.0f/s from ready to the last, %.0f/s without the first fifth; %,d messages;"
                        + " processor %.0f MiB",
                found.webhooks(),
                found.bytesPerWebhook(),
                found.perSecond(),
                found.steadyPerSecond(),
                found.messages(),
                found.mostRssMiB());
    }

    private void restore(RestoreFigures found) {
        line("");
        line(
                "restart     ready in %.1f s with its state, in %.1f s without (%s MiB read, %.1f MiB in the changelogs)",
                found.keptSeconds(), found.restoredSeconds(), found.restoredMiB(), found.changelogMiB());
        line(
                "takeover    %.1f s from the kill to every partition applying again, with a standby (%s MiB read)",
                found.takeoverSeconds(), found.takeoverMiB());
        line("            processor %.0f MiB with all sessions", found.mostRssMiB());
    }

    private void list(String title, List<String> lines) {
        if (!lines.isEmpty()) {
            line("");
            line(title);
            lines.forEach(each -> line("  " + each));
        }
    }

    private void line(String format, Object... values) {
        text.append(values.length == 0 ? format : format.formatted(values)).append('\n');
    }
}
