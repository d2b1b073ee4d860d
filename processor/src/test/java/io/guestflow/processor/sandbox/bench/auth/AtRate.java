package io.guestflow.processor.sandbox.bench.auth;

import io.guestflow.processor.sandbox.bench.Percentiles;
import io.guestflow.processor.sandbox.bench.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All rounds of one guarantee at one rate. */
record AtRate(String guarantee, int rate, Latencies system, Latencies floor, Ratios systemToFloor, Costs costs) {

    /** Added latency in milliseconds. */
    record Latencies(Spread p50, Spread p90, Spread p99, Spread max) {
        private static Latencies of(List<Round> rounds) {
            return new Latencies(
                    of(rounds, Percentiles::p50),
                    of(rounds, Percentiles::p90),
                    of(rounds, Percentiles::p99),
                    of(rounds, Percentiles::max));
        }

        private static Spread of(List<Round> rounds, ToDoubleFunction<Percentiles> figure) {
            return Spread.of(rounds, round -> figure.applyAsDouble(round.added()));
        }
    }

    /** Of the medians. */
    record Ratios(double p50, double p90, double p99) {}

    /**
     * What the system costs; medians.
     *
     * @param simulatorMs the simulator's own time for a request, which is not in the latencies
     * @param othersCores processors that were busy with something else in the rounds of both sides
     * @param systemWrites records and markers that a request leaves on all hops
     * @param floorWrites the same of the floor: that they are close shows that the comparison is fair
     */
    record Costs(
            double processorCpuPer1000,
            double brokerCpuPer1000,
            double simulatorMs,
            double othersCores,
            double systemWrites,
            double floorWrites) {}

    /** In the order in which they were measured. */
    static List<AtRate> of(List<Round> rounds) {
        List<AtRate> all = new ArrayList<>();
        rounds.stream()
                .map(Round::guarantee)
                .distinct()
                .forEach(guarantee -> rounds.stream()
                        .map(Round::rate)
                        .distinct()
                        .forEach(rate -> {
                            var bySide = rounds.stream()
                                    .filter(round -> round.guarantee().equals(guarantee) && round.rate() == rate)
                                    .collect(Collectors.partitioningBy(
                                            round -> round.side().equals("system")));
                            if (!bySide.get(true).isEmpty()
                                    && !bySide.get(false).isEmpty()) {
                                all.add(of(guarantee, rate, bySide.get(true), bySide.get(false)));
                            }
                        }));
        return all;
    }

    private static AtRate of(String guarantee, int rate, List<Round> system, List<Round> floor) {
        Latencies ours = Latencies.of(system);
        Latencies bare = Latencies.of(floor);
        List<Round> both = Stream.concat(system.stream(), floor.stream()).toList();
        return new AtRate(
                guarantee,
                rate,
                ours,
                bare,
                new Ratios(ratio(ours.p50, bare.p50), ratio(ours.p90, bare.p90), ratio(ours.p99, bare.p99)),
                new Costs(
                        Spread.of(system, Round::cpuPer1000).median(),
                        Spread.of(system, Round::brokerCpuPer1000).median(),
                        Spread.of(system, Round::simulatorMs).median(),
                        Spread.of(both, Round::othersCores).median(),
                        Spread.of(system, Round::writes).median(),
                        Spread.of(floor, Round::writes).median()));
    }

    private static double ratio(Spread ours, Spread bare) {
        return Math.round(1000 * ours.median() / bare.median()) / 1000.0;
    }
}
