package io.guestflow.processor.sandbox.bench.auth;

import io.guestflow.processor.sandbox.bench.OthersLoad;
import io.guestflow.processor.sandbox.bench.Percentiles;
import io.guestflow.processor.sandbox.bench.ProcessMeter;
import io.guestflow.processor.sandbox.bench.Progress;
import io.guestflow.processor.sandbox.broker.KafkaCluster;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.load.Arrivals;
import io.guestflow.processor.sandbox.load.LoadClient;
import io.guestflow.processor.sandbox.load.LoadReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs load against floor and system in turns, so that what disturbs the machine disturbs both. Both get the same
 * arrival times.
 */
final class Measurement {
    /** What is compiled by nobody yet is not to be buried under a backlog first. */
    private static final List<Integer> WARM_UP_RATES = List.of(50, 150, 400);

    private final AuthBenchOptions options;
    private final KafkaSandbox kafka;
    private final KafkaCluster broker;
    private final Progress progress;
    private final List<String> broken;

    /** @param broken gets a line for everything that is not as it must be */
    Measurement(
            AuthBenchOptions options, KafkaSandbox kafka, KafkaCluster broker, Progress progress, List<String> broken) {
        this.options = options;
        this.kafka = kafka;
        this.broker = broker;
        this.progress = progress;
        this.broken = broken;
    }

    /** Lets compilers and caches of a new process come to rest. */
    void warmUp(Side side, String guarantee) throws InterruptedException {
        progress.say(guarantee + ": warming up the " + side.name());
        side.reset();
        for (int rate : WARM_UP_RATES) {
            Arrivals arrivals = Arrivals.poisson(rate, options.warmUp().dividedBy(WARM_UP_RATES.size()), rate);
            LoadReport report = side.load().run(LoadClient.Plan.of(arrivals, Duration.ZERO));
            // A process that is not compiled yet may answer too late; it may not lose or repeat anything.
            if (!report.counts().accounted()) {
                broken(guarantee + " warm-up, " + side.name() + ": " + report);
            }
        }
    }

    /** Floor, system, floor, system ... at each rate. */
    List<Round> rounds(Side floor, Side system, String guarantee) throws InterruptedException {
        List<Round> rounds = new ArrayList<>();
        for (int rate : options.rates()) {
            for (int number = 1; number <= options.roundsAt(rate); number++) {
                for (Side side : List.of(floor, system)) {
                    Round round = round(side, guarantee, rate, number);
                    Percentiles added = round.added();
                    progress.say("%s at %d/s, round %d, %-6s  p50 %7.2f  p90 %7.2f  p99 %7.2f ms"
                            .formatted(guarantee, rate, number, side.name(), added.p50(), added.p90(), added.p99()));
                    rounds.add(round);
                }
            }
        }
        return rounds;
    }

    private Round round(Side side, String guarantee, int rate, int number) throws InterruptedException {
        Arrivals arrivals = Arrivals.poisson(rate, options.settle().plus(options.length()), 1000L * rate + number);
        side.reset();
        TopicEnds before = TopicEnds.now(kafka, side);
        OthersLoad others = OthersLoad.start();
        try (ProcessMeter own = ProcessMeter.start(side.pid(), side::rssBytes);
                ProcessMeter brokers = ProcessMeter.start(broker.node(1).pid(), broker.node(1)::rssBytes)) {
            LoadReport report = side.load().run(LoadClient.Plan.of(arrivals, options.settle()));
            Duration cpu = own.cpu();
            Duration brokerCpu = brokers.cpu();
            double othersCores = others.cores();
            int requests = report.counts().sent();
            for (String defect : side.defects(report)) {
                broken("%s at %d/s, round %d, %s: %s".formatted(guarantee, rate, number, side.name(), defect));
            }
            Percentiles total = Percentiles.of(report.latencies());
            Percentiles added = Percentiles.of(report.latenciesBeyond(side.notOurs()));
            double simulatorMs = report.latencies().getMean()
                    - report.latenciesBeyond(side.notOurs()).getMean();
            return new Round(
                    side.name(),
                    guarantee,
                    rate,
                    number,
                    added,
                    total,
                    Percentiles.of(report.sendLateness()),
                    Math.round(simulatorMs / 1e4) / 100.0,
                    per1000(cpu, requests),
                    per1000(brokerCpu, requests),
                    othersCores,
                    TopicEnds.now(kafka, side).perRequestSince(before, requests),
                    report.counts());
        }
    }

    /** Seconds of processor time for 1,000 requests. */
    static double per1000(Duration cpu, int requests) {
        return Math.round(100.0 * cpu.toMillis() / requests) / 100.0;
    }

    private void broken(String line) {
        progress.say("BROKEN: " + line);
        broken.add(line);
    }
}
