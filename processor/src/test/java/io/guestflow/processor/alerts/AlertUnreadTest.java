package io.guestflow.processor.alerts;

import static io.guestflow.contracts.alerts.AlertState.FIRING;
import static io.guestflow.contracts.alerts.AlertState.RESOLVED;
import static io.guestflow.processor.alerts.Given.RULES;
import static io.guestflow.processor.alerts.Given.SLOT;
import static io.guestflow.processor.alerts.Given.WEB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.alerts.Alert;
import io.guestflow.processor.wire.ReadMark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What fires is not over because nobody knows: facts of three partitions, of which the first one runs here. */
class AlertUnreadTest {
    private static final int PARTITIONS = 3;

    @TempDir
    Path dir;

    private AlertHarness alerts;

    @BeforeEach
    void fire() {
        alerts = new AlertHarness(RULES, dir, PARTITIONS);
        alerts.advance(SLOT);
        alerts.attempts(10, 10);
        alerts.untilJudged();
        assertEquals(List.of(FIRING, FIRING), alerts.states(), "for that, no partition is waited for");
    }

    @AfterEach
    void stop() {
        alerts.close();
    }

    @Test
    void itIsOverWhenAllPartitionsAreReadAndTheIdleOnesToo() {
        othersAreRead(Duration.ofMinutes(6), Duration.ZERO);
        assertEquals(List.of(RESOLVED, RESOLVED), alerts.states());
    }

    @Test
    void onePartitionThatTellsNothingIsWaitedFor() {
        long slots = Duration.ofMinutes(30).dividedBy(SLOT);
        for (int slot = 0; slot < slots; slot++) {
            alerts.read(1, alerts.now());
            alerts.advance(SLOT);
        }
        assertEquals(List.of(), alerts.alerts());
        assertEquals(2, alerts.gauge("guestflow.alerts.firing", "alert", "AUTH_ERROR_RATE"));
        othersAreRead(SLOT.multipliedBy(2), Duration.ZERO);
        assertEquals(List.of(RESOLVED, RESOLVED), alerts.states());
        othersAreRead(Duration.ofMinutes(10), Duration.ZERO);
        assertEquals(List.of(), alerts.alerts());
    }

    @Test
    void itIsNotOverByWhatIsReadOfAWindowWhoseRestIsBad() {
        // Here all is well again, and the others have not been read since.
        for (int slot = 0; slot < 12; slot++) {
            alerts.attempts(100, 0);
            alerts.advance(SLOT);
        }
        assertEquals(List.of(), alerts.alerts());
        long slotMs = RULES.slotOf(alerts.now().toEpochMilli()) - 2 * SLOT.toMillis();
        alerts.counts(new Counts(1_000, 1_000, 0, 0, 0, 0).told(Alert.ALL, slotMs, SLOT.toMillis(), 1));
        othersAreRead(Duration.ofMinutes(1), Duration.ZERO);
        assertEquals(List.of(Alert.channel(WEB)), alerts.scopes(), "in the channel it is over; over all it is not");
    }

    /** As under load that is a little too much: each window is judged a few slots later, and not for ever unread. */
    @Test
    void partitionsThatAreAlwaysALittleBehindHoldNothingUpForLonger() {
        othersAreRead(Duration.ofMinutes(5), Duration.ofSeconds(100));
        assertEquals(List.of(), alerts.alerts());
        othersAreRead(Duration.ofMinutes(2), Duration.ofSeconds(100));
        List<Alert> over = alerts.alerts();
        assertEquals(
                List.of(RESOLVED, RESOLVED), over.stream().map(Alert::state).toList());
        Instant readEnd = over.getFirst().since();
        assertTrue(readEnd.isBefore(alerts.now().minusSeconds(100)), "the window that is read, not the last one");
    }

