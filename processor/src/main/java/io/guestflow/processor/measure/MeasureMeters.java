package io.guestflow.processor.measure;

import io.guestflow.contracts.facts.Measurement;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What becomes of conversations that have ended. Each counts once in the end:
 *
 * <pre>ended = measured + missing + unanswered + too old + switched off + dropped + pending</pre>
 *
 * Counted when processed: work that a transaction loses and that is done again counts again.
 *
 * <p>Threading: any thread.
 */
final class MeasureMeters {
    private static final String APPLICATION = "measure";

    private final MeterRegistry registry;
    private final Map<Measurement, Counter> became = new EnumMap<>(Measurement.class);
    private final Map<String, Counter> outcomes = new ConcurrentHashMap<>();
    private final Map<String, Integer> pending = new ConcurrentHashMap<>();
    private final Map<String, Long> timersLateMs = new ConcurrentHashMap<>();
    private final Counter tooOld;
    private final Counter switchedOff;
    private final Counter dropped;
    private final Counter halved;
    private final Counter commands;
    private final Counter strays;
    private final Counter timersFired;
    private final Counter timersFailed;
    private final Counter timersGivenUp;

    MeasureMeters(MeterRegistry registry) {
        this.registry = registry;
        for (Measurement state : Measurement.values()) {
            became.put(state, became(state.name().toLowerCase(Locale.ROOT)));
        }
        tooOld = became("too.old");
        switchedOff = became("switched.off");
        dropped = became("dropped");
        halved = Counter.builder("guestflow.measure.halved")
                .description("Questions that CXone refused and that were asked again in two halves")
                .register(registry);
        commands = Counter.builder("guestflow.measure.commands")
                .description("Questions put to CXone's analytics")
                .register(registry);
        strays = Counter.builder("guestflow.measure.outcomes.ignored")
                .description("Outcomes that nobody waits for any more: they came late, or twice")
                .register(registry);
        timersFired = registry.counter("guestflow.timers.fired", "application", APPLICATION);
        timersFailed = registry.counter("guestflow.timers.failed", "application", APPLICATION);
        timersGivenUp = registry.counter("guestflow.timers.given.up", "application", APPLICATION);
        Gauge.builder(
                        "guestflow.measure.pending",
                        pending,
                        all -> all.values().stream().mapToInt(Integer::intValue).sum())
                .description("Conversations that have ended and whose figures CXone has not told yet")
                .register(registry);
        Gauge.builder(
                        "guestflow.timers.lag",
                        timersLateMs,
                        all -> all.values().stream()
                                        .mapToLong(Long::longValue)
                                        .max()
                                        .orElse(0)
                                / 1000.0)
                .description("How long the earliest timer of any task has been due")
                .baseUnit("seconds")
                .tag("application", APPLICATION)
                .register(registry);
    }

    private Counter became(String what) {
        return Counter.builder("guestflow.measure.conversations")
                .description("Conversations that have ended, by what became of asking CXone for its figures")
                .tag("became", what)
                .register(registry);
    }

    void became(Measurement state) {
        Counter counter = became.get(state);
        if (counter != null) {
            counter.increment();
        }
    }

    void tooOld() {
        tooOld.increment();
    }

    /** Nobody wants to know any more. */
    void switchedOff(int count) {
        switchedOff.increment(count);
    }

    /** A defect of ours had them given up. */
    void dropped(int count) {
        dropped.increment(count);
    }

    void halved() {
        halved.increment();
    }

    void command() {
        commands.increment();
    }

    /** @param code why a call failed, or why pages did not fit; "none" if all was well */
    void outcome(String kind, String code) {
        outcomes.computeIfAbsent(
                        kind + " " + code,
                        it -> registry.counter("guestflow.measure.outcomes", "kind", kind, "code", code))
                .increment();
    }

    void stray() {
        strays.increment();
    }

    void fact(String kind) {
        registry.counter("guestflow.facts", "kind", kind).increment();
    }

    void timersFired(int count) {
        timersFired.increment(count);
    }

    void timerFailed() {
        timersFailed.increment();
    }

    void timerGivenUp() {
        timersGivenUp.increment();
    }

    /** How many wait in that task, and how late its earliest timer is. */
    void task(String task, int waiting, long timersMs) {
        pending.put(task, waiting);
        timersLateMs.put(task, timersMs);
    }

    /** The task is somebody else's. */
    void gone(String task) {
        pending.remove(task);
        timersLateMs.remove(task);
    }
}
