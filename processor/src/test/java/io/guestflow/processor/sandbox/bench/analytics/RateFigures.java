package io.guestflow.processor.sandbox.bench.analytics;

import io.guestflow.processor.sandbox.bench.CpuUse;
import io.guestflow.processor.sandbox.bench.Spread;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * How fast the processor works off facts, beside a bare count of the same records.
 *
 * @param percentOfKinds what the facts were
 * @param perSecond facts of a backlog, without its first fifth, while their windows were published
 * @param barePerSecond records, of the bare count, without the first fifth
 * @param ratio of the medians
 * @param secondsToLast from the last fact that was counted until all last revisions were out
 * @param stored what is kept of the fullest window
 */
record RateFigures(
        Map<String, Double> percentOfKinds,
        double bytesPerFact,
        Spread perSecond,
        Spread barePerSecond,
        double ratio,
        Spread secondsToLast,
        double mostRssMiB,
        StoredRows stored,
        List<Round> rounds) {

    /**
     * One measurement of both.
     *
     * @param perSecond facts, without the first fifth of the backlog
     * @param wholePerSecond with it
     * @param published records on guest-metrics meanwhile
     * @param cpu seconds of processor time for a million facts, by process
     * @param bareCpu the same for a million records of the bare count
     */
    record Round(
            int number,
            double perSecond,
            double wholePerSecond,
            double secondsToLast,
            long published,
            CpuUse cpu,
            double barePerSecond,
            long bareRecords,
            CpuUse bareCpu) {}

    static RateFigures of(List<Round> rounds, FactLoad load, double mostRssMiB, StoredRows stored) {
        Spread ours = spread(rounds, Round::perSecond);
        Spread bare = spread(rounds, Round::barePerSecond);
        return new RateFigures(
                load.percent(),
                load.bytesPerFact(),
                ours,
                bare,
                Math.round(1000 * ours.median() / bare.median()) / 1000.0,
                spread(rounds, Round::secondsToLast),
                mostRssMiB,
                stored,
                List.copyOf(rounds));
    }

    double othersCores() {
        return Math.max(
                spread(rounds, round -> round.cpu().othersCores()).median(),
                spread(rounds, round -> round.bareCpu().othersCores()).median());
    }

    private static Spread spread(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return Spread.of(rounds, figure);
    }
}
