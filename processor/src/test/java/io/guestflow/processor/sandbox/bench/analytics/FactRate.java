package io.guestflow.processor.sandbox.bench.analytics;

import io.guestflow.processor.sandbox.bench.CpuMeter;
import io.guestflow.processor.sandbox.bench.CpuUse;
import io.guestflow.processor.sandbox.bench.Findings;
import io.guestflow.processor.sandbox.bench.GroupOffsets;
import io.guestflow.processor.sandbox.bench.PeakRss;
import io.guestflow.processor.sandbox.bench.Progress;
import io.guestflow.processor.sandbox.bench.analytics.BareCount.Counted;
import io.guestflow.processor.sandbox.bench.analytics.FactBacklogs.WorkedOff;
import io.guestflow.processor.sandbox.bench.analytics.Reading.Stretch;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Works off backlogs of facts of five minutes that are over, with the processor and with the bare count in turns. Both are
 * up all the time; both read the same records of the same topic, the bare count each time all that there are by then. The
 * rest of the processor has nothing to do but what the facts make it do: the details queries for the conversations that
 * have ended.
 */
final class FactRate {
    private static final Duration SPAN = Duration.ofMinutes(5);
    private static final Duration WINDOW = Duration.ofMinutes(1);
    /** What comes late goes on by 5 s here and 5 s there at most. */
    private static final Duration PUBLISHED_WITHIN = Duration.ofSeconds(60);
    /** What is left of a processor that has nothing to do. */
    private static final double IDLE_CORES = 0.1;

    /** The rows of a channel come out together, one after the other. */
    private static final Duration LUMP = Duration.ofSeconds(1);

    private static final double THOUSAND = 1_000;

    private final AnalyticsBenchOptions options;
    private final World world;
    private final InstantSource clock;
    private final Progress progress;
    private final Findings findings;
    private final FactLoad load;

    FactRate(AnalyticsBenchOptions options, World world, InstantSource clock, Progress progress, Findings findings) {
        this.options = options;
        this.world = world;
        this.clock = clock;
        this.progress = progress;
        this.findings = findings;
        this.load = new FactLoad(World.PARTITIONS, options.channels(), WINDOW);
    }

    RateFigures measure() throws InterruptedException {
        progress.say("facts: starting the processor and the bare count");
        try (World.Running running = world.startAnew(Map.of());
                CountProcess count = world.startCount();
                HeldProducer held = world.add(new HeldProducer(world.bootstrap(), "bench-facts"));
                Published published = Published.start(world.bootstrap(), clock);
                PeakRss rss = PeakRss.of(running.processor()::rssBytes)) {
            Map<String, Long> pids = new LinkedHashMap<>(world.pids(running.processor()));
            pids.put("count", count.pid());
            var backlogs = new FactBacklogs(held, new GroupOffsets(world.kafka().admin()), load);
            var bare = new BareCount(count, CountMain.By.KEY, pids);
            var least = new BareCount(count, CountMain.By.NOTHING, pids);
            new WarmUp(options, progress, findings).run("facts", pids.values(), () -> {
                hold(backlogs, options.slice());
                backlogs.release();
                bare.measure(backlogs, options.slice().dividedBy(2));
                least.measure(backlogs, options.slice().dividedBy(4));
            });
            awaitPublished(published);
            List<RateFigures.Round> rounds = new ArrayList<>();
            for (int number = 1; number <= options.rounds(); number++) {
                rounds.add(round(number, backlogs, bare, least, published, pids));
            }
            StoredRows stored = StoredRows.of(world.bootstrap(), load.fullest().plus(WINDOW));
            return RateFigures.of(rounds, load, rss.mib(), stored);
        }
    }

    private RateFigures.Round round(
            int number,
            FactBacklogs backlogs,
            BareCount bare,
            BareCount least,
            Published published,
            Map<String, Long> pids)
            throws InterruptedException {
        hold(backlogs, options.backlog());
        long before = published.records();
        long countedBefore = published.counted();
        CpuMeter cpu = CpuMeter.start(pids);
        long begin = System.nanoTime();
        WorkedOff system = backlogs.release();
        double counted = (System.nanoTime() - begin) / 1e9;
        awaitPublished(published);
        double seconds = (System.nanoTime() - begin) / 1e9;
        CpuUse used = cpu.use((int) Math.max(1, Math.round(system.facts() / THOUSAND)));
        long records = published.records() - before;
        Counted count = bare.measure(backlogs, options.backlog().dividedBy(4));
        Counted leastCount = least.measure(backlogs, options.backlog().dividedBy(8));
        if (count.processorCores() > IDLE_CORES) {
            findings.remark("facts, round %d: the processor used %.2f cores beside the bare count"
                    .formatted(number, count.processorCores()));
        }
        Reading windows = published.since(begin, countedBefore, load.counted() - countedBefore);
        Stretch steady = windows.lumped(LUMP).steady();
        if (steady.seconds() < windows.seconds() / 2) {
            findings.remark("facts, round %d: windows came out within %.0f of %.0f s: no steady rate"
                    .formatted(number, steady.seconds(), windows.seconds()));
        }
        double perSecond = system.facts() * steady.sharePerSecond();
        progress.say(
                ("facts, round %d: %,d facts, published %,.0f/s, counted %,.0f/s; bare count %,.0f/s (%.3f x), by nothing %,.0f/s; %,d records"
                                + " of windows, the last %.1f s after the last count")
                        .formatted(
                                number,
                                system.facts(),
                                perSecond,
                                system.steadyPerSecond(),
                                count.perSecond(),
                                perSecond / count.perSecond(),
                                leastCount.perSecond(),
                                records,
                                seconds - counted));
        return new RateFigures.Round(
                number,
                system.facts(),
                Math.round(perSecond),
                Math.round(system.steadyPerSecond()),
                Math.round(10 * (seconds - counted)) / 10.0,
                records,
                used,
                Math.round(count.perSecond()),
                count.records(),
                count.cpu(),
                Math.round(leastCount.perSecond()));
    }

    private void hold(FactBacklogs backlogs, Duration lasting) {
        Instant to = Instant.ofEpochMilli(clock.millis()).minus(World.OVER);
        backlogs.hold(lasting, to.minus(SPAN), to);
    }

    private void awaitPublished(Published published) throws InterruptedException {
        if (!published.awaitCounted(load.counted(), PUBLISHED_WITHIN)) {
            findings.broken("facts: %,d facts are to be counted, the last revisions of windows have %,d"
                    .formatted(load.counted(), published.counted()));
        }
    }
}
