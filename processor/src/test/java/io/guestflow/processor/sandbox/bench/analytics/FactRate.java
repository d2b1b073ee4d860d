package io.guestflow.processor.sandbox.bench.analytics;

import io.guestflow.contracts.Topics;
import io.guestflow.processor.sandbox.bench.CpuMeter;
import io.guestflow.processor.sandbox.bench.CpuUse;
import io.guestflow.processor.sandbox.bench.Findings;
import io.guestflow.processor.sandbox.bench.GroupOffsets;
import io.guestflow.processor.sandbox.bench.PeakRss;
import io.guestflow.processor.sandbox.bench.Progress;
import io.guestflow.processor.sandbox.bench.analytics.Reading.Extent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Works off backlogs of facts of five minutes that are over, held back until all of a backlog lies there, with the processor
 * and with the bare count in turns. Both are up all the time; both read the same records of the same topic, the bare count
 * each time all that there are by then. The rest of the processor has nothing to do but what the facts make it do: the
 * details queries for the conversations that have ended.
 */
final class FactRate {
    static final String GROUP = "guestflow-facts";

    private static final String TOPIC = Topics.GUEST_FACTS.name();
    private static final Duration SPAN = Duration.ofMinutes(5);
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration DONE_WITHIN = Duration.ofMinutes(10);
    /** What comes late goes on by 5 s here and 5 s there at most. */
    private static final Duration PUBLISHED_WITHIN = Duration.ofSeconds(60);
    /** A pass of the bare count is over in seconds. */
    private static final Duration BARE_WARM = Duration.ofSeconds(10);

    private static final double THOUSAND = 1_000;

    private final AnalyticsBenchOptions options;
    private final World world;
    private final InstantSource clock;
    private final Progress progress;
    private final Findings findings;
    private final GroupOffsets offsets;
    private final FactLoad load;

    /** Where the topic ends for those who count; behind it may be what is held back. */
    private Map<TopicPartition, Long> released = Map.of();

    private long releasedFacts;
    private int passes;

    FactRate(AnalyticsBenchOptions options, World world, InstantSource clock, Progress progress, Findings findings) {
        this.options = options;
        this.world = world;
        this.clock = clock;
        this.progress = progress;
        this.findings = findings;
        this.offsets = new GroupOffsets(world.kafka().admin());
        this.load = new FactLoad(World.PARTITIONS, options.channels(), WINDOW);
    }

    /** What a measurement of one side found. */
    private record Measured(double perSecond, double wholePerSecond, double seconds, CpuUse cpu) {}

    RateFigures measure() throws InterruptedException {
        progress.say("facts: starting the processor and the bare count");
        try (World.Running running = world.startAnew(Map.of());
                CountProcess count = world.startCount();
                HeldProducer held = world.add(new HeldProducer(world.bootstrap(), "bench-facts"));
                Published published = Published.start(world.bootstrap(), clock);
                PeakRss rss = PeakRss.of(running.processor()::rssBytes)) {
            Map<String, Long> pids = new LinkedHashMap<>(world.pids(running.processor()));
            pids.put("count", count.pid());
            warmUp(held, count, published, pids);
            List<RateFigures.Round> rounds = new ArrayList<>();
            for (int number = 1; number <= options.rounds(); number++) {
                rounds.add(round(number, held, count, published, pids));
            }
            StoredRows stored = StoredRows.of(world.bootstrap(), load.fullest().plus(WINDOW));
            return RateFigures.of(rounds, load, rss.mib(), stored);
        }
    }

    private void warmUp(HeldProducer held, CountProcess count, Published published, Map<String, Long> pids)
            throws InterruptedException {
        new WarmUp(options, progress, findings).run("facts", pids.values(), () -> {
            hold(held, Math.max(1, options.facts() / 2));
            if (releasedFacts > 0) {
                bare(count, pids);
            }
            system(held, published, pids);
        });
        Duration bareWarm = BARE_WARM.compareTo(options.warmUp()) < 0 ? BARE_WARM : options.warmUp();
        double seconds = 0;
        while (seconds * 1e9 < bareWarm.toNanos()) {
            seconds += bare(count, pids).seconds();
        }
    }

    private RateFigures.Round round(
            int number, HeldProducer held, CountProcess count, Published published, Map<String, Long> pids)
            throws InterruptedException {
        hold(held, options.facts());
        long bareRecords = releasedFacts;
        Measured bare = bare(count, pids);
        long before = published.records();
        Measured system = system(held, published, pids);
        long records = published.records() - before;
        long lastCounted = System.nanoTime();
        awaitPublished(published);
        double secondsToLast = (System.nanoTime() - lastCounted) / 1e9;
        progress.say(
                ("facts, round %d: bare count %,.0f/s, processor %,.0f/s (%.3f x), %,d records of windows meanwhile,"
                                + " the last %.1f s later")
                        .formatted(
                                number,
                                bare.perSecond,
                                system.perSecond,
                                system.perSecond / bare.perSecond,
                                records,
                                secondsToLast));
        return new RateFigures.Round(
                number,
                Math.round(system.perSecond),
                Math.round(system.wholePerSecond),
                Math.round(10 * secondsToLast) / 10.0,
                records,
                system.cpu,
                Math.round(bare.perSecond),
                bareRecords,
                bare.cpu);
    }

    /** Puts facts there that nobody can read yet. */
    private void hold(HeldProducer held, int facts) {
        Instant to = Instant.ofEpochMilli(clock.millis()).minus(World.OVER);
        load.fill(held.hold(), facts, to.minus(SPAN), to);
        held.flush();
    }

    /** Everything that is released by now, from the beginning, by a new application. */
    private Measured bare(CountProcess count, Map<String, Long> pids) throws InterruptedException {
        String name = "bench-count-" + ++passes;
        CpuMeter cpu = CpuMeter.start(pids);
        count.begin(name);
        Reading reading = Reading.follow(offsets, name, new Extent(Map.of(), released), DONE_WITHIN);
        CpuUse used = cpu.use((int) Math.round(releasedFacts / THOUSAND));
        count.end();
        return measured(reading, releasedFacts, used);
    }

    /** What is held, from when it is released. */
    private Measured system(HeldProducer held, Published published, Map<String, Long> pids)
            throws InterruptedException {
        Map<TopicPartition, Long> from = offsets.ends(TOPIC);
        Map<TopicPartition, Long> to = offsets.writtenEnds(TOPIC);
        long facts = load.facts() - releasedFacts;
        CpuMeter cpu = CpuMeter.start(pids);
        held.release();
        Reading reading = Reading.follow(offsets, GROUP, new Extent(from, to), DONE_WITHIN);
        CpuUse used = cpu.use((int) Math.round(facts / THOUSAND));
        released = to;
        releasedFacts = load.facts();
        published.check();
        return measured(reading, facts, used);
    }

    private static Measured measured(Reading reading, long facts, CpuUse cpu) {
        return new Measured(
                facts * reading.steadySharePerSecond(), facts * reading.sharePerSecond(), reading.seconds(), cpu);
    }

    private void awaitPublished(Published published) throws InterruptedException {
        if (!published.awaitCounted(load.counted(), PUBLISHED_WITHIN)) {
            findings.broken("facts: %,d facts are to be counted, the last revisions of windows have %,d"
                    .formatted(load.counted(), published.counted()));
        }
    }
}
