package io.guestflow.processor.factlog;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

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

    /** The same of the task that was behind the most when it and others went; of none yet, the start. */
    private volatile long wentMs;

    /** @param stands whether nobody reads facts here who should: then how far behind they are goes on growing */
    FactMeters(MeterRegistry registry, BooleanSupplier stands) {
        told = became(registry, "told");
        toldAgain = became(registry, "told.again");
        known = became(registry, "known");
        unknownVersion = became(registry, "unknown.version");
        unknownKind = became(registry, "unknown.kind");
        idReused = became(registry, "id.reused");
        deadLetters = became(registry, "dead.letter");
        // Counted when it is looked at: a task that stands still tells nothing by itself.
        Clock clock = registry.config().clock();
        wentMs = clock.wallTime();
        Gauge.builder("guestflow.facts.lag", this, it -> it.lagSeconds(clock.wallTime(), stands.getAsBoolean()))
                .description("How far behind now facts have been read, for the task that is behind the most")
                .baseUnit("seconds")
                .register(registry);
    }

    void readUntil(String task, Instant until) {
        readUntilMs.put(task, until.toEpochMilli());
        wentMs = Long.MAX_VALUE;
    }

    /** The task is somebody else's now. */
    void gone(String task) {
        wentMs = Math.min(wentMs, leastMs().orElse(wentMs));
        readUntilMs.remove(task);
    }

    private double lagSeconds(long nowMs, boolean stands) {
        long least = leastMs().orElse(stands ? wentMs : nowMs);
        return Math.max(0, nowMs - least) / 1000.0;
    }

    private OptionalLong leastMs() {
        return readUntilMs.values().stream().mapToLong(Long::longValue).min();
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
