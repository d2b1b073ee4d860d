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
 * @param perSecond facts until the last revisions of windows that have them could be read, without the first fifth
 * @param countedPerSecond facts until they are counted, without the first fifth: what is published later is not in it
 * @param barePerSecond records, of the bare count, while it was busy, without the first fifth
 * @param leastPerSecond records, of the count by nothing
 * @param ratio of the medians, published to bare
 * @param countedRatio of the medians, counted to bare
 * @param leastRatio of the medians, published to the count by nothing
 * @param secondsToLast from the last fact that was counted until all last revisions were out
 * @param stored what is kept of the fullest window
 */
record RateFigures(
        Map<String, Double> percentOfKinds,
        double bytesPerFact,
        Spread perSecond,
        Spread countedPerSecond,
        Spread barePerSecond,
        Spread leastPerSecond,
        double ratio,
        double countedRatio,
        double leastRatio,
        Spread secondsToLast,
        double mostRssMiB,
        StoredRows stored,
        List<Round> rounds) {

    /**
     * One measurement of both.
     *
     * @param facts in the backlog
     * @param perSecond facts, until last revisions that have them were out, without the first fifth
     * @param countedPerSecond until the last was counted, without the first fifth
     * @param published records on guest-metrics meanwhile
     * @param cpu seconds of processor time for a million facts, by process, until all was out
     * @param bareRecords in all passes together
     * @param bareCpu the same for a million records of the bare count
     * @param leastPerSecond records, of the count by nothing
     */
    record Round(
            int number,
            long facts,
            double perSecond,
            double countedPerSecond,
            double secondsToLast,
            long published,
            CpuUse cpu,
            double barePerSecond,
            long bareRecords,
            CpuUse bareCpu,
            double leastPerSecond) {}

    static RateFigures of(List<Round> rounds, FactLoad load, double mostRssMiB, StoredRows stored) {
        Spread published = spread(rounds, Round::perSecond);
        Spread counted = spread(rounds, Round::countedPerSecond);
        Spread bare = spread(rounds, Round::barePerSecond);
        Spread least = spread(rounds, Round::leastPerSecond);
        return new RateFigures(
                load.percent(),
                load.bytesPerFact(),
                published,
                counted,
                bare,
                least,
                ratio(published, bare),
                ratio(counted, bare),
                ratio(published, least),
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

    private static double ratio(Spread ours, Spread bare) {
        return Math.round(1000 * ours.median() / bare.median()) / 1000.0;
    }

    private static Spread spread(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return Spread.of(rounds, figure);
    }
}
