package io.guestflow.processor.effects.cxone;

import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP call, the only way to CXone: breaker, throttle, exchange; and what the answer means for breaker and
 * throttle. One for each circuit; they share all but the breaker, and the pauses of a circuit that is
 * {@linkplain Circuit#isApart apart}.
 *
 * <p>Threading: any thread.
 */
final class Gate {

    /** With less time than this no call is begun: it would only take a permit and an unknown effect. */
    static final Duration WORTH_TRYING = Duration.ofMillis(20);

    /** What a 429 without a readable {@code Retry-After} means. */
    static final Duration DEFAULT_PAUSE = Duration.ofSeconds(1);

    /**
     * How many calls for which nobody waits may be under way or waiting for their turn. Where CXone hangs they all hang,
     * and every one takes a place from a guest's command; what finds no place here is refused, and tried again later.
     */
    static final int BACKGROUND_PLACES = 64;

    private static final Duration UNTIL_A_PLACE = Duration.ofSeconds(1);

    /** A call that was given less time than this says nothing about CXone when it runs out. */
    private static final Duration TELLING = Duration.ofSeconds(1);

    private final Wire wire;
    private final Semaphore background;
    private final Throttle throttle;
    private final Breaker breaker;
    private final InstantSource clock;
    private final Meters meters;
    private final Duration callTimeout;
    /** Until then this circuit alone makes no call. */
    private final AtomicReference<Instant> pausedUntil = new AtomicReference<>(Instant.MIN);

    /** @param background the {@link #BACKGROUND_PLACES} of all gates together */
    Gate(
            Wire wire,
            Semaphore background,
            Throttle throttle,
            Breaker breaker,
            InstantSource clock,
            Meters meters,
            Duration callTimeout) {
        this.background = background;
        this.wire = wire;
        this.throttle = throttle;
        this.breaker = breaker;
        this.clock = clock;
        this.meters = meters;
        this.callTimeout = callTimeout;
    }

    /**
     * Makes a call when its turn has come.
     *
     * @param again its turn came before and it had nothing to send: it is the first of its lane now
     * @param ready what to send, asked for when the turn has come; null when there is nothing to send now
     */
    GateAnswer call(RetryLoop.Bounds bounds, boolean again, Supplier<@Nullable HttpRequest> ready) {
        if (bounds.lane() != Lane.REST) {
            return callInTurn(bounds, again, ready);
        }
        Duration pause = ownPauseLeft();
        if (pause.isPositive()) {
            return new GateAnswer.Paused(pause);
        }
        if (!background.tryAcquire()) {
            return new GateAnswer.Held(new CallFailure.NoPlace(UNTIL_A_PLACE));
        }
        try {
            return callInTurn(bounds, again, ready);
        } finally {
            background.release();
        }
    }

    private GateAnswer callInTurn(RetryLoop.Bounds bounds, boolean again, Supplier<@Nullable HttpRequest> ready) {
        Instant deadline = bounds.deadline();
        if (breaker.isOpen()) {
            return new GateAnswer.Held(unavailable());
        }
        long asked = System.nanoTime();
        Duration refusal = throttle.acquire(bounds.lane(), breaker.circuit(), bounds.turnBy(clock.instant()), again);
        if (refusal != null) {
            return new GateAnswer.Held(breaker.isOpen() ? unavailable() : new CallFailure.RateLimited(refusal));
        }
        meters.waited(System.nanoTime() - asked);
        // After the wait, not before it: a trial of a half-open breaker must not be spent on waiting.
        if (!breaker.enter()) {
            return new GateAnswer.Held(unavailable());
        }
        Duration left = Duration.between(clock.instant(), deadline);
        HttpRequest request = left.compareTo(WORTH_TRYING) < 0 ? null : ready.get();
        if (request == null) {
            breaker.leave();
            return left.compareTo(WORTH_TRYING) < 0
                    ? new GateAnswer.Held(new CallFailure.DeadlinePassed())
                    : new GateAnswer.Unready();
        }
        return exchange(request, shorter(left, shorter(bounds.longest(), callTimeout)));
    }

    private GateAnswer exchange(HttpRequest request, Duration bound) {
        long started = System.nanoTime();
        Wire.Ending ending;
        try {
            ending = wire.exchange(request, bound);
        } catch (RuntimeException e) {
            breaker.leave();
            throw e;
        }
        long nanos = System.nanoTime() - started;
        return switch (ending) {
            case Wire.Ending.Broken(CallFailure.Cause cause) -> {
                boolean ownFault = cause == CallFailure.Cause.TIMEOUT
                        && bound.compareTo(callTimeout) < 0
                        && bound.compareTo(TELLING) < 0;
                if (ownFault) {
                    breaker.leave();
                } else {
                    breaker.failed(nanos, cause.toString());
                }
                yield new GateAnswer.Broken(cause, nanos);
            }
            case Wire.Ending.Whole(HttpResponse<byte[]> response) -> {
                int status = response.statusCode();
                Duration retryAfter =
                        status == 429 || status == 503 ? retryAfter(response.headers(), clock.instant()) : null;
                // The pause first: the breaker wakes waiters, and they must not slip through before it.
                if (status == 429) {
                    retryAfter = retryAfter == null ? DEFAULT_PAUSE : retryAfter;
                    pause(retryAfter);
                }
                if (status == 429 || status >= 500) {
                    breaker.failed(nanos, "HTTP status " + status);
                } else {
                    breaker.succeeded(nanos);
                }
                yield new GateAnswer.Answered(response, retryAfter, nanos);
            }
        };
    }

    /** What callers are told while the breaker is open. */
    CallFailure unavailable() {
        return new CallFailure.Unavailable(longer(breaker.retryAfter(), longer(throttle.pauseLeft(), ownPauseLeft())));
    }

    /** CXone asked for it: the tenant waits, or this circuit. */
    private void pause(Duration length) {
        if (breaker.circuit().isApart()) {
            pausedUntil.accumulateAndGet(clock.instant().plus(length), (a, b) -> a.isAfter(b) ? a : b);
        } else {
            throttle.learnPause(length);
        }
    }

    private Duration ownPauseLeft() {
        Instant until = pausedUntil.get();
        Instant now = clock.instant();
        return now.isBefore(until) ? Duration.between(now, until) : Duration.ZERO;
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? b : a;
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static @Nullable Duration retryAfter(HttpHeaders headers, Instant now) {
        return RetryAfter.parse(headers.firstValue("Retry-After").orElse(null), now);
    }
}
