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

    AnalyticsRun(AnalyticsBenchOptions options, BenchPlace place, Path dir, Children children) throws IOException {
        this.options = options;
        this.machine = Machine.here(place.checkout());
        progress.say("starting broker and simulator");
        this.world = new World(place, dir, children);
    }

    AnalyticsFigures measure() throws InterruptedException {
        RateFigures facts = part(Part.FACTS, () -> new FactRate(options, world, clock, progress, findings).measure());
        WebhookFigures webhooks =
                part(Part.WEBHOOKS, () -> new WebhookRate(options, world, clock, progress, findings).measure());
        Lateness live = new Lateness(options, world, clock, progress, findings);
        LiveFigures lateness = part(Part.LATENESS, () -> live.measure("lateness", options.live(), Lateness.HALF));
        LiveFigures dimensions =
                part(Part.DIMENSIONS, () -> live.measure("dimensions", options.wide(), Lateness.QUARTER));
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

    private interface Measuring<T> {
        T measure() throws InterruptedException;
    }

    /** What a part found; null if it is not wanted, or broke: then the others are worth having still. */
    private <T> @Nullable T part(Part part, Measuring<T> measuring) throws InterruptedException {
        if (!options.runs(part)) {
            return null;
        }
        try {
            return measuring.measure();
        } catch (RuntimeException broke) {
            findings.broken(part.option() + " ended early: " + broke);
            return null;
        }
    }
}
