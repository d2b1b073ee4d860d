package io.guestflow.processor.sandbox.bench.auth;

import io.guestflow.processor.sandbox.bench.Bound;
import io.guestflow.processor.sandbox.bench.Machine;
import io.guestflow.processor.sandbox.bench.Spread;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * All that a run of {@code bench auth} found.
 *
 * @param readySeconds from the start of the process to its ready line, after a clean stop, on existing topics
 * @param tokenCalls that the processor made, over all of one process's life
 * @param broken what was not as it must be; empty in a good run
 */
record AuthFigures(
        String benchmark,
        Instant startedAt,
        double tookSeconds,
        Machine machine,
        Conditions conditions,
        List<AtRate> latency,
        @Nullable HeldRate held,
        @Nullable Ceiling ceiling,
        @Nullable Spread readySeconds,
        List<Integer> tokenCalls,
        List<Bound> bounds,
        List<String> broken,
        List<Round> rounds) {

    /** Under which conditions it was measured. */
    record Conditions(
            int partitions,
            long simulatorDelayMs,
            int inFlight,
            String callsPerSecond,
            String arrivals,
            String added,
            AuthBenchOptions options) {}

    /** What the issue binds, measured or not. */
    static List<Bound> bounds(
            List<AtRate> latency, @Nullable HeldRate held, @Nullable Ceiling ceiling, @Nullable Spread readySeconds) {
        HeldRate.Try highest = held == null ? null : held.highest().orElse(null);
        Double rate = held == null ? null : Double.valueOf(highest == null ? 0 : highest.rate());
        Double ofCeiling = rate == null || ceiling == null ? null : rate / ceiling.guestsPerSecond();
        int at = AuthBenchOptions.BOUND_RATE;
        List<Bound> bounds = new ArrayList<>();
        bounds.add(Bound.atMost(
                "exactly_once_v2 at " + at + "/s: added p50 / floor p50",
                eos(latency, found -> found.systemToFloor().p50()),
                1.5,
                "x"));
        bounds.add(Bound.atMost(
                "exactly_once_v2 at " + at + "/s: added p99 / floor p99",
                eos(latency, found -> found.systemToFloor().p99()),
                2,
                "x"));
        bounds.add(Bound.atLeast("highest rate held", rate, 600, "/s"));
        bounds.add(Bound.atLeast("held rate / HTTP-only ceiling", ofCeiling, 0.35, "x"));
        bounds.add(Bound.atMost(
                "processor RSS at the held rate", highest == null ? null : highest.mostRssMiB(), 700, "MB"));
        bounds.add(Bound.atMost(
                "ready after a clean stop (median)", readySeconds == null ? null : readySeconds.median(), 5, "s"));
        return List.copyOf(bounds);
    }

    private static @Nullable Double eos(List<AtRate> latency, ToDoubleFunction<AtRate> figure) {
        Optional<AtRate> bound = latency.stream()
                .filter(found -> found.guarantee().equals(Guarantee.EOS) && found.rate() == AuthBenchOptions.BOUND_RATE)
                .findFirst();
        return bound.map(figure::applyAsDouble).orElse(null);
    }
}
