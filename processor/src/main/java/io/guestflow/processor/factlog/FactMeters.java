package io.guestflow.processor.factlog;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What becomes of the records of {@code guest-facts}. Each counts once:
 *
 * <pre>records = told + told again + known + unknown version + unknown kind + id reused + dead letters</pre>
 *
 * Counted when processed: work that a transaction loses and that is done again counts again.
 *
 * <p>Threading: any thread.
 */
final class FactMeters {
    private final Counter told;
    private final Counter toldAgain;
    private final Counter known;
    private final Counter unknownVersion;
    private final Counter unknownKind;
    private final Counter idReused;
    private final Counter deadLetters;
    /** By task, up to when it has read all facts, in milliseconds. */
    private final Map<String, Long> readUntilMs = new ConcurrentHashMap<>();

    FactMeters(MeterRegistry registry) {
        told = became(registry, "told");
        toldAgain = became(registry, "told.again");
        known = became(registry, "known");
        unknownVersion = became(registry, "unknown.version");
        unknownKind = became(registry, "unknown.kind");
        idReused = became(registry, "id.reused");
        deadLetters = became(registry, "dead.letter");
        // Counted when it is looked at: a task that stands still tells nothing by itself.
        Clock clock = registry.config().clock();
        Gauge.builder("guestflow.facts.lag", readUntilMs, all -> mostSeconds(all, clock.wallTime()))
                .description("How far behind now facts have been read, for the task that is behind the most")
                .baseUnit("seconds")
                .register(registry);
    }

    void readUntil(String task, Instant until) {
        readUntilMs.put(task, until.toEpochMilli());
    }

    /** The task is somebody else's now. */
    void gone(String task) {
        readUntilMs.remove(task);
    }

    private static double mostSeconds(Map<String, Long> readUntilMs, long nowMs) {
        long least =
                readUntilMs.values().stream().mapToLong(Long::longValue).min().orElse(nowMs);
        return Math.max(0, nowMs - least) / 1000.0;
    }

    /** Handed on. */
    void told() {
        told.increment();
    }

    /** Told before, and now to those whom a defect kept from it then. */
    void toldAgain() {
        toldAgain.increment();
    }

    /** Told already. Under exactly once that is somebody who has facts derived or read again. */
    void known() {
        known.increment();
    }

    void unknownVersion() {
        unknownVersion.increment();
    }

    void unknownKind() {
        unknownKind.increment();
    }

    /** Handed on under an id of its own, because another fact has the one that it came with. */
    void idReused() {
        idReused.increment();
    }

    /** A dead letter, because it cannot be read, or be told under any id. */
    void deadLetter() {
        deadLetters.increment();
    }

    private static Counter became(MeterRegistry registry, String what) {
        return registry.counter("guestflow.facts.derived", "became", what);
    }
}
