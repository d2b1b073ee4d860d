package io.guestflow.processor.alerts;

import static io.guestflow.contracts.alerts.AlertState.RESOLVED;
import static io.guestflow.processor.alerts.Given.RULES;
import static io.guestflow.processor.alerts.Given.SLOT;
import static io.guestflow.processor.alerts.Given.WEB;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.alerts.Alert;
import java.nio.file.Path;
import java.time.Duration;
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
        // The channel stays known.
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

    @Test
    void aProcessThatWasAwayDoesNotTellThatItIsOverBeforeItHasReadOn() {
        alerts.attempts(18, 2);
        alerts.untilJudged();
        assertEquals(2, alerts.alerts().size());
        alerts.takenOver(RULES, Duration.ofMinutes(20));
        alerts.advance(Duration.ofSeconds(21));
        alerts.facts(10, () -> Given.succeeded(alerts.now().minusSeconds(60), WEB));
        alerts.facts(10, () -> Given.failed(alerts.now().minusSeconds(60), WEB));
        alerts.advance(Duration.ofMinutes(1));
        assertEquals(List.of(), alerts.alerts());
    }

    @Test
    void aWindowOfAnotherLengthBeginsAnew() {
        alerts.attempts(10, 10);
        alerts.untilJudged();
        assertEquals(2, alerts.alerts().size());
        AlertRules longer = new AlertRules(Duration.ofMinutes(10), 0.05, 0.025, 20, Set.of(), 3);
        alerts.takenOver(longer, Duration.ZERO);
        alerts.advance(Duration.ofMinutes(3));
        assertEquals(List.of(RESOLVED, RESOLVED), alerts.states());
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

    @Test
    void afterAStandstillOnlyTheLastWindowIsJudged() {
        alerts.attempts(10, 10);
        alerts.standStill(Duration.ofMinutes(30));
        alerts.advance(SLOT);
        assertEquals(List.of(), alerts.alerts());
    }
}
