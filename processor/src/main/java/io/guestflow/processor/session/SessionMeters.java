package io.guestflow.processor.session;

import io.guestflow.contracts.facts.EndReason;
import io.guestflow.processor.facts.RefreshAnswer;
import io.guestflow.processor.session.Output.Fate;
import io.guestflow.processor.session.Output.Remark;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Everything that happens to events and sessions is counted. Every event has one fate, so the fates balance with what
 * was read. Counted when processed: work that a transaction loses and that is done again counts again.
 *
 * <p>Threading: any thread.
 */
final class SessionMeters {
    private static final String APPLICATION = "sessions";

    private final MeterRegistry registry;
    private final Map<Fate, Counter> events;
    private final Map<Remark, Counter> remarks;
    private final Map<EndReason, Counter> ended;
    private final Map<RefreshAnswer, Counter> refreshes;
    private final Map<String, Counter> facts = new ConcurrentHashMap<>();
    private final Map<String, Counter> commands = new ConcurrentHashMap<>();
    private final Counter opened;
    private final Counter marks;
    private final Counter timersFired;
    private final Counter timersFailed;
    private final Counter timersGivenUp;
    private final AtomicInteger held = new AtomicInteger();
    private final Map<String, Long> timersLateMs = new ConcurrentHashMap<>();
    private final Map<String, Long> webhooksLateMs = new ConcurrentHashMap<>();

    SessionMeters(MeterRegistry registry) {
        this.registry = registry;
        events = counters(
                Fate.class, fate -> Counter.builder("guestflow.session.events").tag("fate", fate.name()));
        remarks = counters(
                Remark.class,
                remark -> Counter.builder("guestflow.session.remarks").tag("what", remark.name()));
        ended = counters(
                EndReason.class,
                reason -> Counter.builder("guestflow.session.ended").tag("reason", reason.name()));
        refreshes = counters(
                RefreshAnswer.class,
                answer -> Counter.builder("guestflow.session.refreshes")
                        .description("Refreshes that were answered, as guest-alerts counts them")
                        .tag("answer", answer.name()));
        opened = registry.counter("guestflow.session.opened");
        marks = registry.counter("guestflow.session.marks");
        timersFired = registry.counter("guestflow.timers.fired", "application", APPLICATION);
        timersFailed = registry.counter("guestflow.timers.failed", "application", APPLICATION);
        timersGivenUp = registry.counter("guestflow.timers.given.up", "application", APPLICATION);
        Gauge.builder("guestflow.session.held", held, AtomicInteger::get)
                .description("Conversations whose events wait for their opening")
                .register(registry);
        Gauge.builder("guestflow.timers.lag", timersLateMs, SessionMeters::mostSeconds)
                .description("How long the earliest timer of any task has been due")
                .baseUnit("seconds")
                .tag("application", APPLICATION)
                .register(registry);
        Gauge.builder("guestflow.session.webhooks.lag", webhooksLateMs, SessionMeters::mostSeconds)
                .description("How far behind now webhooks have been read, for the task that knows of the least")
                .baseUnit("seconds")
                .register(registry);
    }

    private <E extends Enum<E>> Map<E, Counter> counters(Class<E> type, Function<E, Counter.Builder> counter) {
        Map<E, Counter> all = new EnumMap<>(type);
        for (E constant : type.getEnumConstants()) {
            all.put(constant, counter.apply(constant).register(registry));
        }
        return all;
    }

    void event(Fate fate) {
        count(events, fate);
    }

    void remark(Remark remark) {
        count(remarks, remark);
    }

    void opened() {
        opened.increment();
    }

    void ended(EndReason reason) {
        count(ended, reason);
    }

    void refresh(RefreshAnswer answer) {
        count(refreshes, answer);
    }

    void mark() {
        marks.increment();
    }

    void fact(String kind) {
        facts.computeIfAbsent(kind, it -> registry.counter("guestflow.facts", "kind", it))
                .increment();
    }

    void command(String kind) {
        commands.computeIfAbsent(kind, it -> registry.counter("guestflow.session.commands", "kind", it))
                .increment();
    }

    void heldChanged(int by) {
        held.addAndGet(by);
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

    /** How late the earliest timer of that task is, and how far behind its webhooks are. */
    void late(String task, long timersMs, long webhooksMs) {
        timersLateMs.put(task, timersMs);
        webhooksLateMs.put(task, webhooksMs);
    }

    /** The task is somebody else's. */
    void gone(String task) {
        timersLateMs.remove(task);
        webhooksLateMs.remove(task);
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
