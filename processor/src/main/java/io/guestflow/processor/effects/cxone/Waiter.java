package io.guestflow.processor.effects.cxone;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A caller in the {@link Throttle}'s queue.
 *
 * <p>Threading: made and parked by the caller, settled once, under the throttle's lock, by whoever decides.
 */
final class Waiter {

    /** What became of the caller. */
    enum State {
        WAITING,
        GRANTED,
        REFUSED,
        /** The caller went away by itself, at its deadline or interrupted. */
        GONE,
        CLOSED
    }

    private final Thread thread = Thread.currentThread();
    private final Lane lane;
    private final Circuit circuit;
    private final Instant deadline;
    private final boolean again;
    private final long number;
    private Duration refusal = Duration.ZERO;
    /** Written last, so that whoever sees it settled sees the refusal too. */
    private volatile State state = State.WAITING;

    /**
     * A caller on its own thread.
     *
     * @param again whether it had its turn before and could not use it
     * @param number of its arrival
     */
    Waiter(Lane lane, Circuit circuit, Instant deadline, boolean again, long number) {
        this.lane = lane;
        this.circuit = circuit;
        this.deadline = deadline;
        this.again = again;
        this.number = number;
    }

    Lane lane() {
        return lane;
    }

    Circuit circuit() {
        return circuit;
    }

    Instant deadline() {
        return deadline;
    }

    boolean again() {
        return again;
    }

    long number() {
        return number;
    }

    /** False when it was settled before. */
    boolean settle(State verdict, Duration wait) {
        if (state != State.WAITING) {
            return false;
        }
        refusal = wait;
        state = verdict;
        LockSupport.unpark(thread);
        return true;
    }

    /** Waits until settled; false when deadline or interrupt came first. */
    boolean park(InstantSource clock) {
        while (state == State.WAITING) {
            long left = Duration.between(clock.instant(), deadline).toNanos();
            if (left <= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(this, left);
        }
        return true;
    }

    /** null = go; else how long it would have taken. */
    @Nullable
    Duration verdict() {
        return switch (state) {
            case GRANTED -> null;
            case REFUSED -> refusal;
            case GONE -> {
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("interrupted while waiting for a turn");
                }
                yield refusal;
            }
            case CLOSED -> throw new CancellationException("the CXone client was closed");
            case WAITING -> throw new IllegalStateException("asked for its verdict before there is one");
        };
    }
}
