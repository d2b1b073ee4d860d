package io.guestflow.processor.sandbox.bench.auth;

import static java.util.stream.Collectors.joining;

import io.guestflow.processor.sandbox.bench.Compilers;
import io.guestflow.processor.sandbox.bench.CpuMeter;
import io.guestflow.processor.sandbox.bench.CpuUse;
import io.guestflow.processor.sandbox.bench.Findings;
import io.guestflow.processor.sandbox.bench.Percentiles;
import io.guestflow.processor.sandbox.bench.Progress;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.load.Arrivals;
import io.guestflow.processor.sandbox.load.LoadClient;
import io.guestflow.processor.sandbox.load.LoadReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * Runs load against floor and system in turns, so that what disturbs the machine disturbs both. Both get the same
 * arrival times.
 */
final class Measurement {
    /** What is compiled by nobody yet is not to be buried under a backlog first. */
    private static final List<Integer> WARM_UP_RATES = List.of(50, 100, 200);

    /** Of the machine's processors; a twentieth of two. */
    private static final double COMPILERS_AT_REST = 0.1;

    private static final Duration REST_SLICE = Duration.ofSeconds(15);

    private final AuthBenchOptions options;
    private final KafkaSandbox kafka;
    private final Processes processes;
    private final Progress progress;
    private final Findings findings;

    Measurement(
            AuthBenchOptions options, KafkaSandbox kafka, Processes processes, Progress progress, Findings findings) {
        this.options = options;
        this.kafka = kafka;
        this.processes = processes;
        this.progress = progress;
        this.findings = findings;
    }

    /** Lets caches of new processes fill, all at the same time. */
    void warmUp(String guarantee, Duration length, Side... sides) throws InterruptedException {
        progress.say(guarantee + ": warming up " + names(sides));
        List<Integer> rates = warmUpRates();
        for (int rate : rates) {
            load(guarantee, Arrivals.poisson(rate, length.dividedBy(rates.size()), rate), sides);
        }
    }

    /**
     * Goes on with the load until the compilers of all JVMs are at rest, or long enough. On a slow machine that takes
     * minutes, and what is measured before is the compilers.
     */
    void awaitCompilers(String guarantee, Side... sides) throws InterruptedException {
        if (options.warmUpAtMost().isZero()) {
            return;
        }
        Set<Long> pids = new HashSet<>();
        Stream.of(sides).forEach(side -> pids.addAll(processes.with(side).values()));
        int rate = warmUpRates().getLast();
        Compilers compilers = Compilers.of(pids);
        double cores = Double.MAX_VALUE;
        Duration waited = Duration.ZERO;
        for (int slice = 1; cores > COMPILERS_AT_REST && waited.compareTo(options.warmUpAtMost()) < 0; slice++) {
            load(guarantee, Arrivals.poisson(rate, REST_SLICE, slice), sides);
            waited = waited.plus(REST_SLICE);
            cores = compilers.cores();
        }
        progress.say("%s: compilers use %.2f cores after %d s more".formatted(guarantee, cores, waited.toSeconds()));
        if (cores > COMPILERS_AT_REST) {
            findings.remark("%s: compilers still used %.2f cores when measuring began".formatted(guarantee, cores));
        }
    }

    private void load(String guarantee, Arrivals arrivals, Side... sides) throws InterruptedException {
        List<Callable<LoadReport>> runs = Stream.of(sides)
                .<Callable<LoadReport>>map(side -> () -> side.load().run(LoadClient.Plan.of(arrivals, Duration.ZERO)))
                .toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<LoadReport>> ended = threads.invokeAll(runs);
            for (int i = 0; i < sides.length; i++) {
                findings.check(
                        guarantee + " warm-up, " + sides[i].name(), ended.get(i).get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("the load broke", e.getCause());
        }
    }

    private static String names(Side... sides) {
        return Stream.of(sides).map(Side::name).collect(joining(" and "));
    }

    /** Upward, but not beyond what is measured. */
    private List<Integer> warmUpRates() {
        int most = Math.max(WARM_UP_RATES.getFirst(), Collections.max(options.rates()));
        return WARM_UP_RATES.stream().filter(rate -> rate <= most).toList();
    }

    /** Floor, system, floor, system ... at each rate. */
    List<Round> rounds(Side floor, Side system, String guarantee) throws InterruptedException {
        List<Round> rounds = new ArrayList<>();
        for (int rate : options.rates()) {
            for (int number = 1; number <= options.roundsAt(rate); number++) {
                for (Side side : List.of(floor, system)) {
                    Round round = round(side, guarantee, rate, number);
                    Percentiles added = round.added();
                    progress.say("%s at %d/s, round %d, %-6s  p50 %7.2f  p90 %7.2f  p99 %7.2f ms; %s"
                            .formatted(
                                    guarantee,
                                    rate,
                                    number,
                                    side.name(),
                                    added.p50(),
                                    added.p90(),
                                    added.p99(),
                                    round.hops().line()));
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
        HopTimes hops = HopTimes.fromNow(kafka.bootstrap(), side);
        CpuMeter cpu = CpuMeter.start(processes.with(side));
        LoadReport report = side.load().run(LoadClient.Plan.of(arrivals, options.settle()));
        int requests = report.counts().sent();
        CpuUse used = cpu.use(requests);
        HopTimes.Means times = hops.means();
        hops.close();
        String what = "%s at %d/s, round %d, %s".formatted(guarantee, rate, number, side.name());
        findings.check(what, report);
        side.remarks(report).forEach(remark -> findings.remark(what + ": " + remark));
        Histogram total = report.latencies();
        Histogram added = report.latenciesBeyond(side.notOurs());
        return new Round(
                side.name(),
                guarantee,
                rate,
                number,
                Percentiles.of(added),
                Percentiles.of(total),
                Percentiles.of(report.sendLateness()),
                Math.round((total.getMean() - added.getMean()) / 1e4) / 100.0,
                used,
                times,
                TopicEnds.now(kafka, side).perRequestSince(before, requests),
                report.counts());
    }
}
