package io.guestflow.processor.effects.cxone;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops asking a CXone that cannot answer, so that guests learn quickly that they should come back. What counts as a
 * failure is the caller's choice.
 *
 * <p>Threading: any thread.
 */
final class Breaker implements AutoCloseable {

    /**
     * When it opens, and for how long.
     *
     * @param windowSeconds of calls that are looked at
     * @param minimumCalls in the window before it may open
     * @param failuresPercent from which it opens
     * @param open until it tries again
     * @param trials calls that decide then
     */
    record Settings(int windowSeconds, int minimumCalls, float failuresPercent, Duration open, int trials) {

        private static final Settings DEFAULT = new Settings(10, 20, 50, Duration.ofSeconds(5), 4);
        /** Few are asked at a time, and each may hang for long: as many calls as of guests are never made. */
        private static final Settings RARE = new Settings(60, 4, 50, Duration.ofSeconds(15), 1);

        static Settings of(Circuit circuit) {
            return circuit == Circuit.DETAILS ? RARE : DEFAULT;
        }
    }

    /** While trials are under way nobody knows better than: soon. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);

    /** The library counts exceptions, and looks at nothing in this one. */
    private static final class Failed extends Exception {
        Failed() {
            super("a CXone call failed", null, false, false);
        }
    }

    private final Circuit circuit;
    private final CircuitBreaker breaker;
    private final InstantSource clock;
    private final Runnable opened;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private volatile Instant openUntil = Instant.MIN;
    /** The last one; of several at once any will do. */
    private volatile String failure = "nobody knows how";

    private long openings;
    private boolean closed;

    /** @param opened run whenever it opens, on the thread whose call opened it */
    Breaker(Circuit circuit, Settings settings, InstantSource clock, Runnable opened) {
        this.circuit = circuit;
        this.clock = clock;
        this.opened = opened;
        breaker = CircuitBreaker.of(
                "cxone-" + circuit.label(),
                CircuitBreakerConfig.custom()
                        .slidingWindowType(SlidingWindowType.TIME_BASED)
                        .slidingWindowSize(settings.windowSeconds())
                        .minimumNumberOfCalls(settings.minimumCalls())
                        .failureRateThreshold(settings.failuresPercent())
                        .waitDurationInOpenState(settings.open())
                        .permittedNumberOfCallsInHalfOpenState(settings.trials())
                        .automaticTransitionFromOpenToHalfOpenEnabled(true)
                        .clock(clock.withZone(ZoneOffset.UTC))
                        .build());
        breaker.getEventPublisher().onStateTransition(event -> {
            CircuitBreaker.State state = event.getStateTransition().getToState();
            if (state == CircuitBreaker.State.OPEN) {
                LOG.warn(
                        "CXone fails, {} the last time: no call of the circuit {} for {} ms",
                        failure,
                        circuit.label(),
                        settings.open().toMillis());
                open(clock.instant().plus(settings.open()));
            } else {
                LOG.info("The breaker of the circuit {} before CXone is {}", circuit.label(), state);
            }
        });
    }

    Circuit circuit() {
        return circuit;
    }

    boolean isOpen() {
        return breaker.getState() == CircuitBreaker.State.OPEN;
    }

    /** 0 closed, 1 trying, 2 open: for a gauge. */
    int stateNumber() {
        return switch (breaker.getState()) {
            case OPEN, FORCED_OPEN -> 2;
            case HALF_OPEN -> 1;
            case CLOSED, DISABLED, METRICS_ONLY -> 0;
        };
    }

    /** When a refused caller may come back. */
    Duration retryAfter() {
        Duration left = Duration.between(clock.instant(), openUntil);
        return isOpen() && left.isPositive() ? left : SOON;
    }

    /** Whether a call may be made; each yes is followed by one of the three below. */
    boolean enter() {
        return breaker.tryAcquirePermission();
    }

    void succeeded(long nanos) {
        breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
    }

    /** @param what came instead of an answer, for the operator */
    void failed(long nanos, String what) {
        failure = what;
        breaker.onError(nanos, TimeUnit.NANOSECONDS, new Failed());
    }

    /** The call says nothing about CXone, or was not made. */
    void leave() {
        breaker.releasePermission();
    }

    /** Waits between two tries; false, at once, when the breaker is open or opens meanwhile. */
    boolean rest(Duration length) {
        long left = length.toNanos();
        lock.lock();
        try {
            long seen = openings;
            if (isOpen()) {
                return false;
            }
            while (left > 0 && openings == seen && !closed) {
                left = woken.awaitNanos(left);
            }
            if (closed) {
                throw new CancellationException("the CXone client was closed");
            }
            return openings == seen;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            CancellationException broken = new CancellationException("interrupted between two tries");
            broken.initCause(e);
            throw broken;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void open(Instant until) {
        openUntil = until;
        lock.lock();
        try {
            openings++;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
        opened.run();
    }
}
