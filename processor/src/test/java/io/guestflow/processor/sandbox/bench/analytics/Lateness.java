package io.guestflow.processor.sandbox.bench.analytics;

import io.guestflow.processor.sandbox.bench.Compilers;
import io.guestflow.processor.sandbox.bench.CpuMeter;
import io.guestflow.processor.sandbox.bench.CpuUse;
import io.guestflow.processor.sandbox.bench.Findings;
import io.guestflow.processor.sandbox.bench.GroupOffsets;
import io.guestflow.processor.sandbox.bench.PeakRss;
import io.guestflow.processor.sandbox.bench.Percentiles;
import io.guestflow.processor.sandbox.bench.Progress;
import io.guestflow.processor.sandbox.bench.Spread;
import io.guestflow.processor.sandbox.bench.analytics.AnalyticsBenchOptions.Live;
import io.guestflow.processor.sandbox.load.LoadReport;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Puts facts on {@code guest-facts} as they happen, window after window, and looks when the windows come whole. How many
 * a second is a share of what the processor counts a second when it has a backlog of facts of the same channels: that is
 * found while it warms up.
 */
final class Lateness {
    private static final Duration PUBLISHED_WITHIN = Duration.ofSeconds(60);
    /** A revision follows another one by 5 s here and 5 s there. */
    private static final Duration REVISED_WITHIN = Duration.ofSeconds(12);
    /** The processor's default. */
    private static final int VALUES_MOST = 1_000;
    /** Of what it counts of a backlog: production is not run at the limit. */
    static final double HALF = 0.5;
    /** Where rows have few facts, each costs as much again when it is passed on, merged and published. */
    static final double QUARTER = 0.25;

    /** Backlogs are short, so that they are counted before the grace of their windows is over. */
    private static final Duration SLICE_MOST = Duration.ofSeconds(5);

    private final AnalyticsBenchOptions options;
    private final World world;
    private final InstantSource clock;
    private final Progress progress;
    private final Findings findings;

    Lateness(AnalyticsBenchOptions options, World world, InstantSource clock, Progress progress, Findings findings) {
        this.options = options;
        this.world = world;
        this.clock = clock;
        this.progress = progress;
        this.findings = findings;
    }

    /**
     * Measures it.
     *
     * @param share of what it counts of a backlog, where no rate is given
     */
    LiveFigures measure(String what, Live given, double share) throws InterruptedException {
        progress.say("%s: starting the processor".formatted(what));
        Map<String, String> settings = Map.of(
                "GUESTFLOW_ANALYTICS_WINDOWS",
                sizeName(given),
                "GUESTFLOW_ANALYTICS_VALUES_MOST",
                Integer.toString(Math.max(VALUES_MOST, given.channels())));
        try (World.Running running = world.startAnew(settings);
                Published published = Published.start(world.bootstrap(), clock);
                PeakRss rss = PeakRss.of(running.processor()::rssBytes);
                HeldProducer held = world.add(new HeldProducer(world.bootstrap(), "bench-" + what));
                Producer<byte[], byte[]> producer = producer()) {
            Map<String, Long> pids = world.pids(running.processor());
            FactLoad load = new FactLoad(World.PARTITIONS, given.channels(), given.window());
            double workedOff = warmUp(what, load, held, pids);
            Live live = given.perSecond() > 0 ? given : given.at(Math.max(1, (int) Math.round(share * workedOff)));
            progress.say("%s: %,d facts/s of the %,.0f that it counts, %,d channels, windows of %d s"
                    .formatted(
                            what,
                            live.perSecond(),
                            workedOff,
                            live.channels(),
                            live.window().toSeconds()));
            Instant first = nextBegin(clock.instant().plus(live.settles()), live.window());
            Instant last = first.plus(live.window().multipliedBy(live.windows()));
            load.live(producer, live.perSecond(), clock, first);
            long before = load.facts();
            Compilers compilers = Compilers.of(pids.values());
            CpuMeter cpu = CpuMeter.start(pids);
            load.live(producer, live.perSecond(), clock, last);
            long facts = load.facts() - before;
            CpuUse used = cpu.use((int) Math.max(1, facts / 1_000));
            double compilersCores = compilers.cores();
            if (options.warmUpAtMost().isPositive()) {
                new WarmUp(options, progress, findings).tell(what, compilersCores);
            }
            if (!published.awaitCounted(load.counted(), PUBLISHED_WITHIN)) {
                findings.broken("%s: %,d facts are to be counted, the last revisions of windows have %,d"
                        .formatted(what, load.counted(), published.counted()));
            }
            TimeUnit.NANOSECONDS.sleep(REVISED_WITHIN.toNanos());
            return figures(what, live, workedOff, facts, first, load, published, rss, used, compilersCores);
        }
    }

