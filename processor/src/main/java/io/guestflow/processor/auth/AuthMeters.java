package io.guestflow.processor.auth;

import io.guestflow.contracts.auth.AuthStatus;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.auth.GuestAuthResult.NotAuthenticated;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Everything that happens to a request is counted, and the counts balance:
 *
 * <pre>requests = finals + replays + suppressed + redelivered + dead letters of requests + pending</pre>
 *
 * Attempts are requests: each retry of a request counts once on either side. Counted when processed: work that a
 * transaction loses and that is done again counts again.
 *
 * <p>Threading: any thread.
 */
final class AuthMeters {
    private static final String NO_CODE = "NONE";

    private final MeterRegistry registry;
    private final AtomicInteger pending = new AtomicInteger();
    private final Map<String, Long> timersLateMs = new ConcurrentHashMap<>();

    AuthMeters(MeterRegistry registry) {
        this.registry = registry;
        registry.gauge("guestflow.auth.pending", pending);
        Gauge.builder("guestflow.timers.lag", timersLateMs, AuthMeters::mostSeconds)
                .description("How long the earliest timer of any task has been due")
                .baseUnit("seconds")
                .tag("application", "auth")
                .register(registry);
        // Alerts look at how counters grow: the first count of one that does not exist yet is no growth.
        finals(AuthStatus.AUTHENTICATED, NO_CODE);
        for (ErrorCode code : ErrorCode.values()) {
            finals(code.status(), code.name());
        }
        timersGivenUp();
    }

    private Counter finals(AuthStatus status, String code) {
        return registry.counter("guestflow.auth.finals", "status", status.name(), "code", code);
    }

    private Counter timersGivenUp() {
        return registry.counter("guestflow.timers.given.up", "application", "auth");
    }

    void request() {
        registry.counter("guestflow.auth.requests").increment();
    }

    void rekeyed() {
        registry.counter("guestflow.auth.rekeyed").increment();
    }

    void answered(GuestAuthResult result) {
        String code = result instanceof NotAuthenticated refused
                ? refused.error().code().name()
                : NO_CODE;
        finals(result.status(), code).increment();
        Timer.builder("guestflow.auth.latency")
                .description("From the request record's timestamp to the result")
                .tag("status", result.status().name())
                .serviceLevelObjectives(
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofMillis(200),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(15))
                .register(registry)
                .record(Duration.ofMillis(result.latencyMs()));
    }

    void replayed() {
        registry.counter("guestflow.auth.replays").increment();
    }

    void suppressed() {
        registry.counter("guestflow.auth.suppressed").increment();
    }

    void redelivered(String topic) {
        registry.counter("guestflow.auth.redelivered", "topic", topic).increment();
    }

    void stray(Decision.StrayKind kind) {
        registry.counter("guestflow.auth.outcomes.stray", "kind", kind.name()).increment();
    }

    void fact(String kind) {
        registry.counter("guestflow.facts", "kind", kind).increment();
    }

    void timerFailed() {
        registry.counter("guestflow.timers.failed", "application", "auth").increment();
    }

    void timerGivenUp() {
        timersGivenUp().increment();
    }

    void timersFired(int count) {
        registry.counter("guestflow.timers.fired", "application", "auth").increment(count);
    }

    /** How late the earliest timer of that task is. */
    void timersLate(String task, long ms) {
        timersLateMs.put(task, ms);
    }

    /** The task is somebody else's. */
    void timersGone(String task) {
        timersLateMs.remove(task);
    }

    private static double mostSeconds(Map<String, Long> lateMs) {
        return lateMs.values().stream().mapToLong(Long::longValue).max().orElse(0) / 1000.0;
    }

    void pendingChanged(int by) {
        pending.addAndGet(by);
    }
}
