package io.guestflow.processor.sandbox.bench.analytics;

import io.guestflow.processor.sandbox.bench.Bound;
import io.guestflow.processor.sandbox.bench.Machine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * All that a run of {@code bench analytics} found; what was not measured is null.
 *
 * @param broken what was not as it must be; empty in a good run
 * @param remarks what makes figures worth less
 */
record AnalyticsFigures(
        String benchmark,
        Instant startedAt,
        double tookSeconds,
        Machine machine,
        AnalyticsBenchOptions options,
        @Nullable RateFigures facts,
        @Nullable WebhookFigures webhooks,
        @Nullable LiveFigures lateness,
        @Nullable LiveFigures dimensions,
        List<Bound> bounds,
        List<String> broken,
        List<String> remarks) {

    private static final double RSS_MOST_MB = 1_000;
    private static final double LATE_MOST_MS = 2_000;
    private static final double STATE_MOST_BYTES = 4 * 1024;

    /**
     * What the issue binds, measured or not, by its words: windows that are published, rows that are whole, all that is kept
     * of a row. A row of few that are busy is kept once for each partition of facts, as the issue wants it, so there its bound
     * is that of a part. What was measured otherwise stands beside it in the table.
     */
    static List<Bound> bounds(
            @Nullable RateFigures facts,
            @Nullable WebhookFigures webhooks,
            @Nullable LiveFigures lateness,
            @Nullable LiveFigures dimensions) {
        List<Bound> bounds = new ArrayList<>();
        bounds.add(
                Bound.atLeast("(a) facts to published windows / bare count", of(facts, RateFigures::ratio), 0.25, "x"));
        bounds.add(Bound.atLeast(
                "(b) webhooks to published windows",
                of(webhooks, figures -> figures.perSecond().median()),
                12_000,
                "/s"));
        bounds.add(Bound.atMost(
                "(c) whole rows after the grace, under load, most",
                of(lateness, figures -> figures.late().max()),
                LATE_MOST_MS,
                "ms"));
        bounds.add(Bound.atMost(
                "(c) the same with many dimensions, most",
                of(dimensions, figures -> figures.late().max()),
                LATE_MOST_MS,
                "ms"));
        bounds.add(Bound.atMost(
                "(d) state of an open window and dimension, of many, all partitions of facts",
                of(dimensions, figures -> figures.stored().mostBytesPerRow()),
                STATE_MOST_BYTES,
                "bytes"));
        bounds.add(Bound.atMost(
                "(d) the same for one partition of facts, the fullest window of (a)",
                of(facts, figures -> figures.stored().mostBytesPerPart()),
                STATE_MOST_BYTES,
                "bytes"));
        bounds.add(Bound.atMost(
                "(e) processor RSS with many dimensions", of(dimensions, LiveFigures::mostRssMb), RSS_MOST_MB, "MB"));
        return List.copyOf(bounds);
    }

    private static <T> @Nullable Double of(@Nullable T figures, ToDoubleFunction<T> figure) {
        return figures == null ? null : (Double) figure.applyAsDouble(figures);
    }
}
