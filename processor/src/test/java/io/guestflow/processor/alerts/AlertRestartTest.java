package io.guestflow.processor.alerts;

import static io.guestflow.contracts.alerts.AlertState.RESOLVED;
import static io.guestflow.processor.alerts.Given.RULES;
import static io.guestflow.processor.alerts.Given.SLOT;
import static io.guestflow.processor.alerts.Given.WEB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.alerts.Alert;
import io.guestflow.contracts.alerts.AlertState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies in the stores when the process ends, and what another makes of it. */
class AlertRestartTest {
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

    @Test
    void nothingIsLeftOfAScopeInWhichNothingHappens() {
        alerts.attempts(18, 2);
        alerts.untilJudged();
        assertEquals(2, alerts.stored(JudgingProcessor.STORE).size());
        alerts.advance(Duration.ofMinutes(7));
        assertEquals(2 * 2, alerts.alerts().size());
        assertEquals(List.of(), alerts.stored(JudgingProcessor.STORE));
        // Where facts are counted they are kept for a window that is read late. The channel stays known.
        alerts.advance(Duration.ofMinutes(5));
        assertEquals(1, alerts.stored(CountingProcessor.STORE).size());
    }

    @Test
    void aRestartBeforeTheFirstJudgementLosesNoAlert() {
        alerts.attempts(18, 2);
        alerts.restart();
        alerts.advance(SLOT.multipliedBy(2));
        assertEquals(2, alerts.alerts().size());
    }

    /** What was counted lies in the store when the process dies between two ticks. */
    @Test
    void whatWasCountedAndNotSentIsSentByTheNextProcess() {
        alerts.attempts(18, 2);
        alerts.restart();
        alerts.restart();
        alerts.advance(SLOT.multipliedBy(2));
        assertEquals(
                List.of(0.1, 0.1), alerts.alerts().stream().map(Alert::value).toList());
    }

    /** Restoring what facts are known takes minutes after a crash; scopes are restored at once. */
    @Test
    void aProcessThatWasAwayDoesNotTellThatItIsOverBeforeItHasReadOn() {
        alerts.attempts(18, 2);
        alerts.untilJudged();
        assertEquals(2, alerts.alerts().size());
        alerts.factsLieUnread();
        alerts.takenOver(RULES, Duration.ofMinutes(20));
        alerts.advance(Duration.ofMinutes(20));
        assertEquals(List.of(), alerts.alerts(), "nobody knows yet");
        alerts.facts(10, () -> Given.succeeded(alerts.now().minusSeconds(60), WEB));
        alerts.facts(10, () -> Given.failed(alerts.now().minusSeconds(60), WEB));
        alerts.factsAreRead();
        alerts.advance(Duration.ofMinutes(1));
        assertEquals(List.of(), alerts.alerts(), "it still is so");
        alerts.advance(Duration.ofMinutes(5));
        assertEquals(List.of(RESOLVED, RESOLVED), alerts.states());
    }

    /** The first window that is read whole begins before what is younger than a window. */
    @Test
    void aProcessThatCatchesUpJudgesItsFirstWindowByAllThatHappenedInIt() {
        alerts.attempts(18, 2);
        alerts.untilJudged();
        assertEquals(2, alerts.alerts().size());
        alerts.factsLieUnread();
        alerts.takenOver(RULES, Duration.ofMinutes(30));
        Instant ago = alerts.now().minus(Duration.ofMinutes(6));
        for (int i = 0; i < 10; i++) {
            alerts.fact(Given.failed(ago, WEB), ago);
        }
        Instant read = alerts.now().minus(Duration.ofSeconds(4 * 60 + 15));
        alerts.fact(Given.message(read), read);
        alerts.advance(SLOT);
        assertEquals(List.of(), alerts.alerts(), "all that is known of it has failed");
        assertEquals(10, alerts.count("guestflow.alerts.facts", "fate", "OLD"));
        alerts.factsAreRead();
        alerts.advance(Duration.ofMinutes(1));
        assertEquals(List.of(RESOLVED, RESOLVED), alerts.states());
    }

