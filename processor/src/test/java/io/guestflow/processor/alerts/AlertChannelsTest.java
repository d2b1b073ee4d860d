package io.guestflow.processor.alerts;

import static io.guestflow.processor.alerts.Given.RULES;
import static io.guestflow.processor.alerts.Given.SLOT;
import static io.guestflow.processor.alerts.Given.WEB;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.alerts.Alert;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which channels have alerts of their own. */
class AlertChannelsTest {
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

    @Test
    void channelsStandByThemselves() {
        alerts.facts(40, () -> Given.succeeded(alerts.now(), "good"));
        alerts.facts(500, () -> Given.succeeded(alerts.now(), WEB));
        alerts.facts(20, () -> Given.failed(alerts.now(), "good"));
        alerts.untilJudged();
        assertEquals(List.of(Alert.channel("good")), alerts.scopes());
    }

    /** Any request can name any channel, and is refused: that opens nothing. */
    @Test
    void aChannelThatSomebodyMadeUpHasNoAlerts() {
        for (int i = 0; i < 50; i++) {
            int made = i;
            alerts.fact(Given.rejected(alerts.now(), "made-up-" + made));
            alerts.facts(30, () -> Given.failed(alerts.now(), "made-up-" + made));
        }
        alerts.untilJudged();
        assertEquals(List.of(Alert.ALL), alerts.scopes());
        assertEquals(50 * 31, alerts.count("guestflow.alerts.channels.unknown"));
        assertEquals(1, alerts.stored(JudgingProcessor.STORE).size());
    }

    @Test
    void aChannelInWhichEverythingFailsHasAlertsIfGuestsWereServedThere() {
        alerts.fact(Given.succeeded(alerts.now(), WEB));
        alerts.advance(Duration.ofHours(3));
        alerts.restart();
        alerts.facts(30, () -> Given.failed(alerts.now(), WEB));
        alerts.advance(SLOT.multipliedBy(2));
        assertEquals(List.of(Alert.ALL, CHANNEL), alerts.scopes());
    }

    @Test
    void channelsBeyondTheMostCountOverall() {
        for (String channel : List.of("one", "two", "three", "four")) {
            alerts.facts(20, () -> Given.succeeded(alerts.now(), channel));
            alerts.facts(20, () -> Given.failed(alerts.now(), channel));
        }
        alerts.untilJudged();
        assertEquals(
                Set.of(Alert.ALL, Alert.channel("one"), Alert.channel("two"), Alert.channel("three")),
                Set.copyOf(alerts.scopes()));
        assertEquals(40, alerts.count("guestflow.alerts.channels.unknown"));
        assertEquals(3, alerts.gauge("guestflow.alerts.channels.known"));
        alerts.restart();
        assertEquals(0, alerts.gaugeBefore("guestflow.alerts.channels.known"), "it ended");
    }

    @ParameterizedTest(name = "restarts {0}")
    @ValueSource(booleans = {false, true})
    void aChannelInWhichNobodyIsServedGivesWayAfterADay(boolean restarts) {
        alerts.fact(Given.succeeded(alerts.now(), "one"));
        alerts.standStill(Duration.ofHours(2));
        alerts.fact(Given.succeeded(alerts.now(), "two"));
        alerts.fact(Given.succeeded(alerts.now(), "three"));
        alerts.fact(Given.succeeded(alerts.now(), "four"));
        assertEquals(1, alerts.count("guestflow.alerts.channels.unknown"), "there are three");
        alerts.standStill(Duration.ofHours(22).minusSeconds(1));
        alerts.fact(Given.succeeded(alerts.now(), "four"));
        assertEquals(2, alerts.count("guestflow.alerts.channels.unknown"), "the day is not over");
        if (restarts) {
            alerts.restart();
        }
        alerts.standStill(Duration.ofSeconds(1));
        alerts.fact(Given.succeeded(alerts.now(), "four"));
        alerts.fact(Given.succeeded(alerts.now(), "one"));
        assertEquals(3, alerts.count("guestflow.alerts.channels.unknown"));
    }

    @Test
    void configuredChannelsAreAllThereAre() {
        AlertRules configured = Given.rules(RULES.window(), 20, Set.of(WEB), 0);
        alerts.takenOver(configured, Duration.ZERO);
        alerts.facts(30, () -> Given.failed(alerts.now(), WEB));
        alerts.facts(30, () -> Given.succeeded(alerts.now(), "another"));
        alerts.advance(SLOT.multipliedBy(2));
        assertEquals(List.of(Alert.ALL, CHANNEL), alerts.scopes());
    }

    /** More rows than are sent at once, and more scopes than are judged at once. */
    @Test
    void manyChannelsComeInTurn() {
        alerts.takenOver(Given.rules(RULES.window(), 2, Set.of(), 600), Duration.ZERO);
        for (int channel = 0; channel < 600; channel++) {
            String name = "web-" + channel;
            alerts.fact(Given.succeeded(alerts.now(), name));
            alerts.fact(Given.failed(alerts.now().minus(SLOT), name));
        }
        alerts.advance(SLOT.multipliedBy(2));
        List<Alert> told = alerts.alerts();
        assertEquals(601, told.size());
        assertEquals(601, told.stream().map(Alert::key).distinct().count());
        // Everything together fired a slot earlier, when there was enough of it.
        assertEquals(
                Set.of(0.5),
                told.stream()
                        .filter(alert -> !alert.scope().equals(Alert.ALL))
                        .map(Alert::value)
                        .collect(Collectors.toSet()));
    }
}
