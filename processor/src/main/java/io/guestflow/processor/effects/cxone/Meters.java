package io.guestflow.processor.effects.cxone;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What can be seen of the calls to CXone from outside.
 *
 * <p>Threading: any thread.
 */
final class Meters {

    /** How one HTTP call ended. */
    enum Outcome {
        SUCCESS,
        UNAUTHORIZED,
        FORBIDDEN,
        REJECTED,
        RATE_LIMITED,
        CONNECT,
        TIMEOUT,
        RESET,
        SERVER_ERROR,
        UNREADABLE;

        static Outcome of(CallFailure.Cause cause) {
            return switch (cause) {
                case CONNECT -> CONNECT;
                case TIMEOUT -> TIMEOUT;
                case RESET -> RESET;
                case SERVER_ERROR -> SERVER_ERROR;
                case UNREADABLE -> UNREADABLE;
            };
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Map<Endpoint, Map<Outcome, Timer>> calls = new EnumMap<>(Endpoint.class);
    private final Map<Endpoint, Counter> retries = new EnumMap<>(Endpoint.class);
    private final Timer throttleWait;
    private final Counter refusedHeaders;
    private final Map<PageFault, Counter> pageFaults = new EnumMap<>(PageFault.class);
    private final Counter unreadableRows;

    Meters(MeterRegistry registry) {
        for (Endpoint endpoint : Endpoint.values()) {
            Map<Outcome, Timer> byOutcome = new EnumMap<>(Outcome.class);
            for (Outcome outcome : Outcome.values()) {
                byOutcome.put(
                        outcome,
                        Timer.builder("guestflow.cxone.calls")
                                .description("HTTP calls to CXone, token calls included, until the last byte")
                                .tag("endpoint", endpoint.label())
                                .tag("outcome", outcome.label())
                                .register(registry));
            }
            calls.put(endpoint, byOutcome);
            retries.put(
                    endpoint,
                    Counter.builder("guestflow.cxone.retries")
                            .description("Calls to CXone that had to be tried again")
                            .tag("endpoint", endpoint.label())
                            .register(registry));
        }
        throttleWait = Timer.builder("guestflow.cxone.throttle.wait")
                .description("Time that calls waited for their turn")
                .register(registry);
        refusedHeaders = Counter.builder("guestflow.cxone.headers.refused")
                .description("Header values that were not sent because they are no header values")
                .register(registry);
        for (PageFault fault : PageFault.values()) {
            pageFaults.put(
                    fault,
                    Counter.builder("guestflow.cxone.details.faults")
                            .description("Answers of several pages that could not be read to their end")
                            .tag("fault", fault.label())
                            .register(registry));
        }
        unreadableRows = Counter.builder("guestflow.cxone.details.unreadable")
                .description("Conversations in answers whose figures could not be read")
                .register(registry);
    }

    static void watch(MeterRegistry registry, Throttle throttle, List<Breaker> breakers) {
        Gauge.builder("guestflow.cxone.throttle.waiting", throttle, Throttle::waiting)
                .description("Calls that wait for their turn")
                .register(registry);
        Gauge.builder("guestflow.cxone.pause", throttle, t -> t.pauseLeft().toMillis() / 1000.0)
                .description("What is left of the pause that CXone asked for")
                .baseUnit("seconds")
                .register(registry);
        for (Breaker breaker : breakers) {
            Gauge.builder("guestflow.cxone.breaker.state", breaker, Breaker::stateNumber)
                    .description("0 closed, 1 trying again, 2 open; that of create counts token calls too")
                    .tag("endpoint", breaker.circuit().label())
                    .register(registry);
        }
    }

    void call(Endpoint endpoint, Outcome outcome, long nanos) {
        Map<Outcome, Timer> byOutcome = calls.get(endpoint);
        Timer timer = byOutcome == null ? null : byOutcome.get(outcome);
        if (timer != null) {
            timer.record(Duration.ofNanos(nanos));
        }
    }

    void retry(Endpoint endpoint) {
        Counter counter = retries.get(endpoint);
        if (counter != null) {
            counter.increment();
        }
    }

    void waited(long nanos) {
        throttleWait.record(Duration.ofNanos(nanos));
    }

    void pageFault(PageFault fault) {
        Counter counter = pageFaults.get(fault);
        if (counter != null) {
            counter.increment();
        }
    }

    void unreadableRows(int count) {
        unreadableRows.increment(count);
    }

    void refusedHeader() {
        refusedHeaders.increment();
    }
}
