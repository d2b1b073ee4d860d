package io.guestflow.processor.sandbox.bench.analytics;

import io.guestflow.processor.sandbox.bench.BenchPlace;
import io.guestflow.processor.sandbox.bench.Children;
import io.guestflow.processor.sandbox.bench.Findings;
import io.guestflow.processor.sandbox.bench.Machine;
import io.guestflow.processor.sandbox.bench.Progress;
import io.guestflow.processor.sandbox.bench.analytics.AnalyticsBenchOptions.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** One run: broker and simulator stay, and each part has a new processor on an empty broker. */
final class AnalyticsRun {
    private final AnalyticsBenchOptions options;
    private final InstantSource clock = InstantSource.system();
    private final Progress progress = new Progress();
    private final Findings findings = new Findings(progress);
    private final Instant startedAt = clock.instant();
    private final Machine machine;
    private final World world;

    private @Nullable RateFigures facts;
    private @Nullable WebhookFigures webhooks;
    private @Nullable LiveFigures lateness;
    private @Nullable LiveFigures dimensions;

    AnalyticsRun(AnalyticsBenchOptions options, BenchPlace place, Path dir, Children children) throws IOException {
        this.options = options;
        this.machine = Machine.here(place.checkout());
        progress.say("starting broker and simulator");
        this.world = new World(place, dir, children);
    }

    AnalyticsFigures measure() throws InterruptedException {
        try {
            if (options.runs(Part.FACTS)) {
                facts = new FactRate(options, world, clock, progress, findings).measure();
            }
            if (options.runs(Part.WEBHOOKS)) {
                webhooks = new WebhookRate(options, world, clock, progress, findings).measure();
            }
            Lateness live = new Lateness(options, world, clock, progress, findings);
            if (options.runs(Part.LATENESS)) {
                lateness = live.measure("lateness", options.live());
            }
            if (options.runs(Part.DIMENSIONS)) {
                dimensions = live.measure("dimensions", options.wide());
            }
        } catch (RuntimeException broke) {
            // What was measured before is worth having.
            findings.broken("the run ended early: " + broke);
        }
        return new AnalyticsFigures(
                "analytics",
                startedAt,
                progress.seconds(),
                machine,
                options,
                facts,
                webhooks,
                lateness,
                dimensions,
                AnalyticsFigures.bounds(facts, webhooks, lateness, dimensions),
                findings.broken(),
                findings.remarks());
    }
}
