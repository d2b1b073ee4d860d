package io.guestflow.processor.effects.cxone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A simulated minute at 100 turns a second; no thread waits. */
final class TurnsTest {
    private static final Instant START = Instant.parse("2026-11-22T07:00:00Z");
    private static final Duration FAR = Duration.ofMinutes(30);
    private static final int PER_SECOND = 100;
    private static final int MINUTE = 60 * PER_SECOND;

    private final Turns turns = new Turns();
    private final Map<Lane, Integer> waiting = new EnumMap<>(Lane.class);
    private final List<Lane> had = new ArrayList<>();
    private Instant now = START;
    private long arrivals;

    @Test
    void underFullLoadGuestsGetNearlyAllAndEveryLaneItsTwentieth() {
        for (int turn = 0; turn < MINUTE; turn++) {
            keep(Lane.GUEST, 50, FAR);
            keep(Lane.REFRESH, 50, FAR);
            keep(Lane.REST, 50, FAR);
            take();
        }
        assertEquals(MINUTE * 90 / 100, count(had, Lane.GUEST), 2);
        assertEquals(MINUTE * 5 / 100, count(had, Lane.REFRESH), 2);
        assertEquals(MINUTE * 5 / 100, count(had, Lane.REST), 2);
        // Not only over the minute: nobody at the head of a lane waits for more than a few turns.
        for (int from = 0; from + 22 <= had.size(); from++) {
            List<Lane> some = had.subList(from, from + 22);
            assertTrue(some.contains(Lane.REFRESH) && some.contains(Lane.REST), some::toString);
        }
    }

    @Test
    void refreshesOfDyingSessionsOvertakeGuestsWhoKeepTheirTwentieth() {
        for (int turn = 0; turn < MINUTE; turn++) {
            keep(Lane.GUEST, 50, FAR);
            keep(Lane.REFRESH, 50, Turns.DYING.minusMillis(1));
            keep(Lane.REST, 50, FAR);
            take();
        }
        assertEquals(MINUTE * 90 / 100, count(had, Lane.REFRESH), 2);
        assertEquals(MINUTE * 5 / 100, count(had, Lane.GUEST), 2);
        assertEquals(MINUTE * 5 / 100, count(had, Lane.REST), 2);
    }

    @Test
    void aRefreshWaitsBehindGuestsUntilItsSessionIsAboutToDie() {
        Waiter guest = add(Lane.GUEST, FAR);
        Waiter refresh = add(Lane.REFRESH, Turns.DYING.plusSeconds(5));
        assertSame(guest, turns.next(now));
        now = now.plusSeconds(6);
        assertSame(refresh, turns.next(now));
    }

    @Test
    void whatGuestsLeaveGoesToRefreshesAndThenToTheRest() {
        for (int turn = 0; turn < MINUTE; turn++) {
            if (turn % 10 < 3) {
                add(Lane.GUEST, FAR);
            }
            if (turn % 10 < 4) {
                add(Lane.REFRESH, FAR);
            }
            keep(Lane.REST, 50, FAR);
            take();
        }
        assertEquals(MINUTE * 30 / 100, count(had, Lane.GUEST), 5);
        assertEquals(MINUTE * 40 / 100, count(had, Lane.REFRESH), 5);
        assertEquals(MINUTE * 30 / 100, count(had, Lane.REST), 5);
    }

    @Test
    void aLaneThatWasEmptyHasSavedUpNothing() {
        for (int turn = 0; turn < MINUTE; turn++) {
            keep(Lane.GUEST, 50, FAR);
            take();
        }
        had.clear();
        for (int turn = 0; turn < 200; turn++) {
            keep(Lane.GUEST, 50, FAR);
            keep(Lane.REST, 50, FAR);
            take();
        }
        assertEquals(200 * 5 / 100, count(had, Lane.REST));
    }

