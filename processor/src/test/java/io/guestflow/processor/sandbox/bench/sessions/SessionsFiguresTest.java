package io.guestflow.processor.sandbox.bench.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.sandbox.bench.Bound;
import io.guestflow.processor.sandbox.bench.Machine;
import io.guestflow.processor.sandbox.bench.Percentiles;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionsFiguresTest {
    private static final Percentiles SOME = new Percentiles(100, 90, 400, 1_400, 2_000);

    @Test
    void whatTheIssueBindsIsHeldAgainstTheFigures() {
        List<Bound> bounds =
                SessionsFigures.bounds(ticks(10_000, 50), ticks(1_000_000, 70), restore(), lateness(), events());

        assertEquals(
                List.of(true, false, false, true, false, true, false),
                bounds.stream().map(Bound::isMissed).toList());
        assertEquals(1.4, bounds.getFirst().measured());
    }

    @Test
    void whatWasNotMeasuredIsNeitherMetNorMissed() {
        List<Bound> bounds = SessionsFigures.bounds(null, null, null, null, null);

        assertEquals(7, bounds.size());
        assertTrue(bounds.stream().allMatch(bound -> bound.line().endsWith("not measured")));
    }

    @Test
    void theTableHasAllOfIt() {
        var machine = new Machine(2, 16_000, "Linux", "25", "4.3.1", "abc", 0.5);
        String table = SessionsTable.of(new SessionsFigures(
                "sessions",
                Instant.EPOCH,
                100,
                machine,
                SessionsBenchOptions.defaults(),
                ticks(10_000, 50),
                ticks(1_000_000, 55),
                restore(),
                lateness(),
                events(),
                SessionsFigures.bounds(null, null, null, null, null),
                List.of("one thing is 100 % broken"),
                List.of()));

        for (String word : List.of(
                "tick",
                "refresh",
                "expiry",
                "changelogs",
                "auth 50/s",
                "webhooks",
                "restart",
                "takeover",
                "Bounds",
                "100 % broken")) {
            assertTrue(table.contains(word), () -> word + " is not in\n" + table);
        }
        assertFalse(table.contains("NOTES"));
    }

    private static Ticks ticks(int live, double cpu) {
        return new Ticks(live, 20, cpu, 12, SOME);
    }

    private static RestoreFigures restore() {
        return new RestoreFigures(1_200, 300, 6, 40, 500.0, 8, null);
    }

    private static LatenessFigures lateness() {
        return new LatenessFigures(
                90,
                SOME,
                SOME,
                SOME,
                2_500,
                100_000,
                1_300,
                Map.of("guestflow-sessions-sessions-changelog", 1_000L),
                900,
                2_400,
                new Percentiles(3_000, 10, 20, 30, 40),
                new Percentiles(3_000, 21, 30, 55, 80));
    }

    private static EventFigures events() {
        return new EventFigures(600_000, 1_000, 9_000, 14_000, 400_000, 800);
    }
}
