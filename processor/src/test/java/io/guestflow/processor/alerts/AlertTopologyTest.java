package io.guestflow.processor.alerts;

import static io.guestflow.contracts.alerts.AlertKind.AUTH_ERROR_RATE;
import static io.guestflow.contracts.alerts.AlertKind.GONE_UPSTREAM;
import static io.guestflow.contracts.alerts.AlertKind.REFRESH_FAILED;
import static io.guestflow.contracts.alerts.AlertKind.REPLACED_UPSTREAM;
import static io.guestflow.contracts.alerts.AlertState.FIRING;
import static io.guestflow.contracts.alerts.AlertState.RESOLVED;
import static io.guestflow.processor.alerts.Given.RULES;
import static io.guestflow.processor.alerts.Given.SLOT;
import static io.guestflow.processor.alerts.Given.START;
import static io.guestflow.processor.alerts.Given.WEB;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.alerts.Alert;
import io.guestflow.contracts.alerts.AlertCounts;
import io.guestflow.contracts.facts.EndDetail;
import io.guestflow.contracts.facts.EndReason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From facts to alerts, through both halves and their stores. */
class AlertTopologyTest {
    private static final String CHANNEL = Alert.channel(WEB);

    @TempDir
    Path dir;

    private AlertHarness alerts;

    @BeforeEach
    void start() {
        alerts = new AlertHarness(RULES, dir);
        // The first judgement waits for what may have been there.
        alerts.advance(SLOT);
    }

    @AfterEach
    void stop() {
        alerts.close();
    }

    @ParameterizedTest(name = "restarts {0}")
    @ValueSource(booleans = {false, true})
    void itFiresOnceAndIsOverOnce(boolean restarts) {
        alerts.attempts(18, 2);
        Instant slotEnd = alerts.now().plus(SLOT);
        alerts.untilJudged();
        assertEquals(
                List.of(
                        Given.alert(AUTH_ERROR_RATE, Alert.ALL, FIRING, 0.1, slotEnd),
                        Given.alert(AUTH_ERROR_RATE, CHANNEL, FIRING, 0.1, slotEnd)),
                alerts.alerts());
        assertEquals(2, alerts.gauge("guestflow.alerts.firing", "alert", "AUTH_ERROR_RATE"));

        for (int slot = 0; slot < 9; slot++) {
            restartIf(restarts);
            alerts.advance(SLOT);
        }
        assertEquals(List.of(), alerts.alerts());
        assertEquals(2, alerts.gauge("guestflow.alerts.firing", "alert", "AUTH_ERROR_RATE"));
        restartIf(restarts);
        alerts.advance(SLOT.multipliedBy(2));
        List<Alert> over = alerts.alerts();
        assertEquals(
                List.of(Alert.ALL, CHANNEL), over.stream().map(Alert::scope).toList());
        over.forEach(alert -> {
            assertEquals(RESOLVED, alert.state());
            assertEquals(0, alert.value());
        });
        restartIf(restarts);
        alerts.advance(Duration.ofMinutes(10));
        assertEquals(List.of(), alerts.alerts());
        assertEquals(0, alerts.gauge("guestflow.alerts.firing", "alert", "AUTH_ERROR_RATE"));
    }

    /** A session is refreshed once in its lifetime: where fifty are active, hardly ten refreshes are answered in 5 min. */
    @Test
    void ofRefreshesLessIsEnough() {
        alerts.facts(4, () -> Given.ended(alerts.now(), EndReason.REFRESH_FAILED, "UPSTREAM_ERROR"));
        alerts.untilJudged();
        assertEquals(List.of(), alerts.alerts());
        alerts.fact(Given.refreshed(alerts.now()));
        alerts.untilJudged();
        assertEquals(
                List.of(Alert.ALL, CHANNEL),
                alerts.alerts().stream()
                        .filter(alert -> alert.alert() == REFRESH_FAILED && alert.value() == 0.8)
                        .map(Alert::scope)
                        .toList());
    }

    @Test
    void fewAttemptsAreNoRate() {
        alerts.attempts(0, 19);
        alerts.untilJudged();
        assertEquals(List.of(), alerts.alerts());
        alerts.attempts(0, 1);
        alerts.untilJudged();
        assertEquals(1, alerts.alerts().size());
    }

