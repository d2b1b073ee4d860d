package io.guestflow.processor.sandbox.bench.auth;

import io.guestflow.processor.sandbox.bench.CpuMeter;
import io.guestflow.processor.sandbox.bench.Findings;
import io.guestflow.processor.sandbox.bench.PeakRss;
import io.guestflow.processor.sandbox.bench.Percentiles;
import io.guestflow.processor.sandbox.bench.Progress;
import io.guestflow.processor.sandbox.load.Arrivals;
import io.guestflow.processor.sandbox.load.LoadClient;
import io.guestflow.processor.sandbox.load.LoadReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks for the highest rate that the processor holds: upward by short tries until one fails, then downward from the
 * last good one by full ones until one is held. Each may fail once: what disturbs the machine for a second is not the
 * processor's.
 */
final class HeldSearch {
    static final Duration LIMIT = Duration.ofSeconds(2);

    /** A short try must not build up what only a longer one would show. */
    private static final Duration SHORT_LIMIT = Duration.ofSeconds(1);

    private static final Duration SHORT = Duration.ofSeconds(7);
    /** What a failed try left behind is answered or has timed out by then. */
    private static final Duration DRAIN = Duration.ofSeconds(25);

    private final AuthBenchOptions options;
    private final SystemSide system;
    private final Processes processes;
    private final Progress progress;
    private final Findings findings;

    HeldSearch(AuthBenchOptions options, SystemSide system, Processes processes, Progress progress, Findings findings) {
        this.options = options;
        this.system = system;
        this.processes = processes;
        this.progress = progress;
        this.findings = findings;
    }

    HeldRate search() throws InterruptedException {
        List<HeldRate.Try> tries = new ArrayList<>();
        int rate = options.holdFrom();
        Duration quick = SHORT.compareTo(options.hold()) < 0 ? SHORT : options.hold();
        while (rate <= options.holdTo() && holds(tries, rate, quick, SHORT_LIMIT, false)) {
            rate += options.holdStep();
        }
        // Also when not even the first short try was good: the full one has the last word on it.
        rate = Math.max(options.holdFrom(), rate - options.holdStep());
        while (rate > 0 && !holds(tries, rate, options.hold(), LIMIT, true)) {
            rate -= options.holdStep();
        }
        return new HeldRate(tries);
    }

    private boolean holds(List<HeldRate.Try> tries, int rate, Duration length, Duration limit, boolean full)
            throws InterruptedException {
        return tried(tries, rate, length, limit, full) || tried(tries, rate, length, limit, full);
    }

    private boolean tried(List<HeldRate.Try> tries, int rate, Duration length, Duration limit, boolean full)
            throws InterruptedException {
        HeldRate.Try attempt = attempt(rate, length, limit, full);
        tries.add(attempt);
        progress.say("%d/s for %d s: %s, p99 %.0f ms, longest %.0f ms, processor at most %.0f MiB"
                .formatted(
                        rate,
                        length.toSeconds(),
                        attempt.held() ? "held" : "NOT held",
                        attempt.total().p99(),
                        attempt.total().max(),
                        attempt.mostRssMiB()));
        return attempt.held();
    }

    private HeldRate.Try attempt(int rate, Duration length, Duration limit, boolean full) throws InterruptedException {
        system.reset();
        var plan = new LoadClient.Plan(Arrivals.poisson(rate, length, rate), Duration.ZERO, DRAIN, limit);
        CpuMeter cpu = CpuMeter.start(processes.with(system));
        try (PeakRss rss = PeakRss.of(system::rssBytes)) {
            LoadReport report = system.load().run(plan);
            LoadReport.Counts counts = report.counts();
            findings.check(rate + "/s for " + length.toSeconds() + " s", report);
            return new HeldRate.Try(
                    rate,
                    length.toSeconds(),
                    full,
                    counts.clean() && report.allWithin(limit),
                    Percentiles.of(report.latencies()),
                    rss.mib(),
                    cpu.use(counts.sent()),
                    counts);
        }
    }
}
