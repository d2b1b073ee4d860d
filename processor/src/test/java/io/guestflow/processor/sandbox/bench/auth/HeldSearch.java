package io.guestflow.processor.sandbox.bench.auth;

import io.guestflow.processor.sandbox.bench.OthersLoad;
import io.guestflow.processor.sandbox.bench.Percentiles;
import io.guestflow.processor.sandbox.bench.ProcessMeter;
import io.guestflow.processor.sandbox.bench.Progress;
import io.guestflow.processor.sandbox.broker.KafkaCluster;
import io.guestflow.processor.sandbox.load.Arrivals;
import io.guestflow.processor.sandbox.load.LoadClient;
import io.guestflow.processor.sandbox.load.LoadReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks for the highest rate that the processor holds: upward by short tries until one fails, then downward from the
 * last good one by full ones until one is held.
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
    private final KafkaCluster broker;
    private final Progress progress;
    private final List<String> broken;

    HeldSearch(
            AuthBenchOptions options, SystemSide system, KafkaCluster broker, Progress progress, List<String> broken) {
        this.options = options;
        this.system = system;
        this.broker = broker;
        this.progress = progress;
        this.broken = broken;
    }

    HeldRate search() throws InterruptedException {
        List<HeldRate.Try> tries = new ArrayList<>();
        int rate = options.holdFrom();
        Duration quick = SHORT.compareTo(options.hold()) < 0 ? SHORT : options.hold();
        while (rate <= options.holdTo() && tried(tries, rate, quick, SHORT_LIMIT, false)) {
            rate += options.holdStep();
        }
        // Also when not even the first short try was good: the full one has the last word on it.
        rate = Math.max(options.holdFrom(), rate - options.holdStep());
        while (rate > 0 && !tried(tries, rate, options.hold(), LIMIT, true)) {
            rate -= options.holdStep();
        }
        return new HeldRate(tries);
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
        OthersLoad others = OthersLoad.start();
        try (ProcessMeter own = ProcessMeter.start(system.pid(), system::rssBytes);
                ProcessMeter brokers = ProcessMeter.start(broker.node(1).pid(), broker.node(1)::rssBytes)) {
            LoadReport report = system.load().run(plan);
            LoadReport.Counts counts = report.counts();
            // Under overload a request may end with its deadline; none may be lost or answered twice.
            if (!counts.accounted()) {
                broken.add("at " + rate + "/s: " + report);
            }
            return new HeldRate.Try(
                    rate,
                    length.toSeconds(),
                    full,
                    counts.clean() && report.allWithin(limit),
                    Percentiles.of(report.latencies()),
                    own.mostRssBytes() / (double) (1 << 20),
                    Measurement.per1000(own.cpu(), counts.sent()),
                    Measurement.per1000(brokers.cpu(), counts.sent()),
                    others.cores(),
                    counts);
        }
    }
}