    /** Backlogs of facts that happen now; returns how many a second it counts. */
    private double warmUp(String what, FactLoad load, HeldProducer held, Map<String, Long> pids)
            throws InterruptedException {
        var backlogs = new FactBacklogs(held, new GroupOffsets(world.kafka().admin()), load);
        Duration slice = options.slice().compareTo(SLICE_MOST) < 0 ? options.slice() : SLICE_MOST;
        new WarmUp(options, progress, findings).run(what, pids.values(), () -> {
            Instant now = Instant.ofEpochMilli(clock.millis());
            backlogs.hold(slice, now, now);
            backlogs.release();
        });
        return backlogs.perSecond();
    }

    private LiveFigures figures(
            String what,
            Live live,
            double workedOff,
            long facts,
            Instant first,
            FactLoad load,
            Published published,
            PeakRss rss,
            CpuUse cpu,
            double compilersCores) {
        Histogram late = LoadReport.histogram();
        List<Double> allOut = new ArrayList<>();
        int rows = 0;
        int revisedAgain = 0;
        int incomplete = 0;
        double firstMost = 0;
        Instant start = first;
        for (int window = 0; window < live.windows(); window++) {
            double most = 0;
            Map<String, Long> expected = load.expected(start, sizeName(live));
            for (Map.Entry<String, Long> key : expected.entrySet()) {
                Published.Row row = published.row(key.getKey());
                if (row == null || row.counted() != key.getValue()) {
                    findings.broken("%s: a row of the window of %s has %s of %d facts"
                            .formatted(what, start, row == null ? "none" : row.counted(), key.getValue()));
                    continue;
                }
                Instant due = row.windowEnd().plus(World.GRACE);
                Duration firstLate = Duration.between(due, row.firstReadAt());
                if (firstLate.isNegative()) {
                    findings.broken("%s: a row of the window of %s came %d ms before its grace was over"
                            .formatted(what, start, -firstLate.toMillis()));
                }
                Duration lateness = Duration.between(due, row.completeAt());
                late.recordValue(Math.clamp(lateness.toNanos(), 0, late.getHighestTrackableValue()));
                most = Math.max(most, lateness.toMillis());
                firstMost = Math.max(firstMost, firstLate.toMillis());
                rows++;
                revisedAgain += row.records() > 1 ? 1 : 0;
                incomplete += row.firstCounted() == row.counted() ? 0 : 1;
            }
            allOut.add(most);
            start = start.plus(live.window());
        }
        if (revisedAgain > 0) {
            // No fact of this load is later than the grace.
            findings.remark("%s: %,d of %,d rows came more than once, %,d of them without all facts at first"
                    .formatted(what, revisedAgain, rows, incomplete));
        }
        StoredRows stored = StoredRows.of(world.bootstrap(), start);
        return new LiveFigures(
                live,
                Math.round(workedOff),
                facts,
                rows,
                Percentiles.of(late),
                Spread.of(allOut, Double::doubleValue),
                firstMost,
                incomplete,
                revisedAgain,
                rss.mib(),
                Math.round(10 * world.stateMiB()) / 10.0,
                stored,
                cpu,
                compilersCores);
    }

    private Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        world.bootstrap(),
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        20,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        128 * 1024),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** As settings and records have it. */
    private static String sizeName(Live live) {
        long seconds = live.window().toSeconds();
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    private static Instant nextBegin(Instant from, Duration window) {
        long size = window.toMillis();
        return Instant.ofEpochMilli(Math.ceilDiv(from.toEpochMilli(), size) * size);
    }
}
