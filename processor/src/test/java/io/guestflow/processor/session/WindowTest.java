package io.guestflow.processor.session;

import static io.guestflow.processor.session.Given.RULES;
import static io.guestflow.processor.session.Given.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowTest {
    @Test
    void aLongLifetimeHasTheMarginsThatAreSet() {
        Window window = window(Duration.ofMinutes(15), RULES);

        assertEquals(Duration.ofMinutes(5), before(window, window.opensAt()));
        assertEquals(Duration.ofSeconds(12), before(window, window.lastLookAt()));
        assertEquals(Duration.ofSeconds(10), before(window, window.closesAt()));
        assertEquals(Duration.ofSeconds(5), before(window, window.callsUntil()));
    }

    @Test
    void aShortLifetimeHasPartsOfIt() {
        Window window = window(Duration.ofSeconds(60), RULES);

        assertEquals(Duration.ofSeconds(20), before(window, window.opensAt()));
        assertEquals(Duration.ofMillis(9_500), before(window, window.lastLookAt()));
        assertEquals(Duration.ofMillis(7_500), before(window, window.closesAt()));
        assertEquals(Duration.ofMillis(2_500), before(window, window.callsUntil()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 10, 999, 2_000, 60_000, 900_000, 86_400_000})
    void itsTimesAreInOrderHoweverLongTheLifetimeAndTheThreshold(long ms) {
        for (Duration threshold : new Duration[] {Duration.ofMillis(1), Duration.ofMinutes(5), Duration.ofHours(5)}) {
            SessionRules rules = new SessionRules(
                    threshold,
                    RULES.maxLifetime(),
                    RULES.tombstoneAfter(),
                    false,
                    RULES.heldFor(),
                    1,
                    RULES.contextRetryFor(),
                    false,
                    RULES.clockSkew(),
                    RULES.callTime(),
                    RULES.webhooksMayLag());
            Window window = window(Duration.ofMillis(ms), rules);

            assertFalse(window.opensAt().isBefore(START.minusMillis(1)), "not before it was granted");
            assertFalse(window.lastLookAt().isBefore(window.opensAt()));
            assertFalse(window.closesAt().isBefore(window.lastLookAt()));
            assertFalse(window.callsUntil().isBefore(window.closesAt()));
            assertFalse(window.callsUntil().isAfter(START.plusMillis(ms)));
        }
    }

    @Test
    void theMaximumLifetimeEndsItWithoutARefresh() {
        Window window = window(Duration.ofMinutes(15), Given.lasting(Duration.ofMinutes(10)));

        assertTrue(window.capped());
        assertEquals(START.plus(Duration.ofMinutes(10)), window.endsAt());
        assertFalse(window.allowsCall(START));
    }

    @Test
    void anEndThatHadPassedWhenItWasToldIsNoError() {
        Window window = Window.of(new Terms(START, START.minusSeconds(9), 0, null), START, RULES);

        assertTrue(window.isOpen(START));
        assertFalse(window.allowsCall(START));
        assertEquals(START.minusSeconds(9), window.endsAt());
    }

    private static Window window(Duration lifetime, SessionRules rules) {
        return Window.of(new Terms(START, START.plus(lifetime), 0, null), START, rules);
    }

    private static Duration before(Window window, Instant time) {
        return Duration.between(time, window.endsAt());
    }
}