    @Test
    void betweenTheRatesItStandsAsBefore() {
        alerts.attempts(96, 4);
        alerts.untilJudged();
        assertEquals(List.of(), alerts.alerts());
        alerts.attempts(0, 2);
        alerts.untilJudged();
        assertEquals(2, alerts.alerts().size());
        alerts.attempts(60, 0);
        alerts.untilJudged();
        assertEquals(List.of(), alerts.alerts(), "6 of 162");
        alerts.attempts(78, 0);
        alerts.untilJudged();
        assertEquals(List.of(RESOLVED, RESOLVED), alerts.states(), "6 of 240");
        alerts.attempts(0, 3);
        alerts.untilJudged();
        assertEquals(List.of(), alerts.alerts(), "9 of 243");
    }

    @Test
    void aFactCountsAtItsOwnTimeHoweverLateItIsRead() {
        Instant then = alerts.now();
        alerts.advance(Duration.ofMinutes(2));
        alerts.facts(20, () -> Given.failed(then, null));
        alerts.untilJudged();
        assertEquals(1, alerts.alerts().size());
        // Three minutes later it is over for what was five minutes ago, not for what was read then.
        alerts.advance(Duration.ofMinutes(3));
        assertEquals(List.of(RESOLVED), alerts.states());
    }

    @Test
    void aBacklogOfOldFactsTellsNothingOfNow() {
        Instant then = alerts.now();
        alerts.advance(Duration.ofMinutes(6));
        alerts.facts(100, () -> Given.failed(then, WEB));
        alerts.advance(Duration.ofMinutes(6));
        assertEquals(List.of(), alerts.alerts());
        assertEquals(100, alerts.count("guestflow.alerts.facts", "fate", "OLD"));
        assertEquals(List.of(), alerts.stored(CountingProcessor.STORE));
    }

    @Test
    void factsFromTheFutureAreLeftOut() {
        alerts.facts(100, () -> Given.failed(alerts.now().plusSeconds(61), null));
        alerts.advance(Duration.ofMinutes(6));
        assertEquals(List.of(), alerts.alerts());
        assertEquals(100, alerts.count("guestflow.alerts.facts", "fate", "FUTURE"));
    }

    @Test
    void aClockThatIsALittleAheadCountsWhenItsTimeHasCome() {
        alerts.facts(20, () -> Given.failed(alerts.now().plusSeconds(59), null));
        alerts.untilJudged();
        assertEquals(List.of(), alerts.alerts());
        alerts.advance(SLOT);
        assertEquals(1, alerts.alerts().size());
    }

    @Test
    void refreshesAreWatchedToo() {
        alerts.facts(30, () -> Given.refreshed(alerts.now()));
        alerts.facts(3, () -> Given.ended(alerts.now(), EndReason.CLOSED_UPSTREAM, EndDetail.GONE));
        alerts.facts(4, () -> Given.ended(alerts.now(), EndReason.REPLACED_UPSTREAM, null));
        alerts.facts(3, () -> Given.ended(alerts.now(), EndReason.REFRESH_FAILED, "UPSTREAM_ERROR"));
        alerts.facts(9, () -> Given.ended(alerts.now(), EndReason.REFRESH_FAILED, EndDetail.TOO_LATE));
        alerts.facts(50, () -> Given.message(alerts.now()));
        Instant slotEnd = alerts.now().plus(SLOT);
        alerts.untilJudged();
        assertEquals(
                List.of(
                        Given.alert(GONE_UPSTREAM, Alert.ALL, FIRING, 0.075, slotEnd),
                        Given.alert(REFRESH_FAILED, Alert.ALL, FIRING, 0.075, slotEnd),
                        Given.alert(REPLACED_UPSTREAM, Alert.ALL, FIRING, 0.1, slotEnd)),
                alerts.alerts().stream()
                        .filter(alert -> alert.scope().equals(Alert.ALL))
                        .toList());
        assertEquals(59, alerts.count("guestflow.alerts.facts", "fate", "NOT_COUNTED"));
    }

    @Test
    void partitionsOfFactsAddUpAndIdleOnesHoldUpNobody() {
        for (int partition = 1; partition <= 3; partition++) {
            alerts.counts(counts(partition, 6, 1));
        }
        alerts.untilJudged();
        assertEquals(List.of(), alerts.alerts(), "3 of 18");
        alerts.counts(counts(4, 2, 0));
        alerts.untilJudged();
        assertEquals(1, alerts.alerts().size(), "3 of 20");
    }

