package io.guestflow.processor.effects.cxone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class ThrottleTest {

    private static final InstantSource CLOCK = InstantSource.system();
    private static final Duration WORTH_TRYING = Duration.ofMillis(20);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Instant> learned = new CopyOnWriteArrayList<>();
    private final List<Throttle> opened = new ArrayList<>();

    private record Turn(Instant at, @Nullable Duration refusal) {}

    @AfterEach
    void stop() {
        opened.forEach(Throttle::close);
        threads.shutdownNow();
    }

    private Throttle throttle(double callsPerSecond) {
        Throttle throttle = new Throttle(callsPerSecond, CLOCK, WORTH_TRYING, learned::add);
        opened.add(throttle);
        return throttle;
    }

    private static Instant in(Duration time) {
        return CLOCK.instant().plus(time);
    }

    private Future<Turn> caller(Throttle throttle, Lane lane, Duration patience) {
        return caller(throttle, lane, Circuit.CREATE, patience);
    }

    private Future<Turn> caller(Throttle throttle, Lane lane, Circuit circuit, Duration patience) {
        return threads.submit(() -> {
            Duration refusal = throttle.acquire(lane, circuit, in(patience));
            return new Turn(CLOCK.instant(), refusal);
        });
    }

    private List<Future<Turn>> callers(Throttle throttle, int count, Duration patience) {
        List<Future<Turn>> callers = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            callers.add(caller(throttle, Lane.GUEST, patience));
            int waiting = i;
            awaitWaiting(throttle, waiting);
        }
        return callers;
    }

    private static void awaitWaiting(Throttle throttle, int count) {
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> throttle.waiting() == count);
    }

    private static Turn turn(Future<Turn> caller) throws Exception {
        return caller.get(10, TimeUnit.SECONDS);
    }

    /** A throttle whose first permits are spent, so that the next caller waits. */
    private Throttle busy(double callsPerSecond) {
        Throttle throttle = throttle(callsPerSecond);
        assertNull(throttle.acquire(Lane.GUEST, Circuit.CREATE, in(Duration.ofSeconds(10))));
        return throttle;
    }

    @Test
    void withoutALimitNobodyWaits() {
        Throttle throttle = throttle(0);
        long start = System.nanoTime();
        for (int i = 0; i < 100_000; i++) {
            assertNull(throttle.acquire(Lane.GUEST, Circuit.CREATE, Instant.MAX));
        }
        assertTrue(System.nanoTime() - start < 2_000_000_000L, "20 us a call is far too much");
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 150, 1_000})
    void noSecondSeesMoreThanTheLimitAndFewSeeLess(int limit) throws Exception {
        Throttle throttle = throttle(limit);
        int wanted = limit * 2;
        List<Future<Turn>> callers = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < wanted; i++) {
            callers.add(caller(throttle, Lane.GUEST, Duration.ofSeconds(15)));
        }
        List<Instant> turns = new ArrayList<>();
        for (Future<Turn> caller : callers) {
            Turn turn = turn(caller);
            assertNull(turn.refusal());
            turns.add(turn.at());
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        turns.sort(null);
        // The turns are noted a moment after they are given: that moment may differ from caller to caller.
        Duration window = Duration.ofMillis(850);
        for (int i = limit; i < turns.size(); i++) {
            Duration between = Duration.between(turns.get(i - limit), turns.get(i));
            assertTrue(between.compareTo(window) > 0, () -> (limit + 1) + " turns within " + between);
        }
        assertTrue(seconds < wanted / (0.5 * limit), () -> wanted + " turns took " + seconds + " s");
    }

    @Test
    void aPauseHoldsBackEveryCallerAlsoWithoutALimit() throws Exception {
        Throttle throttle = throttle(0);
        Instant end = in(Duration.ofMillis(1_500));
        throttle.pauseUntil(end);
        for (Future<Turn> caller : callers(throttle, 50, Duration.ofSeconds(5))) {
            assertFalse(turn(caller).at().isBefore(end));
        }
    }

    @Test
    void aCallerThatWaitsAlreadyWaitsOutAPauseThatIsLearnedNow() throws Exception {
        Throttle throttle = busy(2);
        List<Future<Turn>> callers = callers(throttle, 2, Duration.ofSeconds(8));
        throttle.learnPause(Duration.ofMillis(1_500));
        Instant end = learned.getFirst();
        for (Future<Turn> caller : callers) {
            assertFalse(turn(caller).at().isBefore(end));
        }
    }

    @Test
    void aTurnAfterTheDeadlineIsToldAtOnce() {
        Throttle throttle = throttle(0);
        throttle.learnPause(Duration.ofSeconds(60));
        long start = System.nanoTime();
        Duration refusal = throttle.acquire(Lane.GUEST, Circuit.CREATE, in(Duration.ofSeconds(30)));
        assertTrue(System.nanoTime() - start < 5_000_000_000L);
        assertTrue(refusal != null && refusal.compareTo(Duration.ofSeconds(55)) > 0, () -> "told " + refusal);
        awaitWaiting(throttle, 0);
    }

    @Test
    void aQueueThatIsTooLongIsToldAtOnce() throws Exception {
        Throttle throttle = busy(2);
        callers(throttle, 3, Duration.ofSeconds(20));
        long start = System.nanoTime();
        Duration refusal = throttle.acquire(Lane.GUEST, Circuit.CREATE, in(Duration.ofMillis(500)));
        assertTrue(System.nanoTime() - start < 400_000_000L, "it waited for nothing");
        assertNotNull(refusal);
        assertTrue(refusal.compareTo(Duration.ofMillis(500)) > 0, () -> "told " + refusal);
    }

    @Test
    void whoeverWouldWaitPastTheDeadlineIsSentAwayWhenAPauseIsLearned() throws Exception {
        Throttle throttle = busy(1);
        Future<Turn> hasty = caller(throttle, Lane.GUEST, Duration.ofSeconds(5));
        awaitWaiting(throttle, 1);
        throttle.pauseUntil(in(Duration.ofSeconds(60)));
        Turn turn = hasty.get(2, TimeUnit.SECONDS);
        assertNotNull(turn.refusal());
        assertTrue(turn.refusal().compareTo(Duration.ofSeconds(55)) > 0);
    }

    @Test
    void aHundredRefusedCallsLearnOnePause() {
        // A clock that goes on by a millisecond whenever it is read, as it would between the answers.
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-22T07:00:00Z"));
        InstantSource running = () -> now.updateAndGet(instant -> instant.plusMillis(1));
        Throttle throttle = new Throttle(0, running, WORTH_TRYING, learned::add);
        opened.add(throttle);
        for (int i = 0; i < 50; i++) {
            throttle.learnPause(Duration.ofSeconds(30));
        }
        assertTrue(learned.size() <= 3, () -> "told " + learned.size() + " times");
        assertFalse(learned.getLast().isBefore(now.get().plusSeconds(30).minusMillis(2)));
    }

    @Test
    void aPauseThatOthersLearnedIsNotToldBackAndShortensNothing() {
        Throttle throttle = throttle(0);
        throttle.pauseUntil(in(Duration.ofSeconds(30)));
        throttle.learnPause(Duration.ofSeconds(1));
        throttle.pauseUntil(in(Duration.ofSeconds(1)));
        assertEquals(List.of(), learned);
        assertTrue(throttle.pauseLeft().compareTo(Duration.ofSeconds(25)) > 0);
    }

    @Test
    void noPauseIsLongerThanThreeMinutes() {
        Throttle throttle = throttle(0);
        throttle.pauseUntil(in(Duration.ofDays(1)));
        assertTrue(throttle.pauseLeft().compareTo(Duration.ofSeconds(181)) < 0);
    }

    @Test
    void aTokenCallGoesBeforeTheGuestsWhoWait() throws Exception {
        Throttle throttle = busy(4);
        List<Future<Turn>> guests = callers(throttle, 4, Duration.ofSeconds(10));
        Turn token = turn(caller(throttle, Lane.TOKEN, Duration.ofSeconds(10)));
        assertTrue(token.at().isBefore(turn(guests.getLast()).at()));
        assertTrue(token.at().isBefore(turn(guests.get(2)).at()));
    }

    @Test
    void callersOfALaneComeInTheOrderOfTheirArrival() throws Exception {
        Throttle throttle = busy(20);
        throttle.pauseUntil(in(Duration.ofMillis(500)));
        Instant before = Instant.MIN;
        for (Future<Turn> caller : callers(throttle, 8, Duration.ofSeconds(10))) {
            Instant at = turn(caller).at();
            assertTrue(at.isAfter(before));
            before = at;
        }
    }

    @Test
    void callersThatGaveUpTakeNoTurn() throws Exception {
        Throttle throttle = busy(2);
        List<Future<Turn>> gone = callers(throttle, 4, Duration.ofSeconds(20));
        Future<Turn> last = caller(throttle, Lane.GUEST, Duration.ofSeconds(20));
        awaitWaiting(throttle, 5);
        Instant left = CLOCK.instant();
        gone.forEach(caller -> caller.cancel(true));
        // Four turns before it would be two seconds.
        assertTrue(Duration.between(left, turn(last).at()).compareTo(Duration.ofMillis(1_500)) < 0);
        awaitWaiting(throttle, 0);
    }

    @Test
    void aLostShareEndsAtOnce() throws Exception {
        Throttle throttle = throttle(100);
        throttle.share(0.02);
        Instant start = CLOCK.instant();
        assertNull(throttle.acquire(Lane.GUEST, Circuit.CREATE, in(Duration.ofSeconds(10))));
        assertNull(throttle.acquire(Lane.GUEST, Circuit.CREATE, in(Duration.ofSeconds(10))));
        assertTrue(Duration.between(start, CLOCK.instant()).compareTo(Duration.ofMillis(500)) > 0);
        throttle.share(0);
        assertNotNull(throttle.acquire(Lane.GUEST, Circuit.CREATE, in(Duration.ofMillis(200))));
    }

    @Test
    void aGainedShareStartsASecondLaterAndEmpty() {
        Throttle throttle = throttle(50);
        throttle.share(0);
        long start = System.nanoTime();
        throttle.share(1);
        assertNull(throttle.acquire(Lane.GUEST, Circuit.CREATE, in(Duration.ofSeconds(10))));
        long waited = System.nanoTime() - start;
        assertTrue(waited >= 1_000_000_000L, () -> "waited " + waited + " ns");
        assertTrue(waited < 5_000_000_000L, () -> "waited " + waited + " ns");
    }

    @Test
    void aLostShareSendsAwayWhoWouldWaitTooLongNow() throws Exception {
        Throttle throttle = busy(2);
        List<Future<Turn>> callers = callers(throttle, 3, Duration.ofSeconds(4));
        throttle.share(0.01);
        Turn last = callers.getLast().get(1, TimeUnit.SECONDS);
        assertNotNull(last.refusal());
    }

    @Test
    void allOfACircuitCanBeSentAwayTogether() throws Exception {
        Throttle throttle = busy(1);
        List<Future<Turn>> callers = callers(throttle, 5, Duration.ofSeconds(20));
        throttle.refuseAll(Circuit.CREATE, Duration.ofSeconds(7));
        for (Future<Turn> caller : callers) {
            assertEquals(Duration.ofSeconds(7), turn(caller).refusal());
        }
    }

    @Test
    void theOtherCircuitKeepsItsTurns() throws Exception {
        Throttle throttle = busy(2);
        Future<Turn> create = caller(throttle, Lane.GUEST, Circuit.CREATE, Duration.ofSeconds(20));
        awaitWaiting(throttle, 1);
        Future<Turn> context = caller(throttle, Lane.GUEST, Circuit.CONTEXT, Duration.ofSeconds(20));
        awaitWaiting(throttle, 2);
        throttle.refuseAll(Circuit.CONTEXT, Duration.ofSeconds(7));
        assertEquals(Duration.ofSeconds(7), turn(context).refusal());
        assertNull(turn(create).refusal());
        awaitWaiting(throttle, 0);
    }

    @Test
    void closingBreaksOffWhoeverWaits() {
        Throttle throttle = busy(1);
        List<Future<Turn>> callers = callers(throttle, 2, Duration.ofSeconds(20));
        throttle.close();
        for (Future<Turn> caller : callers) {
            ExecutionException e = assertThrows(ExecutionException.class, () -> turn(caller));
            assertInstanceOf(CancellationException.class, e.getCause());
        }
        assertThrows(
                CancellationException.class,
                () -> throttle.acquire(Lane.GUEST, Circuit.CREATE, in(Duration.ofSeconds(1))));
    }
}
