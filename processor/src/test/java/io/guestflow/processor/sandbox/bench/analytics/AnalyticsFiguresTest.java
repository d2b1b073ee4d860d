package io.guestflow.processor.sandbox.bench.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.sandbox.bench.Bound;
import io.guestflow.processor.sandbox.bench.CpuUse;
import io.guestflow.processor.sandbox.bench.Machine;
import io.guestflow.processor.sandbox.bench.Percentiles;
import io.guestflow.processor.sandbox.bench.Spread;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnalyticsFiguresTest {
    private static final CpuUse CPU = new CpuUse(Map.of("processor", 30.0), 0.2);

    @Test
    void whatTheIssueBindsIsHeldAgainstTheFigures() {
        List<Bound> bounds = AnalyticsFigures.bounds(facts(), webhooks(), live(1_500, 900), live(2_500, 1_100));

        assertEquals(
                List.of(true, true, false, true, true, false, true),
                bounds.stream().map(Bound::isMissed).toList());
        assertEquals(0.2, bounds.getFirst().measured());
    }

    @Test
    void whatWasNotMeasuredIsNeitherMetNorMissed() {
        List<Bound> bounds = AnalyticsFigures.bounds(null, null, null, null);

        assertEquals(7, bounds.size());
        assertTrue(bounds.stream().allMatch(bound -> bound.line().endsWith("not measured")));
    }

    @Test
    void theMedianOfTheRoundsIsWhatCounts() {
        assertEquals(90_000, facts().perSecond().median());
        assertEquals(100_000, facts().countedPerSecond().median());
        assertEquals(450_000, facts().barePerSecond().median());
        assertEquals(0.2, facts().ratio());
        assertEquals(0.222, facts().countedRatio());
        assertEquals(0.1, facts().leastRatio());
    }

    @Test
    void aPartIsKeptWhereItIsCountedAndWhereItIsMerged() {
        StoredRows stored = facts().stored();

        assertEquals(41_000, stored.mostBytesPerRow());
        assertEquals(1_700 + 21_000 * 20 / 240.0, stored.mostBytesPerPart());
    }

    @Test
    void memoryIsComparedInTheUnitOfTheBound() {
        assertEquals(1_048.6, live(1_500, 1_000).mostRssMb());
        assertFalse(bounds(live(1_500, 953)).getLast().isMissed());
        assertTrue(bounds(live(1_500, 954)).getLast().isMissed());
    }

    @Test
    void whatIsKeptForTwoDaysIsReckonedFromOneWindow() {
        // 2,880 windows of 10,000 rows of 3,000 and 5,000 bytes.
        assertEquals(230.4, live(1_500, 900).keptGb(), 0.01);
        assertEquals(0.5, live(1_500, 900).share());
    }

    @Test
    void theTableHasAllOfIt() {
        var machine = new Machine(2, 16_000, "Linux", "25", "4.3.1", "abc", 0.5);
        String table = AnalyticsTable.of(new AnalyticsFigures(
                "analytics",
                Instant.EPOCH,
                100,
                machine,
                AnalyticsBenchOptions.defaults(),
                facts(),
                webhooks(),
                live(1_500, 900),
                live(2_500, 1_100),
                AnalyticsFigures.bounds(null, null, null, null),
                List.of("one thing is 100 % broken"),
                List.of()));

        for (String word : List.of(
                "facts",
                "MessageSeen 70.0 %",
                "bare count",
                "ratio",
                "published",
                "counted",
                "50 % of the 8,000",
                "not whole at first",
                "944 MB",
                "48 h",
                "webhooks",
                "lateness",
                "dimensions",
                "state",
                "others 0.2 cores",
                "Bounds",
                "100 % broken")) {
            assertTrue(table.contains(word), () -> word + " is not in\n" + table);
        }
        assertFalse(table.contains("NOTES"));
    }

    private static List<Bound> bounds(LiveFigures dimensions) {
        return AnalyticsFigures.bounds(null, null, null, dimensions);
    }

    private static RateFigures facts() {
        FactLoad none = new FactLoad(1, 1, Duration.ofMinutes(1));
        RateFigures figures = RateFigures.of(
                List.of(round(1, 80_000, 500_000), round(2, 90_000, 450_000), round(3, 95_000, 400_000)),
                none,
                700,
                new StoredRows(20, 240, 20_000, 1_700, 21_000));
        return new RateFigures(
                Map.of("MessageSeen", 70.0),
                500,
                figures.perSecond(),
                figures.countedPerSecond(),
                figures.barePerSecond(),
                figures.leastPerSecond(),
                figures.ratio(),
                figures.countedRatio(),
                figures.leastRatio(),
                figures.secondsToLast(),
                figures.mostRssMiB(),
                figures.stored(),
                figures.rounds());
    }

    private static RateFigures.Round round(int number, double perSecond, double barePerSecond) {
        return new RateFigures.Round(
                number,
                5_400_000,
                perSecond,
                perSecond + 10_000,
                7,
                900,
                CPU,
                barePerSecond,
                1_000_000,
                CPU,
                2 * barePerSecond);
    }

    private static WebhookFigures webhooks() {
        return WebhookFigures.of(
                List.of(new WebhookFigures.Round(1, 300_000, 190_000, 11_000, 13_000, 13_500, CPU)), 1_100, 800);
    }

    private static LiveFigures live(double mostLateMs, double mostRssMiB) {
        return new LiveFigures(
                new AnalyticsBenchOptions.Live(10_000, 4_000, Duration.ofMinutes(1), 3, Duration.ofMinutes(1)),
                8_000,
                720_000,
                30_000,
                new Percentiles(30_000, 500, 900, 1_200, mostLateMs),
                new Spread(1_000, 900, mostLateMs),
                1_400,
                3,
                12,
                mostRssMiB,
                300,
                new StoredRows(10_000, 105_000, mostLateMs * 2, 400, 5_000),
                CPU,
                0.05);
    }
}
