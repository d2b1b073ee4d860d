package io.guestflow.processor.sandbox.bench.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.sandbox.bench.Bound;
import io.guestflow.processor.sandbox.bench.CpuUse;
import io.guestflow.processor.sandbox.bench.Percentiles;
import io.guestflow.processor.sandbox.bench.Spread;
import io.guestflow.processor.sandbox.load.LoadReport.Counts;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuthFiguresTest {
    private static final CpuUse CPU = new CpuUse(Map.of("system", 1.0), 0);
    private static final Counts CLEAN = new Counts(1, 1, 1, 1, 0, 0, 0, 0);

    @Test
    void theBoundsAreHeldAgainstTheMediansOfExactlyOnceAt200() {
        List<AtRate> latency = AtRate.of(List.of(
                round("floor", Guarantee.EOS, 200, 10, 20),
                round("system", Guarantee.EOS, 200, 14, 30),
                round("floor", Guarantee.EOS, 200, 10, 20),
                round("system", Guarantee.EOS, 200, 99, 99),
                round("floor", Guarantee.EOS, 200, 30, 90),
                round("system", Guarantee.EOS, 200, 13, 41),
                round("floor", Guarantee.EOS, 500, 1, 1),
                round("system", Guarantee.EOS, 500, 100, 100),
                round("floor", Guarantee.ALOS, 200, 1, 1),
                round("system", Guarantee.ALOS, 200, 100, 100)));

        List<Bound> bounds = AuthFigures.bounds(latency, null, null, null);

        assertEquals(1.4, bounds.get(0).measured());
        assertFalse(bounds.get(0).isMissed());
        assertEquals(41 / 20.0, bounds.get(1).measured());
        assertTrue(bounds.get(1).isMissed());
        assertTrue(bounds.get(1).line().contains("MISSED"));
        assertEquals(14, latency.getFirst().system().p50().median());
        assertEquals(13, latency.getFirst().system().p50().least());
        assertEquals(99, latency.getFirst().system().p50().most());
    }

    @Test
    void theHeldRateIsTheHighestThatWasHeldForTheFullTime() {
        var held = new HeldRate(List.of(
                attempt(600, false, true, 400),
                attempt(800, false, true, 450),
                attempt(1000, false, false, 500),
                attempt(800, true, false, 710),
                attempt(600, true, true, 690)));

        List<Bound> bounds = AuthFigures.bounds(List.of(), held, new Ceiling(256, 2000, 0), null);

        assertEquals(600.0, bounds.get(2).measured());
        assertFalse(bounds.get(2).isMissed());
        assertEquals(0.3, bounds.get(3).measured());
        assertTrue(bounds.get(3).isMissed());
        assertEquals(690.0, bounds.get(4).measured());
        assertFalse(bounds.get(4).isMissed());
    }

    @Test
    void aSearchThatHeldNothingMissesTheBound() {
        var held = new HeldRate(List.of(attempt(600, false, false, 400), attempt(600, true, false, 400)));

        List<Bound> bounds = AuthFigures.bounds(List.of(), held, null, null);

        assertEquals(0.0, bounds.get(2).measured());
        assertTrue(bounds.get(2).isMissed());
    }

    @Test
    void whatWasNotMeasuredIsNeitherMetNorMissed() {
        List<Bound> bounds = AuthFigures.bounds(List.of(), null, null, new Spread(4.9, 4, 5.1));

        assertEquals(6, bounds.size());
        assertEquals(0, bounds.stream().filter(Bound::isMissed).count());
        assertEquals(
                5,
                bounds.stream()
                        .filter(bound -> bound.line().contains("not measured"))
                        .count());
        assertEquals(4.9, bounds.get(5).measured());
    }

    private static Round round(String side, String guarantee, int rate, double p50, double p99) {
        var latency = new Percentiles(1, p50, p50, p99, p99);
        return new Round(
                side,
                guarantee,
                rate,
                1,
                latency,
                latency,
                latency,
                120,
                CPU,
                new HopTimes.Means(1, 2, 3),
                Map.of(Hop.COMMANDS, 1.0),
                CLEAN);
    }

    private static HeldRate.Try attempt(int rate, boolean full, boolean held, double rssMiB) {
        return new HeldRate.Try(rate, 30, full, held, new Percentiles(1, 1, 1, 1, 1), rssMiB, CPU, CLEAN);
    }
}