    @Test
    void factsThatAreReadLateTellOfTheirTimeUpToWhichTheyAreRead() {
        alerts.factsLieUnread();
        Instant recorded = alerts.now();
        for (int slot = 0; slot < 24; slot++) {
            alerts.fact(Given.message(recorded), recorded);
            othersAreRead(SLOT, Duration.ZERO);
        }
        assertEquals(List.of(), alerts.alerts(), "nothing is read of the last minutes");
        alerts.factsAreRead();
        othersAreRead(SLOT.multipliedBy(2), Duration.ZERO);
        assertEquals(List.of(RESOLVED, RESOLVED), alerts.states());
    }

    /** Under load that is a little too much, with a broker whose clock is a second ahead of ours. */
    @Test
    void aBrokersClockThatIsAheadHoldsNothingUp() {
        alerts.factsLieUnread();
        factsFromAhead(Duration.ofMinutes(6), Duration.ofSeconds(1));
        assertEquals(List.of(RESOLVED, RESOLVED), alerts.states());
        assertTrue(alerts.gauge("guestflow.alerts.behind") <= SLOT.toSeconds() + 10);
    }

    @Test
    void aTimeThatIsFartherAheadTellsNothing() {
        alerts.factsLieUnread();
        factsFromAhead(Duration.ofMinutes(6), ReadMark.CLOCKS_APART.plusMillis(1));
        assertEquals(List.of(), alerts.alerts());
    }

    private void factsFromAhead(Duration time, Duration ahead) {
        Instant until = alerts.now().plus(time);
        while (alerts.now().isBefore(until)) {
            alerts.fact(Given.message(alerts.now()), alerts.now().plus(ahead));
            othersAreRead(Duration.ofMillis(RULES.tickMs()), Duration.ZERO);
        }
    }

    @Test
    void aPartitionThatNobodyReadsIsWaitedForForAnHour() {
        alerts.advance(Duration.ofMinutes(58));
        assertEquals(List.of(), alerts.alerts());
        assertTrue(alerts.gauge("guestflow.alerts.behind") > 3_500);
        alerts.advance(Duration.ofMinutes(7));
        assertEquals(List.of(RESOLVED, RESOLVED), alerts.states());
        alerts.advance(Duration.ofMinutes(10));
        assertEquals(List.of(), alerts.alerts());
    }

    /** Who takes a partition over may have a clock that is behind: its word counts, and it is waited for. */
    @Test
    void aPartitionsLastWordCounts() {
        alerts.read(1, alerts.now().plusSeconds(3_600));
        alerts.read(2, alerts.now().plusSeconds(3_600));
        alerts.read(1, alerts.now());
        alerts.read(7, Instant.EPOCH);
        alerts.advance(Duration.ofMinutes(20));
        assertEquals(List.of(), alerts.alerts());
    }

    @Test
    void moreThanCanBeSentAtOnceIsSentBeforeItIsSaidToBeRead() {
        AlertRules many = Given.rules(RULES.window(), 20, Set.of(), CountingProcessor.SENT_AT_ONCE + 500);
        try (AlertHarness counting = new AlertHarness(many, dir.resolve("many"))) {
            for (int channel = 0; channel < CountingProcessor.SENT_AT_ONCE + 500; channel++) {
                counting.fact(Given.succeeded(counting.now(), "web-" + channel));
            }
            counting.advance(Duration.ofMillis(many.tickMs()));
            assertEquals(3, counting.gauge("guestflow.alerts.behind"), "since the start, for nothing is said yet");
            counting.advance(Duration.ofMillis(many.tickMs()));
            assertEquals(CountingProcessor.SENT_AT_ONCE + 501, counting.count("guestflow.alerts.parts"));
            counting.advance(Duration.ofMillis(many.tickMs()));
            assertEquals(6, counting.gauge("guestflow.alerts.behind"), "what was read when the first were sent");
        }
    }

    private void othersAreRead(Duration time, Duration behind) {
        Instant until = alerts.now().plus(time);
        Duration tick = Duration.ofMillis(RULES.tickMs());
        while (alerts.now().isBefore(until)) {
            for (int partition = 1; partition < PARTITIONS; partition++) {
                alerts.read(partition, alerts.now().minus(behind));
            }
            alerts.advance(tick);
        }
    }
}