    @Test
    void countsThatComeAgainCountOnce() {
        for (int i = 1; i <= 19; i++) {
            alerts.counts(counts(1, i, i));
            alerts.counts(counts(1, i, i));
        }
        // Less is what somebody comes to who began anew.
        alerts.counts(counts(1, 3, 3));
        alerts.untilJudged();
        assertEquals(List.of(), alerts.alerts());
    }

    @Test
    void countsOfAnotherTimeOrWindowAreLeftOut() {
        long slot = RULES.slotOf(alerts.now().toEpochMilli());
        Counts bad = new Counts(20, 20, 0, 0, 0, 0);
        alerts.counts(bad.told(Alert.ALL, slot - 22 * 30_000, 30_000, 1));
        alerts.counts(bad.told(Alert.ALL, slot + 150_000, 30_000, 1));
        alerts.counts(bad.told(Alert.ALL, slot, 60_000, 1));
        alerts.counts(bad.told(Alert.ALL, slot + 1, 30_000, 1));
        alerts.advance(Duration.ofMinutes(6));
        assertEquals(List.of(), alerts.alerts());
        assertEquals(4, alerts.count("guestflow.alerts.parts", "fate", "ELSEWHEN"));
        assertEquals(List.of(), alerts.stored(JudgingProcessor.STORE));
    }

    /** Sent once, and not again if it is refused: whoever counts may be a little ahead of whoever judges. */
    @Test
    void countsByAClockThatIsAheadOfOursAreTakenWithAFactThatIsAheadOfIt() {
        long slot = RULES.slotOf(alerts.now().toEpochMilli()) + 90_000;
        alerts.counts(new Counts(20, 20, 0, 0, 0, 0).told(Alert.ALL, slot, 30_000, 1));
        alerts.advance(Duration.ofMinutes(3));
        assertEquals(1, alerts.alerts().size());
    }

    @Test
    void morePartsThanThereIsOfTheWholeAreADeadLetter() {
        alerts.counts(new Counts(1, 2, 0, 0, 0, 0).told(Alert.ALL, RULES.slotOf(START.toEpochMilli()), 30_000, 1));
        alerts.counts(new Counts(0, 0, 5, 2, 2, 2).told(Alert.ALL, RULES.slotOf(START.toEpochMilli()), 30_000, 1));
        assertEquals(2, alerts.deadLetters().size());
        assertEquals(List.of(), alerts.stored(JudgingProcessor.STORE));
    }

    @Test
    void aScopeThatCannotBeJudgedHoldsUpNoOtherOne() {
        alerts.attempts(18, 2);
        alerts.advance(Duration.ofMillis(2 * RULES.tickMs()));
        // In a form that this version knows, and not whole.
        alerts.store(JudgingProcessor.STORE, Bytes.wrap(Alert.ALL.getBytes(StandardCharsets.UTF_8)), new byte[] {1, 1});
        alerts.untilJudged();
        assertEquals(List.of(CHANNEL), alerts.scopes());
        assertEquals(1, alerts.count("guestflow.alerts.failed"));
        alerts.advance(SLOT);
        assertEquals(List.of(), alerts.alerts());
        assertEquals(2, alerts.count("guestflow.alerts.failed"), "once for each window");
    }

    @Test
    void countsThatCannotBeReadAreADeadLetterAndThoseOfLaterTimesPass() {
        alerts.pipe(Topics.GUEST_ALERT_COUNTS, "{}".getBytes(StandardCharsets.UTF_8), "guest-alert-counts/1");
        alerts.pipe(Topics.GUEST_ALERT_COUNTS, "{}".getBytes(StandardCharsets.UTF_8), "guest-alert-counts/2");
        assertEquals(1, alerts.deadLetters().size());
        assertEquals(1, alerts.count("guestflow.alerts.parts", "fate", "UNKNOWN"));
    }

    private AlertCounts counts(int partition, long attempts, long failed) {
        return new Counts(attempts, failed, 0, 0, 0, 0)
                .told(Alert.ALL, RULES.slotOf(START.toEpochMilli()), 30_000, partition);
    }

    private void restartIf(boolean restarts) {
        if (restarts) {
            alerts.restart();
        }
    }
}
