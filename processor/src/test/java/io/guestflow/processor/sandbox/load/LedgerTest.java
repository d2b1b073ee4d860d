package io.guestflow.processor.sandbox.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.sandbox.load.Workload.Answer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ten requests, one each 100 ms, the first after 50 ms. */
class LedgerTest {
    private static final long START = -5_000_000_000L;
    private static final long MS = 1_000_000;

    private final RequestIds ids = new RequestIds("run");
    private final Ledger ledger = new Ledger(ids, Arrivals.constant(10, Duration.ofSeconds(1)), START);

    @Test
    void latencyRunsFromTheTimeARequestWasDueHoweverLateItWasSent() {
        ledger.sent(0, START + 950 * MS);
        ledger.answered(good(0), START + 960 * MS);

        LoadReport report = ledger.report(Duration.ZERO);

        assertEquals(910, report.latencies().getMaxValue() / (double) MS, 1);
        assertEquals(900, report.sendLateness().getMaxValue() / (double) MS, 1);
    }

    @Test
    void whatTheSimulatorSpentIsTakenOffTheRequestThatItWasSpentOn() {
        send(2);
        ledger.answered(good(0), ledger.dueAt(0) + 130 * MS);
        ledger.answered(good(1), ledger.dueAt(1) + 150 * MS);
        Map<String, Long> simulator = Map.of(ids.of(0), 120 * MS, ids.of(1), 145 * MS);

        var added = ledger.report(Duration.ZERO).latenciesBeyond(simulator::get);

        assertEquals(5, added.getMinValue() / (double) MS, 0.1);
        assertEquals(10, added.getMaxValue() / (double) MS, 0.1);
    }

    @Test
    void theWarmUpIsNotInTheLatenciesButItsAnswersAreCounted() {
        send(10);
        for (int i = 0; i < 10; i++) {
            ledger.answered(good(i), ledger.dueAt(i) + (i < 5 ? 900 * MS : 20 * MS));
        }

        LoadReport report = ledger.report(Duration.ofMillis(500));

        assertEquals(5, report.latencies().getTotalCount());
        assertEquals(20, report.latencies().getMaxValue() / (double) MS, 0.1);
        assertEquals(10, report.counts().answered());
        assertTrue(report.counts().clean());
        assertFalse(report.allWithin(Duration.ofMillis(500)), "a held rate has no warm-up");
    }

    @Test
    void missingDoubledReplayedAndWrongAnswersAreToldApart() {
        send(10);
        for (int i = 0; i < 8; i++) {
            ledger.answered(good(i), ledger.dueAt(i) + MS);
        }
        ledger.answered(good(3), ledger.dueAt(3) + 2 * MS);
        ledger.answered(new Answer(ids.of(4), true, "GOOD", true), ledger.dueAt(4) + 2 * MS);
        ledger.answered(new Answer(ids.of(8), false, "DEADLINE_EXCEEDED", false), ledger.dueAt(8) + MS);

        LoadReport report = ledger.report(Duration.ZERO);

        assertEquals(new LoadReport.Counts(10, 10, 9, 8, 1, 1, 0, 0), report.counts());
        assertEquals(1, report.counts().missing());
        assertEquals(Map.of("GOOD", 8, "DEADLINE_EXCEEDED", 1), report.outcomes());
        assertFalse(report.counts().accounted());
        assertFalse(report.counts().clean());
        assertFalse(report.allWithin(Duration.ofSeconds(1)), "one has no answer");
    }

    @Test
    void aWrongAnswerIsAccountedForButNotClean() {
        send(1);
        ledger.answered(new Answer(ids.of(0), false, "DEADLINE_EXCEEDED", false), ledger.dueAt(0) + MS);

        assertTrue(ledger.report(Duration.ZERO).counts().accounted());
        assertFalse(ledger.report(Duration.ZERO).counts().clean());
    }

    @Test
    void anAnswerToNothingThatWasSentIsNotTaken() {
        send(2);

        assertFalse(ledger.answered(good(2), START));
        assertFalse(ledger.answered(new Answer("other-0", false, "GOOD", true), START));
        ledger.unexpected();

        assertEquals(1, ledger.report(Duration.ZERO).counts().unexpected());
        assertEquals(0, ledger.report(Duration.ZERO).counts().answered());
    }

    @Test
    void aRequestIsLateWhenItsAnswerWasOrWhenItHasNone() {
        Duration limit = Duration.ofMillis(200);
        send(3);
        assertFalse(ledger.lateBy(limit, ledger.dueAt(0) + 199 * MS));
        assertTrue(ledger.lateBy(limit, ledger.dueAt(0) + 201 * MS));

        ledger.answered(good(0), ledger.dueAt(0) + 10 * MS);
        assertFalse(ledger.lateBy(limit, ledger.dueAt(0) + 201 * MS), "the next one was due 100 ms later");

        ledger.answered(good(1), ledger.dueAt(1) + 300 * MS);
        assertTrue(ledger.lateBy(limit, ledger.dueAt(1) + 300 * MS));
    }

    @Test
    void aRunThatWasBrokenOffHasHeldNothing() {
        send(5);
        for (int i = 0; i < 5; i++) {
            ledger.answered(good(i), ledger.dueAt(i) + MS);
        }

        LoadReport report = ledger.report(Duration.ZERO);

        assertTrue(report.counts().clean());
        assertFalse(report.allWithin(Duration.ofSeconds(2)));
    }

    @Test
    @Timeout(20)
    void waitingEndsWithTheLastAnswerOrWithTheRefusalOfTheBroker() throws Exception {
        send(2);
        long farAway = System.nanoTime() + Duration.ofMinutes(5).toNanos();
        Thread.ofVirtual().start(() -> {
            ledger.answered(good(0), START);
            ledger.sendFailed();
        });

        ledger.awaitAnswers(farAway);

        assertEquals(1, ledger.report(Duration.ZERO).counts().sendFailures());
        assertFalse(ledger.report(Duration.ZERO).counts().clean());
    }

    private void send(int count) {
        for (int i = 0; i < count; i++) {
            ledger.sent(i, ledger.dueAt(i));
        }
    }

    private Answer good(int index) {
        return new Answer(ids.of(index), false, "GOOD", true);
    }
}