    @Test
    void aWindowOfAnotherLengthBeginsAnew() {
        alerts.attempts(10, 10);
        alerts.untilJudged();
        assertEquals(2, alerts.alerts().size());
        alerts.takenOver(Given.rules(Duration.ofMinutes(10), 20, Set.of(), 3), Duration.ZERO);
        alerts.advance(Duration.ofMinutes(3));
        assertEquals(List.of(RESOLVED, RESOLVED), alerts.states());
        // Rows of before are none of this window's; the channel stays known.
        assertEquals(1, alerts.stored(CountingProcessor.STORE).size());
        assertEquals(0, alerts.count("guestflow.alerts.parts", "fate", "ELSEWHEN"));
    }

    /** What was counted for the length of before and not sent must not be sent as if it were of this one. */
    @Test
    void whatWasNotSentForAWindowOfAnotherLengthIsNotSentForThisOne() {
        alerts.attempts(10, 10);
        alerts.takenOver(Given.rules(Duration.ofMinutes(10), 20, Set.of(), 3), Duration.ZERO);
        alerts.advance(Duration.ofMinutes(3));
        assertEquals(List.of(), alerts.alerts());
        assertEquals(0, alerts.count("guestflow.alerts.parts"));
    }

    @Test
    void aClockThatIsFarBehindTheOneBeforeStillJudges() {
        alerts.attempts(1, 0);
        alerts.untilJudged();
        alerts.takenOver(RULES, Duration.ofHours(-2));
        alerts.advance(SLOT.multipliedBy(2));
        alerts.attempts(10, 10);
        alerts.advance(SLOT.multipliedBy(2));
        assertEquals(2, alerts.alerts().size());
    }

    /** Windows that are earlier than the one that was judged last would lack slots that are forgotten. */
    @Test
    void aClockThatIsBehindTheOneBeforeJudgesTheWindowThatItKnows() {
        alerts.attempts(1, 0);
        alerts.untilJudged();
        Instant judged = alerts.now().truncatedTo(ChronoUnit.MINUTES);
        alerts.takenOver(RULES, Duration.ofMinutes(-4));
        alerts.advance(SLOT);
        alerts.attempts(10, 10);
        alerts.advance(SLOT.multipliedBy(2));
        List<Alert> told = alerts.alerts();
        assertEquals(2, told.size());
        told.forEach(alert -> {
            assertEquals(AlertState.FIRING, alert.state());
            assertEquals(judged, alert.since());
        });
    }

    @Test
    void afterAStandstillOnlyTheLastWindowIsJudged() {
        alerts.attempts(10, 10);
        // Until it is sent, and known where it is judged.
        alerts.advance(Duration.ofMillis(2 * RULES.tickMs()));
        alerts.standStill(Duration.ofMinutes(30));
        alerts.advance(SLOT);
        assertEquals(List.of(), alerts.alerts());
        alerts.attempts(10, 10);
        alerts.untilJudged();
        assertEquals(2, alerts.alerts().size(), "and it goes on");
    }

    @Test
    void whatATaskTellsOfItselfEndsWithIt() {
        alerts.attempts(10, 10);
        alerts.untilJudged();
        alerts.factsLieUnread();
        alerts.advance(Duration.ofMinutes(10));
        assertEquals(2, alerts.gauge("guestflow.alerts.firing", "alert", "AUTH_ERROR_RATE"));
        assertTrue(alerts.gauge("guestflow.alerts.behind") > 500);
        alerts.restart();
        assertEquals(0, alerts.gaugeBefore("guestflow.alerts.firing", "alert", "AUTH_ERROR_RATE"));
        assertEquals(0, alerts.gaugeBefore("guestflow.alerts.behind"));
        assertEquals(2, alerts.gauge("guestflow.alerts.firing", "alert", "AUTH_ERROR_RATE"));
    }
}
