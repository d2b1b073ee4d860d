package io.guestflow.processor.effects.cxone;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The gate before every HTTP call: this instance's share of the tenant's limit, and the pauses that the tenant asks
 * for. Who has to wait takes {@link Turns}; one thread takes the permits as they fall due and hands each to the next
 * waiter that still can use it, so none is spent on a caller who gave up. A caller whose turn would come
 * after its deadline is told so at once, also when a pause or a lost share pushes its turn back later.
 *
 * <p>Threading: any thread; private methods run with the lock held, but for {@code await} and {@code pauseLeft}.
 * Without a limit and outside a pause a caller passes on volatile reads alone.
 */
final class Throttle implements AutoCloseable {

    /** Pauses end on this grid, so that a hundred refused calls learn, and tell, one pause and not a hundred. */
    private static final long PAUSE_GRID_MILLIS = 100;

    /** What a caller is told when nobody can know, because this instance has no share now. */
    private static final Duration UNKNOWN_WAIT = Duration.ofSeconds(1);

    private final InstantSource clock;
    private final Duration worthTrying;
    private final PauseListener listener;
    private final @Nullable Pace pace;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Turns turns = new Turns();
    private long arrivals;
    private volatile @Nullable Instant pausedUntil;
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean closed;

    /**
     * @param callsPerSecond the tenant's limit, 0 = none
     * @param worthTrying what must be left until the deadline when a caller's turn comes
     */
    Throttle(double callsPerSecond, InstantSource clock, Duration worthTrying, PauseListener listener) {
        this.clock = clock;
        this.worthTrying = worthTrying;
        this.listener = listener;
        pace = callsPerSecond > 0 ? new Pace(callsPerSecond) : null;
        Thread.ofVirtual().name("cxone-throttle").start(this::hand);
    }

    /**
     * Waits for this caller's turn.
     *
     * @return null = go; else the turn would come too late, and this is how long it would take
     */
    @Nullable
    Duration acquire(Lane lane, Circuit circuit, Instant deadline) {
        return acquire(lane, circuit, deadline, false);
    }

    /** @param again it had its turn and could not use it, so it goes to the head of its lane */
    @Nullable
    Duration acquire(Lane lane, Circuit circuit, Instant deadline, boolean again) {
        if (pace == null && pauseLeft(clock.instant()).isZero() && !closed) {
            return null;
        }
        Waiter waiter;
        lock.lock();
        try {
            if (closed) {
                throw new CancellationException("the CXone client is closed");
            }
            if (waiting.get() == 0 && takeOrNanosToNext() == 0) {
                return null;
            }
            waiter = new Waiter(lane, circuit, deadline, again, arrivals++);
            Duration wait = estimate(turns.place(waiter));
            if (tooLate(wait, deadline)) {
                return wait;
            }
            turns.add(waiter);
            waiting.incrementAndGet();
            changed.signal();
        } finally {
            lock.unlock();
        }
        return await(waiter);
    }

    /** The tenant asked for a pause of this length; the listener is told when that is news. */
    void learnPause(Duration length) {
        Instant until = onGrid(clock.instant().plus(length));
        if (extendPause(until)) {
            listener.learned(until);
        }
    }

    /** Another instance learned of a pause. */
    void pauseUntil(Instant until) {
        Instant latest = onGrid(clock.instant().plus(RetryAfter.LONGEST));
        extendPause(until.isAfter(latest) ? latest : until);
    }

    Duration pauseLeft() {
        return pauseLeft(clock.instant());
    }

    /** This instance's part of the tenant's limit, 0 to 1; it begins with the whole. */
    void share(double fraction) {
        if (pace == null) {
            return;
        }
        lock.lock();
        try {
            pace.share(fraction, System.nanoTime());
            reconsider();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Sends the waiters of this circuit away with this refusal; the others keep their turns. */
    void refuseAll(Circuit circuit, Duration refusal) {
        dismiss(waiter -> waiter.circuit() == circuit, Waiter.State.REFUSED, refusal);
    }

    int waiting() {
        return waiting.get();
    }

    @Override
    public void close() {
        closed = true;
        dismiss(waiter -> true, Waiter.State.CLOSED, Duration.ZERO);
    }

    private boolean extendPause(Instant until) {
        lock.lock();
        try {
            Instant now = clock.instant();
            Instant current = pausedUntil;
            if (!until.isAfter(now) || (current != null && !until.isAfter(current))) {
                return false;
            }
            pausedUntil = until;
            reconsider();
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private static Instant onGrid(Instant time) {
        long millis = Math.ceilDiv(time.toEpochMilli() + 1, PAUSE_GRID_MILLIS) * PAUSE_GRID_MILLIS;
        return Instant.ofEpochMilli(millis);
    }

    private Duration pauseLeft(Instant now) {
        Instant until = pausedUntil;
        return until == null || !now.isBefore(until) ? Duration.ZERO : Duration.between(now, until);
    }

    /** The pacer's life. */
    private void hand() {
        lock.lock();
        try {
            while (!closed) {
                Waiter next = next();
                if (next == null) {
                    changed.await();
                    continue;
                }
                long nanos = takeOrNanosToNext();
                if (nanos > 0) {
                    changed.awaitNanos(nanos);
                    continue;
                }
                turns.had(next);
                settle(next, Waiter.State.GRANTED, Duration.ZERO);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the throttle's thread", e);
        } finally {
            lock.unlock();
        }
    }

    /** The waiter whose turn it is and who can still use it. */
    private @Nullable Waiter next() {
        Instant now = clock.instant();
        Instant usable = now.plus(worthTrying);
        Waiter next = turns.next(now);
        while (next != null && !next.deadline().isAfter(usable)) {
            turns.remove(next);
            settle(next, Waiter.State.REFUSED, estimate(1));
            next = turns.next(now);
        }
        return next;
    }

    private long takeOrNanosToNext() {
        long pause = pauseLeft(clock.instant()).toNanos();
        if (pause > 0 || pace == null) {
            return pause;
        }
        return pace.takeOrNanosToNext(System.nanoTime());
    }

    private Duration estimate(int place) {
        Duration pause = pauseLeft(clock.instant());
        long nanos = pace == null ? 0 : pace.estimateNanos(place, System.nanoTime());
        return nanos == Pace.NEVER ? pause.plus(UNKNOWN_WAIT) : pause.plusNanos(nanos);
    }

    private boolean tooLate(Duration wait, Instant deadline) {
        return !clock.instant().plus(wait).plus(worthTrying).isBefore(deadline);
    }

    /** After the turns moved back: whoever would wait in vain now is told. */
    private void reconsider() {
        turns.review((waiter, place) -> {
            Duration wait = estimate(place);
            boolean inVain = tooLate(wait, waiter.deadline());
            if (inVain) {
                settle(waiter, Waiter.State.REFUSED, wait);
            }
            return inVain;
        });
    }

    private void dismiss(Predicate<Waiter> whom, Waiter.State state, Duration refusal) {
        lock.lock();
        try {
            turns.removeAll(whom).forEach(waiter -> settle(waiter, state, refusal));
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void settle(Waiter waiter, Waiter.State state, Duration refusal) {
        if (waiter.settle(state, refusal)) {
            waiting.decrementAndGet();
        }
    }

    private @Nullable Duration await(Waiter waiter) {
        if (!waiter.park(clock)) {
            lock.lock();
            try {
                turns.remove(waiter);
                settle(waiter, Waiter.State.GONE, estimate(1));
            } finally {
                lock.unlock();
            }
        }
        return waiter.verdict();
    }
}
