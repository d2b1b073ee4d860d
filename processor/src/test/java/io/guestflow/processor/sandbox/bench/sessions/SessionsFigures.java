package io.guestflow.processor.sandbox.bench.sessions;

import io.guestflow.processor.sandbox.bench.Bound;
import io.guestflow.processor.sandbox.bench.Machine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a run of {@code bench sessions} found; what was not measured is null.
 *
 * @param broken what was not as it must be; empty in a good run
 * @param remarks what makes figures worth less
 */
record SessionsFigures(
        String benchmark,
        Instant startedAt,
        double tookSeconds,
        Machine machine,
        SessionsBenchOptions options,
        @Nullable Ticks few,
        @Nullable Ticks many,
        @Nullable RestoreFigures restore,
        @Nullable LatenessFigures lateness,
        @Nullable EventFigures events,
        List<Bound> bounds,
        List<String> broken,
        List<String> remarks) {

    /** What the issue binds, measured or not. */
    static List<Bound> bounds(
            @Nullable Ticks few,
            @Nullable Ticks many,
            @Nullable RestoreFigures restore,
            @Nullable LatenessFigures lateness,
            @Nullable EventFigures events) {
        List<Bound> bounds = new ArrayList<>();
        bounds.add(Bound.atMost(
                "(a) tick of 1,000 due: many live / few live",
                few == null || many == null ? null : (Double) (many.cpuMsPerBatch() / few.cpuMsPerBatch()),
                1.3,
                "x"));
        bounds.add(Bound.atMost(
                "(b) lateness of refreshes, p99",
                lateness == null ? null : (Double) lateness.refreshes().p99(),
                1_500,
                "ms"));
        bounds.add(Bound.atMost(
                "(b) lateness of expiries, p99",
                lateness == null ? null : (Double) lateness.expiries().p99(),
                1_500,
                "ms"));
        bounds.add(Bound.atLeast(
                "(c) webhooks applied", events == null ? null : (Double) events.steadyPerSecond(), 15_000, "/s"));
        bounds.add(Bound.atMost("(d) processor RSS with all sessions", mostRssMiB(restore, lateness), 1_500, "MB"));
        bounds.add(Bound.atMost(
                "(e) added p50 of 50 auth/s, meanwhile / idle",
                lateness == null
                        ? null
                        : (Double) (lateness.authMeanwhile().p50()
                                / lateness.authIdle().p50()),
                2,
                "x"));
        bounds.add(Bound.atMost(
                "(e) added p99 of 50 auth/s, meanwhile / idle",
                lateness == null
                        ? null
                        : (Double) (lateness.authMeanwhile().p99()
                                / lateness.authIdle().p99()),
                2,
                "x"));
        return List.copyOf(bounds);
    }

    private static @Nullable Double mostRssMiB(@Nullable RestoreFigures restore, @Nullable LatenessFigures lateness) {
        if (restore == null && lateness == null) {
            return null;
        }
        return Math.max(restore == null ? 0 : restore.mostRssMiB(), lateness == null ? 0 : lateness.mostRssMiB());
    }
}
