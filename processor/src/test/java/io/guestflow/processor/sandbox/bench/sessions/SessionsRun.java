package io.guestflow.processor.sandbox.bench.sessions;

import io.guestflow.processor.sandbox.ProcessorProcess;
import io.guestflow.processor.sandbox.bench.BenchPlace;
import io.guestflow.processor.sandbox.bench.Children;
import io.guestflow.processor.sandbox.bench.Findings;
import io.guestflow.processor.sandbox.bench.Machine;
import io.guestflow.processor.sandbox.bench.PeakRss;
import io.guestflow.processor.sandbox.bench.Progress;
import io.guestflow.processor.sandbox.bench.sessions.SessionsBenchOptions.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** One run: broker and simulator stay, and each part begins on an empty broker. */
final class SessionsRun {
    private static final Duration LOADED_WITHIN = Duration.ofMinutes(30);

    private final SessionsBenchOptions options;
    private final InstantSource clock = InstantSource.system();
    private final Progress progress = new Progress();
    private final Findings findings = new Findings(progress);
    private final Instant startedAt = clock.instant();
    private final Machine machine;
    private final World world;

    private @Nullable Ticks few;
    private @Nullable Ticks many;
    private @Nullable RestoreFigures restore;
    private @Nullable LatenessFigures lateness;
    private @Nullable EventFigures events;

    SessionsRun(SessionsBenchOptions options, BenchPlace place, Path dir, Children children) throws IOException {
        this.options = options;
        this.machine = Machine.here(place.checkout());
        progress.say("starting broker and simulator");
        this.world = new World(options, place, dir, children);
    }

    SessionsFigures measure() throws InterruptedException {
        try {
            if (options.runs(Part.TICK) || options.runs(Part.RESTORE)) {
                farAway();
            }
            if (options.runs(Part.EVENTS)) {
                events = new EventRate(options, world, clock, progress, findings).measure();
            }
            if (options.runs(Part.LATENESS)) {
                lateness = new Lateness(options, world, clock, progress, findings).measure();
            }
        } catch (RuntimeException broke) {
            // What was measured before is worth having.
            findings.broken("the run ended early: " + broke);
        }
        return new SessionsFigures(
                "sessions",
                startedAt,
                progress.seconds(),
                machine,
                options,
                few,
                many,
                restore,
                lateness,
                events,
                SessionsFigures.bounds(few, many, restore, lateness, events),
                findings.broken(),
                findings.remarks());
    }

    /** Sessions of which none comes due by itself: first few, then many, then through restarts. */
    private void farAway() throws InterruptedException {
        world.wipe();
        ProcessorProcess processor = world.start("first");
        var crowd = new Crowd("far");
        try (Watch watch = Watch.start(world.bootstrap(), clock);
                Openings openings = new Openings(world.bootstrap(), World.PARTITIONS)) {
            double mostRssMiB;
            try (PeakRss rss = PeakRss.of(processor::rssBytes)) {
                load(crowd, 0, options.few(), openings, watch);
                var ticks = new TickCost(clock, progress, findings);
                if (options.runs(Part.TICK)) {
                    few = ticks.measure(options.few(), options.batches(), processor.pid(), watch, openings);
                }
                load(crowd, options.few(), options.many(), openings, watch);
                if (options.runs(Part.TICK)) {
                    many = ticks.measure(options.many(), options.batches(), processor.pid(), watch, openings);
                }
                mostRssMiB = rss.mib();
            }
            if (options.runs(Part.RESTORE)) {
                restore = new Restores(world, clock, progress).measure(processor, mostRssMiB, watch, openings);
            } else {
                world.stop(processor);
            }
        }
    }

    private void load(Crowd crowd, int from, int to, Openings openings, Watch watch) throws InterruptedException {
        Loading.load(crowd, from, to, clock.instant(), Loading.far(clock), openings, watch, LOADED_WITHIN, progress);
    }
}
