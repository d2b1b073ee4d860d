package io.guestflow.processor.analytics;

import io.guestflow.processor.analytics.DimensionValues.Dimension;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Everything that happens to facts on their way into windows is counted. Every fact that is told has one fate, so the
 * fates balance with what was told. Counted when processed: work that a transaction loses and that is done again counts again.
 *
 * <p>Threading: any thread.
 */
final class AnalyticsMeters {
    private static final String APPLICATION = "analytics";

    private final MeterRegistry registry;
    private final Map<Fate, Counter> facts;
    private final Map<Stage, Counter> dropped;
    private final Map<Dimension, Counter> other;
    private final Counter partials;
    private final Counter first;
    private final Counter revised;
    private final Counter timersFired;
    private final Counter timersFailed;
    private final Counter timersGivenUp;
    private final Map<String, Long> timersLateMs = new ConcurrentHashMap<>();

    /** What becomes of a fact. */
    enum Fate {
        /** It counts in a window at least. */
        COUNTED,
        /** It tells nothing that windows count. */
        NOT_COUNTED,
        /** Every window that it belongs to has it already: facts are read anew. */
        KNOWN,
        /** It is too late for every window that it belongs to. */
        DROPPED,
        /** It claims to be from the future; a dead letter. */
        FUTURE
    }

    /** What can be left out of a window. */
    enum Stage {
        /** A fact. */
        FACT,
        /** What the facts of one partition come to. */
        PARTIAL,
        /** What the facts of one partition come to, when it is less than before; what is known stays. */
        SHRUNK,
        /** What is forgotten of a row that could not be passed on before: a defect. */
        ROW
    }

    AnalyticsMeters(MeterRegistry registry) {
        this.registry = registry;
        facts = counters(
                Fate.class, fate -> Counter.builder("guestflow.analytics.facts").tag("fate", fate.name()));
        dropped = counters(
                Stage.class,
                stage -> Counter.builder("guestflow.analytics.dropped").tag("what", stage.name()));
        other = counters(
                Dimension.class,
                dimension -> Counter.builder("guestflow.analytics.beyond.most").tag("dimension", dimension.name()));
        partials = registry.counter("guestflow.analytics.partials");
        first = registry.counter("guestflow.analytics.windows", "revision", "first");
        revised = registry.counter("guestflow.analytics.windows", "revision", "later");
        timersFired = registry.counter("guestflow.timers.fired", "application", APPLICATION);
        timersFailed = registry.counter("guestflow.timers.failed", "application", APPLICATION);
        timersGivenUp = registry.counter("guestflow.timers.given.up", "application", APPLICATION);
        Gauge.builder("guestflow.timers.lag", timersLateMs, AnalyticsMeters::mostSeconds)
                .description("How long the earliest timer of any task has been due")
                .baseUnit("seconds")
                .tag("application", APPLICATION)
                .register(registry);
    }

    private <E extends Enum<E>> Map<E, Counter> counters(Class<E> type, Function<E, Counter.Builder> counter) {
        Map<E, Counter> all = new EnumMap<>(type);
        for (E constant : type.getEnumConstants()) {
            all.put(constant, counter.apply(constant).register(registry));
        }
        return all;
    }

    void fact(Fate fate) {
        count(facts, fate);
    }

    /** Something was left out of one window. */
    void dropped(Stage stage) {
        count(dropped, stage);
    }

    /** A row of a value that is one of the others. */
    void beyondMost(Dimension dimension) {
        count(other, dimension);
    }

    void partial() {
        partials.increment();
    }

    void published(int revision) {
        (revision == 1 ? first : revised).increment();
    }

    void timerFailed() {
        timersFailed.increment();
    }

    void timerGivenUp() {
        timersGivenUp.increment();
    }

    void timersFired(int count) {
        timersFired.increment(count);
    }

    /** How late the earliest timer of that task is. */
    void late(String task, long timersMs) {
        timersLateMs.put(task, timersMs);
    }

    /** The task is somebody else's. */
    void gone(String task) {
        timersLateMs.remove(task);
    }

    private static <E extends Enum<E>> void count(Map<E, Counter> counters, E which) {
        Counter counter = counters.get(which);
        if (counter != null) {
            counter.increment();
        }
    }

    private static double mostSeconds(Map<String, Long> lateMs) {
        return lateMs.values().stream().mapToLong(Long::longValue).max().orElse(0) / 1000.0;
    }
}
