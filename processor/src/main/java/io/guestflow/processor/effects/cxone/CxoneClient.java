package io.guestflow.processor.effects.cxone;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything between a command and CXone's answer: token, throttle, retries, breakers, HTTP. One for each tenant and
 * process.
 *
 * <p>Threading: any thread.
 */
public final class CxoneClient implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CxoneClient.class);

    private static final Duration BACKOFF_BASE = Duration.ofMillis(100);
    private static final Duration BACKOFF_CAP = Duration.ofSeconds(5);

    private final Wire wire;
    private final Throttle throttle;
    private final List<Breaker> breakers;
    private final GuestApi guests;
    private final DetailsApi details;

    private CxoneClient(Wire wire, Throttle throttle, List<Breaker> breakers, GuestApi guests, DetailsApi details) {
        this.wire = wire;
        this.throttle = throttle;
        this.breakers = breakers;
        this.guests = guests;
        this.details = details;
    }

    /**
     * Ready at once; CXone is asked nothing before the first call.
     *
     * @param callsPerSecond the tenant's limit over all instances, 0 = none; until {@link #share} says otherwise all
     *     of it is this instance's
     * @param clock must not go backwards; deadlines, pauses and token lifetimes are read on it
     * @param pauses told of each pause that this instance is the first here to learn of
     * @throws IllegalArgumentException when the limit is negative or no number
     */
    public static CxoneClient start(
            HttpSettings settings,
            double callsPerSecond,
            InstantSource clock,
            MeterRegistry meters,
            PauseListener pauses) {
        return start(
                settings,
                callsPerSecond,
                clock,
                meters,
                pauses,
                Breaker.Settings::of,
                () -> ThreadLocalRandom.current().nextDouble());
    }

    static CxoneClient start(
            HttpSettings settings,
            double callsPerSecond,
            InstantSource clock,
            MeterRegistry registry,
            PauseListener pauses,
            Function<Circuit, Breaker.Settings> breaking,
            DoubleSupplier jitter) {
        if (!(callsPerSecond >= 0) || Double.isInfinite(callsPerSecond)) {
            throw new IllegalArgumentException(
                    "the limit of CXone calls per second must be 0 or more, not " + callsPerSecond);
        }
        if (settings.secretsTravelInClear()) {
            LOG.warn(
                    "The CXone base URL {} is not https: the client secret and tokens travel in clear",
                    settings.baseUrl());
        }
        Backoff backoff = new Backoff(BACKOFF_BASE, BACKOFF_CAP, jitter);
        Meters meters = new Meters(registry);
        Wire wire = new Wire(settings.connectTimeout(), settings.httpVersion());
        Throttle throttle = new Throttle(callsPerSecond, clock, Gate.WORTH_TRYING, pauses);
        Breaker create = breaker(Circuit.CREATE, breaking.apply(Circuit.CREATE), clock, throttle);
        Breaker context = breaker(Circuit.CONTEXT, breaking.apply(Circuit.CONTEXT), clock, throttle);
        Breaker close = breaker(Circuit.CLOSE, breaking.apply(Circuit.CLOSE), clock, throttle);
        Breaker query = breaker(Circuit.DETAILS, breaking.apply(Circuit.DETAILS), clock, throttle);
        List<Breaker> breakers = List.of(create, context, close, query);
        Meters.watch(registry, throttle, breakers);
        Semaphore background = new Semaphore(Gate.BACKGROUND_PLACES);
        Function<Breaker, Gate> gates = breaker ->
                new Gate(wire, background, throttle, breaker, clock, meters, callTimeout(settings, breaker.circuit()));
        TokenEndpoint endpoint = new TokenEndpoint(settings, gates.apply(create), clock, meters);
        TokenCache tokens = new TokenCache(endpoint::fetch, clock, backoff);
        ConversationLimits conversations =
                new ConversationLimits(settings.profile().conversationLimit(), clock);
        Function<Breaker, RetryLoop> loops =
                breaker -> new RetryLoop(gates.apply(breaker), tokens, conversations, breaker, backoff, clock, meters);
        GuestApi guests = new HttpGuestApi(
                settings, loops.apply(create), loops.apply(context), loops.apply(close), clock, meters);
        DetailsApi details = new HttpDetailsApi(settings, loops.apply(query), clock, meters);
        return new CxoneClient(wire, throttle, breakers, guests, details);
    }

    private static Breaker breaker(Circuit circuit, Breaker.Settings breaking, InstantSource clock, Throttle throttle) {
        return new Breaker(circuit, breaking, clock, () -> throttle.refuseAll(circuit, breaking.open()));
    }

    private static Duration callTimeout(HttpSettings settings, Circuit circuit) {
        Profile.DetailsCall details = settings.profile().details();
        return circuit == Circuit.DETAILS && details != null ? details.callTimeout() : settings.callTimeout();
    }

    /** The calls. */
    public GuestApi guests() {
        return guests;
    }

    /** The calls to CXone's analytics. */
    public DetailsApi details() {
        return details;
    }

    /**
     * Another instance learned that the tenant wants a pause: no call before it ends, here neither. Only ever makes a
     * pause longer, and none longer than three minutes from now; the listener is not told.
     */
    public void pauseUntil(Instant until) {
        throttle.pauseUntil(until);
    }

    /**
     * This instance's part of the tenant's limit, 0 to 1. Less counts at once; more counts a second later, when
     * whoever had it knows that it is gone.
     *
     * @throws IllegalArgumentException when it is outside that range
     */
    public void share(double fraction) {
        if (!(fraction >= 0 && fraction <= 1)) {
            throw new IllegalArgumentException("a share of the tenant's limit is 0 to 1, not " + fraction);
        }
        throttle.share(fraction);
    }

    /** Breaks off what is under way: those callers get a {@link java.util.concurrent.CancellationException}. */
    @Override
    public void close() {
        throttle.close();
        breakers.forEach(Breaker::close);
        wire.close();
    }
}