    @Test
    void whateverTheLoadALaneThatWaitsGetsItsTwentieth() {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            Turns these = new Turns();
            Map<Lane, Integer> inLane = new EnumMap<>(Lane.class);
            Map<Lane, Integer> passedOver = new EnumMap<>(Lane.class);
            for (int turn = 0; turn < 2_000; turn++) {
                for (Lane lane : List.of(Lane.GUEST, Lane.REFRESH, Lane.REST)) {
                    if (random.nextInt(3) == 0) {
                        Duration patience = Duration.ofSeconds(1 + random.nextInt(40));
                        these.add(new Waiter(lane, Circuit.CREATE, START.plus(patience), false, arrivals++));
                        inLane.merge(lane, 1, Integer::sum);
                    }
                }
                Waiter next = these.next(START);
                if (next == null) {
                    continue;
                }
                these.had(next);
                inLane.merge(next.lane(), -1, Integer::sum);
                for (Lane lane : inLane.keySet()) {
                    boolean waits = lane != next.lane() && inLane.getOrDefault(lane, 0) > 0;
                    int passed = waits ? passedOver.getOrDefault(lane, 0) + 1 : 0;
                    passedOver.put(lane, passed);
                    // Two lanes may be owed a turn before it.
                    assertTrue(passed <= Turns.LEAST_ONE_IN + 2, lane + " was passed over " + passed + " times");
                }
            }
        }
    }

    @Test
    void guestsComeByArrivalRefreshesByDeadline() {
        Waiter late = add(Lane.REFRESH, Duration.ofSeconds(300));
        Waiter soon = add(Lane.REFRESH, Duration.ofSeconds(100));
        Waiter first = add(Lane.GUEST, Duration.ofSeconds(60));
        Waiter second = add(Lane.GUEST, Duration.ofSeconds(2));
        assertEquals(List.of(first, second, soon, late), all());
    }

    @Test
    void whoHadATurnAndCouldNotUseItIsFirstOfItsLaneButNotOfOthers() {
        Waiter refresh = add(Lane.REFRESH, FAR);
        Waiter guest = add(Lane.GUEST, FAR);
        Waiter guestAgain = waiter(Lane.GUEST, FAR, true);
        Waiter refreshAgain = waiter(Lane.REFRESH, FAR, true);
        turns.add(guestAgain);
        turns.add(refreshAgain);
        assertEquals(List.of(guestAgain, guest, refreshAgain, refresh), all());
    }

    @Test
    void tokenCallsGoBeforeAllOthers() {
        add(Lane.GUEST, FAR);
        add(Lane.REFRESH, Duration.ofSeconds(1));
        Waiter token = add(Lane.TOKEN, FAR);
        assertSame(token, turns.next(now));
    }

    @Test
    void aPlaceTellsHowManyTurnsAreBefore() {
        for (int i = 0; i < 100; i++) {
            add(Lane.REST, FAR);
            add(Lane.REFRESH, Duration.ofSeconds(100 + i));
        }
        assertEquals(1, turns.place(waiter(Lane.GUEST, FAR, false)));
        for (int i = 0; i < 38; i++) {
            add(Lane.GUEST, FAR);
        }
        assertEquals(1 + 38 + 2 + 2, turns.place(waiter(Lane.GUEST, FAR, false)), "two of each lane come between");
        assertEquals(1, turns.place(waiter(Lane.GUEST, FAR, true)));
        assertEquals(1, turns.place(waiter(Lane.REFRESH, Duration.ofSeconds(50), false)), "it may overtake all");
        assertEquals(51, turns.place(waiter(Lane.REFRESH, Duration.ofSeconds(149), false)), "by its deadline");
        assertEquals(101 * Turns.LEAST_ONE_IN, turns.place(waiter(Lane.REST, FAR, false)), "one turn in twenty");
    }

    @Test
    void theRestComesAtOnceWhereNobodyElseWaits() {
        assertEquals(1, turns.place(waiter(Lane.REST, FAR, false)));
        add(Lane.REST, FAR);
        assertEquals(2, turns.place(waiter(Lane.REST, FAR, false)));
    }

    @Test
    void aReviewTellsPlacesAmongThoseWhoStay() {
        Waiter a = add(Lane.GUEST, FAR);
        Waiter b = add(Lane.GUEST, FAR);
        Waiter c = add(Lane.GUEST, FAR);
        List<Integer> places = new ArrayList<>();
        turns.review((waiter, place) -> {
            places.add(place);
            return waiter == b;
        });
        assertEquals(List.of(1, 2, 2), places);
        assertEquals(List.of(a, c), all());
    }

    @Test
    void whoIsTakenOutHasNoTurn() {
        Waiter a = add(Lane.GUEST, FAR);
        Waiter b = add(Lane.REST, FAR);
        turns.remove(a);
        assertEquals(List.of(b), turns.removeAll(waiter -> waiter.lane() == Lane.REST));
        assertNull(turns.next(now));
    }

    private Waiter waiter(Lane lane, Duration patience, boolean again) {
        return new Waiter(lane, Circuit.CREATE, now.plus(patience), again, arrivals++);
    }

    private Waiter add(Lane lane, Duration patience) {
        Waiter waiter = waiter(lane, patience, false);
        turns.add(waiter);
        waiting.merge(lane, 1, Integer::sum);
        return waiter;
    }

    private void keep(Lane lane, int count, Duration patience) {
        while (waiting.getOrDefault(lane, 0) < count) {
            add(lane, patience);
        }
    }

    private void take() {
        now = now.plusMillis(1000 / PER_SECOND);
        Waiter next = turns.next(now);
        assertNotNull(next);
        turns.had(next);
        waiting.merge(next.lane(), -1, Integer::sum);
        had.add(next.lane());
    }

    private List<Waiter> all() {
        List<Waiter> all = new ArrayList<>();
        for (Waiter next = turns.next(now); next != null; next = turns.next(now)) {
            turns.had(next);
            all.add(next);
        }
        return all;
    }

    private static int count(List<Lane> lanes, Lane lane) {
        return (int) lanes.stream().filter(each -> each == lane).count();
    }
}
