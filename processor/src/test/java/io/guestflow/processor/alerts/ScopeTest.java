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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
            assertEquals(
                    inside ? 1 : 0,
                    scope.judge("all", NOW, OptionalLong.of(NOW), RULES)
                            .alerts()
                            .size(),
                    "slot " + slot);
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
                scope.judge("all", NOW, OptionalLong.of(NOW), RULES).alerts());
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
        Scope first = quiet.judge("all", NOW, OptionalLong.of(NOW), RULES).scope();
        assertEquals(2, first.slots().size());
        Scope second = first.judge("all", NOW + SLOT, OptionalLong.of(NOW + SLOT), RULES)
                .scope();
        assertEquals(Set.of(NOW - 9 * SLOT), second.slots().keySet());
        assertFalse(second.isGone());
        assertTrue(second.judge("all", NOW + 2 * SLOT, OptionalLong.of(NOW + 2 * SLOT), RULES)
                .scope()
                .isGone());
    }

    @Test
    void whatFiresIsKeptUntilItIsOver() {
        Scope firing = Scope.empty(RULES)
                .with(NOW - SLOT, 0, BAD)
                .judge("all", NOW, OptionalLong.of(NOW), RULES)
                .scope();
        Scope.Judged over = firing.judge("all", NOW + 11 * SLOT, OptionalLong.of(NOW + 11 * SLOT), RULES);
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
                Scope.empty(RULES)
                        .with(NOW - SLOT, 0, all)
                        .judge("all", NOW, OptionalLong.of(NOW), RULES)
                        .alerts()
                        .stream()
                        .map(alert -> alert.alert())
                        .toList());
    }

    /** A part of this window is unread: what is known of it is good, and so is a window that is read, but not later. */
    @Test
    void itIsOverByALaterWindowThatIsReadWhole() {
        Scope firing = Scope.empty(RULES)
                .with(NOW - SLOT, 0, BAD)
                .judge("all", NOW, OptionalLong.of(NOW), RULES)
                .scope();
        long end = NOW + 12 * SLOT;
        assertEquals(
                List.of(), firing.judge("all", end, OptionalLong.empty(), RULES).alerts());
        assertEquals(
                List.of(),
                firing.judge("all", end, OptionalLong.of(NOW + 9 * SLOT), RULES).alerts());
        Scope.Judged over = firing.judge("all", end, OptionalLong.of(NOW + 10 * SLOT), RULES);
        assertEquals(
                List.of(Given.alert(
                        AlertKind.AUTH_ERROR_RATE,
                        "all",
                        AlertState.RESOLVED,
                        0,
                        START.plus(Given.SLOT.multipliedBy(10)))),
                over.alerts());
    }

    @Test
    void itIsNotOverByTheWindowThatItBeganInNorByOneBefore() {
        Scope firing = Scope.empty(RULES)
                .with(NOW - SLOT, 0, BAD)
                .judge("all", NOW, OptionalLong.empty(), RULES)
                .scope()
                // The rest of that window, read late: it was not so bad.
                .with(NOW - SLOT, 1, new Counts(1_000, 0, 0, 0, 0, 0));
        for (long readEnd : new long[] {NOW - SLOT, NOW}) {
            assertEquals(
                    List.of(),
                    firing.judge("all", NOW + SLOT, OptionalLong.of(readEnd), RULES)
                            .alerts());
        }
        assertEquals(
                1,
                firing.judge("all", NOW + SLOT, OptionalLong.of(NOW + SLOT), RULES)
                        .alerts()
                        .size());
    }

    @Test
    void whileItFiresTwoWindowsAreKeptForOneThatIsReadLate() {
        Scope firing = Scope.empty(RULES)
                .with(NOW - SLOT, 0, BAD)
                .judge("all", NOW, OptionalLong.empty(), RULES)
                .scope();
        Scope later = firing.judge("all", NOW + 19 * SLOT, OptionalLong.empty(), RULES)
                .scope();
        assertEquals(Set.of(NOW - SLOT), later.slots().keySet());
        assertEquals(
                Set.of(),
                later.judge("all", NOW + 20 * SLOT, OptionalLong.empty(), RULES)
                        .scope()
                        .slots()
                        .keySet());
    }

    @Test
    void aClockThatIsBehindJudgesTheWindowThatWasJudgedLastAndOneThatIsFarBehindItsOwn() {
        assertEquals(NOW, Scope.endMs(0, NOW, RULES));
        assertEquals(NOW, Scope.endMs(NOW - SLOT, NOW, RULES));
        assertEquals(NOW, Scope.endMs(NOW, NOW, RULES));
        assertEquals(NOW + 10 * SLOT, Scope.endMs(NOW + 10 * SLOT, NOW, RULES));
        assertEquals(NOW, Scope.endMs(NOW + 11 * SLOT, NOW, RULES));
    }

    @Test
    void anAlertOfLaterTimesEndsTheProcess() {
        byte[] stored =
                StoredScope.write(new Scope(SLOT, NOW, new TreeMap<>(), Map.of(AlertKind.GONE_UPSTREAM, START)));
        String renamed = new String(stored, StandardCharsets.ISO_8859_1).replace("GONE_UPSTREAM", "MADE_UPSTREAM");
        assertThrows(UnreadableState.class, () -> StoredScope.read(renamed.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void itIsStoredAsItIs() {
        Scope scope = Scope.empty(RULES)
                .with(NOW - 2 * SLOT, 11, BAD)
                .with(NOW - SLOT, 3, GOOD)
                .with(NOW - SLOT, 0, new Counts(1, 0, 20, 3, 4, 5))
                .judge("all", NOW, OptionalLong.of(NOW), RULES)
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
        AlertRules other = Given.rules(Duration.ofMinutes(10), 20, Set.of(), 3);
        Scope scope = Scope.empty(RULES)
                .with(NOW - SLOT, 0, BAD)
                .judge("all", NOW, OptionalLong.of(NOW), RULES)
                .scope();
        Scope under = scope.under(other);
        assertEquals(Set.of(), under.slots().keySet());
        assertEquals(scope.firing(), under.firing());
        assertEquals(other.slotMs(), under.slotLengthMs());
        assertSame(scope, scope.under(RULES));
        assertEquals(
                1,
                under.judge(
                                "all",
                                other.slotOf(NOW) + other.slotMs(),
                                OptionalLong.of(other.slotOf(NOW) + other.slotMs()),
                                other)
                        .alerts()
                        .size());
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
        // Where it is judged, a window more, and the clocks of two others.
        assertTrue(RULES.takes(NOW - 20 * SLOT, NOW + 6_000));
        assertFalse(RULES.takes(NOW - 21 * SLOT, NOW + 6_000));
        assertTrue(RULES.takes(NOW + 120_000, NOW));
        assertFalse(RULES.takes(NOW + 120_001, NOW));
    }

    /** A transaction for each tick, and counts that take a commit and a fetch to come, whatever the window. */
    @ParameterizedTest
    @CsvSource({
        "PT10S, 1000, 500, 2000",
        "PT50S, 5000, 500, 2000",
        "PT5M, 30000, 3000, 6000",
        "PT1H, 360000, 5000, 10000"
    })
    void ticksAreNeitherTooShortNorTooLong(Duration window, long slotMs, long tickMs, long settledMs) {
        AlertRules rules = Given.rules(window, 20, Set.of(), 3);
        assertEquals(slotMs, rules.slotMs());
        assertEquals(tickMs, rules.tickMs());
        assertEquals(settledMs, rules.settledMs());
    }

    @Test
    void anAlertThatIsOverAboveItsRateIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new AlertRules(Duration.ofMinutes(5), 0.02, 0.03, 20, 5, Duration.ofMinutes(1), Set.of(), 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-10S", "PT5S", "PT12.345S", "PT65S"})
    void aWindowOfSlotsThatAreNoWholeSecondsIsRefused(Duration window) {
        assertThrows(IllegalArgumentException.class, () -> Given.rules(window, 20, Set.of(), 3));
    }
}
