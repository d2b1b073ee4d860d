package io.guestflow.processor.alerts;

import static io.guestflow.processor.alerts.Given.RULES;
import static io.guestflow.processor.alerts.Given.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.alerts.AlertKind;
import io.guestflow.contracts.alerts.AlertState;
import io.guestflow.processor.wire.UnreadableState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScopeTest {
    private static final long SLOT = RULES.slotMs();
    private static final long NOW = START.toEpochMilli();
    private static final Counts BAD = new Counts(20, 10, 0, 0, 0, 0);
    private static final Counts GOOD = new Counts(20, 0, 0, 0, 0, 0);

    @Test
    void theWindowHasTenSlotsThatAreOver() {
        for (int slot = -12; slot <= 2; slot++) {
            Scope scope = Scope.empty(RULES).with(NOW + slot * SLOT, 0, BAD);
            boolean inside = slot >= -10 && slot < 0;
            assertEquals(inside ? 1 : 0, scope.judge("all", NOW, RULES).alerts().size(), "slot " + slot);
        }
    }

    @Test
    void thePartitionsOfASlotAddUpAndEachOverwritesItself() {
        Scope scope = Scope.empty(RULES)
                .with(NOW - SLOT, 0, new Counts(19, 2, 0, 0, 0, 0))
                .with(NOW - SLOT, 0, new Counts(19, 3, 0, 0, 0, 0))
                .with(NOW - 2 * SLOT, 7, new Counts(21, 1, 0, 0, 0, 0));
        assertEquals(
                List.of(Given.alert(AlertKind.AUTH_ERROR_RATE, "all", AlertState.FIRING, 0.1, START)),
                scope.judge("all", NOW, RULES).alerts());
    }

    @Test
    void lessThanBeforeIsNotTheWhole() {
        Scope scope = Scope.empty(RULES).with(NOW - SLOT, 0, BAD);
        assertSame(scope, scope.with(NOW - SLOT, 0, new Counts(30, 9, 0, 0, 0, 0)));
        assertSame(scope, scope.with(NOW - SLOT, 0, BAD));
        assertSame(scope, scope.with(NOW - 2 * SLOT, 0, Counts.NONE));
    }

    @Test
    void whatIsOlderThanTheWindowIsForgottenAndWithTheLastOfItTheScope() {
        Scope quiet = Scope.empty(RULES).with(NOW - 10 * SLOT, 0, GOOD).with(NOW - 9 * SLOT, 0, GOOD);
        Scope first = quiet.judge("all", NOW, RULES).scope();
        assertEquals(2, first.slots().size());
        Scope second = first.judge("all", NOW + SLOT, RULES).scope();
        assertEquals(Set.of(NOW - 9 * SLOT), second.slots().keySet());
        assertFalse(second.isGone());
        assertTrue(second.judge("all", NOW + 2 * SLOT, RULES).scope().isGone());
    }

    @Test
    void whatFiresIsKeptUntilItIsOver() {
        Scope firing = Scope.empty(RULES)
                .with(NOW - SLOT, 0, BAD)
                .judge("all", NOW, RULES)
                .scope();
        Scope.Judged over = firing.judge("all", NOW + 11 * SLOT, RULES);
        assertEquals(
                List.of(Given.alert(
                        AlertKind.AUTH_ERROR_RATE,
                        "all",
                        AlertState.RESOLVED,
                        0,
                        START.plus(Given.SLOT.multipliedBy(11)))),
                over.alerts());
        assertTrue(over.scope().isGone());
    }

    @Test
    void eachAlertStandsByItself() {
        Counts all = new Counts(20, 10, 40, 10, 0, 10);
        assertEquals(
                List.of(AlertKind.AUTH_ERROR_RATE, AlertKind.REFRESH_FAILED, AlertKind.GONE_UPSTREAM),
                Scope.empty(RULES).with(NOW - SLOT, 0, all).judge("all", NOW, RULES).alerts().stream()
                        .map(alert -> alert.alert())
                        .toList());
    }

    @Test
    void itIsJudgedOncePerSlotAndAfterAClockThatWasFarAhead() {
        assertTrue(Scope.isDue(0, NOW, RULES));
        assertTrue(Scope.isDue(NOW - SLOT, NOW, RULES));
        assertFalse(Scope.isDue(NOW, NOW, RULES));
        assertFalse(Scope.isDue(NOW + 10 * SLOT, NOW, RULES));
        assertTrue(Scope.isDue(NOW + 11 * SLOT, NOW, RULES));
    }

    @Test
    void itIsStoredAsItIs() {
        Scope scope = Scope.empty(RULES)
                .with(NOW - 2 * SLOT, 11, BAD)
                .with(NOW - SLOT, 3, GOOD)
                .with(NOW - SLOT, 0, new Counts(1, 0, 20, 3, 4, 5))
                .judge("all", NOW, RULES)
                .scope();
        assertEquals(4, scope.firing().size());
        assertEquals(scope, StoredScope.read(StoredScope.write(scope)));
        assertEquals(Scope.empty(RULES), StoredScope.read(StoredScope.write(Scope.empty(RULES))));
    }

    @Test
    void aFormOfLaterTimesEndsTheProcess() {
        byte[] stored = StoredScope.write(Scope.empty(RULES));
        stored[0] = 2;
        assertThrows(UnreadableState.class, () -> StoredScope.read(stored));
    }

    @Test
    void countsForAWindowOfAnotherLengthAreNotTakenForThisOne() {
        AlertRules other = new AlertRules(Duration.ofMinutes(10), 0.05, 0.025, 20, Set.of(), 3);
        Scope scope = Scope.empty(RULES)
                .with(NOW - SLOT, 0, BAD)
                .judge("all", NOW, RULES)
                .scope();
        Scope under = scope.under(other);
        assertEquals(Set.of(), under.slots().keySet());
        assertEquals(scope.firing(), under.firing());
        assertEquals(other.slotMs(), under.slotLengthMs());
        assertSame(scope, scope.under(RULES));
        assertEquals(1, under.judge("all", other.slotOf(NOW), other).alerts().size());
    }

    @Test
    void slotsAndWindowsFollowTheClock() {
        Instant late = START.plusSeconds(29);
        assertEquals(NOW, RULES.slotOf(late.toEpochMilli()));
        // Its counts may take two ticks to come.
        assertEquals(NOW - SLOT, RULES.windowEndMs(NOW + 5_999));
        assertEquals(NOW, RULES.windowEndMs(NOW + 6_000));
        assertTrue(RULES.counts(NOW - 10 * SLOT, NOW + 6_000));
        assertFalse(RULES.counts(NOW - 11 * SLOT, NOW + 6_000));
        assertTrue(RULES.counts(NOW + 60_000, NOW));
        assertFalse(RULES.counts(NOW + 60_001, NOW));
    }

    @Test
    void anAlertThatIsOverAboveItsRateIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new AlertRules(Duration.ofMinutes(5), 0.02, 0.03, 20, Set.of(), 3));
    }
}
