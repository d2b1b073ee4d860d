package io.guestflow.processor.alerts;

import io.guestflow.contracts.alerts.Alert;
import io.guestflow.contracts.alerts.AlertKind;
import io.guestflow.contracts.alerts.AlertState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What alerts make of facts. Each fact has one fate. Counted when processed: work that a transaction loses and that is
 * done again counts again.
 *
 * <p>Threading: any thread.
 */
final class AlertMeters {
    private final MeterRegistry registry;
    private final Map<Fate, Counter> facts = new EnumMap<>(Fate.class);
    private final Map<PartFate, Counter> parts = new EnumMap<>(PartFate.class);
    private final Counter unknownChannels;
    private final Counter failed;
    /** By task and scope. */
    private final Map<String, Map<String, Set<AlertKind>>> firing = new ConcurrentHashMap<>();
    /** By task. */
    private final Map<String, Long> knownChannels = new ConcurrentHashMap<>();

    private final Map<String, Long> behindMs = new ConcurrentHashMap<>();

    /** What becomes of a fact. */
    enum Fate {
        /** It counts. */
        COUNTED,
        /** It is nothing that alerts look at. */
        NOT_COUNTED,
        /** It is older than what alerts look back at, and makes nothing fire. */
        OLD,
        /** It claims to be from the future. */
        FUTURE
    }

    /** What becomes of what the facts of a partition come to in a slot. */
    enum PartFate {
        /** It counts, or changes nothing. */
        TAKEN,
        /** Its slot is long over, or not yet near, or one of a window of another length. */
        ELSEWHEN,
        /** Only later versions know it. */
        UNKNOWN
    }

    AlertMeters(MeterRegistry registry) {
        this.registry = registry;
        for (Fate fate : Fate.values()) {
            facts.put(fate, registry.counter("guestflow.alerts.facts", "fate", fate.name()));
        }
        for (PartFate fate : PartFate.values()) {
            parts.put(fate, registry.counter("guestflow.alerts.parts", "fate", fate.name()));
        }
        unknownChannels = Counter.builder("guestflow.alerts.channels.unknown")
                .description("Facts that count only overall, because their channel has no alerts of its own")
                .register(registry);
        failed = Counter.builder("guestflow.alerts.failed")
                .description("Scopes that could not be judged because of a defect")
                .register(registry);
        Gauge.builder("guestflow.alerts.channels.known", knownChannels, AlertMeters::most)
                .description(
                        "Channels that have alerts of their own, for the partition of facts that knows most of them")
                .register(registry);
        Gauge.builder("guestflow.alerts.behind", behindMs, all -> most(all) / 1000)
                .description(
                        "How far behind now the facts are read that alerts are decided by, for the partition that is"
                                + " most behind; what is read is told once a slot")
                .baseUnit("seconds")
                .register(registry);
        for (AlertKind kind : AlertKind.values()) {
            Stream.of(AlertState.values()).forEach(state -> told(kind, state));
            Gauge.builder("guestflow.alerts.firing", firing, all -> count(all, kind))
                    .description("Scopes, of the tasks of this instance, in which the alert fires")
                    .tag("alert", kind.name())
                    .register(registry);
        }
    }

    void fact(Fate fate) {
        count(facts.get(fate));
    }

    void part(PartFate fate) {
        count(parts.get(fate));
    }

    /** A fact of a channel that has no alerts of its own. */
    void unknownChannel() {
        unknownChannels.increment();
    }

    void failed() {
        failed.increment();
    }

    void told(Alert alert) {
        told(alert.alert(), alert.state()).increment();
    }

    /** Which alerts fire in a scope of that task. */
    void fires(String task, String scope, Set<AlertKind> kinds) {
        Map<String, Set<AlertKind>> scopes = firing.computeIfAbsent(task, any -> new ConcurrentHashMap<>());
        if (kinds.isEmpty()) {
            scopes.remove(scope);
        } else {
            scopes.put(scope, Set.copyOf(kinds));
        }
    }

    /** How many channels that task of those that count knows. */
    void channelsKnown(String task, int channels) {
        knownChannels.put(task, (long) channels);
    }

    /** How far behind the facts are that that task of those that judge knows of. */
    void behind(String task, long ms) {
        behindMs.put(task, ms);
    }

    /** The task, one of those that count, is somebody else's. */
    void countingGone(String task) {
        knownChannels.remove(task);
    }

    /** The task, one of those that judge, is somebody else's. */
    void judgingGone(String task) {
        firing.remove(task);
        behindMs.remove(task);
    }

    private Counter told(AlertKind kind, AlertState state) {
        return registry.counter("guestflow.alerts.told", "alert", kind.name(), "state", state.name());
    }

    private static void count(@Nullable Counter counter) {
        if (counter != null) {
            counter.increment();
        }
    }

    private static double most(Map<String, Long> byTask) {
        return byTask.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    private static double count(Map<String, Map<String, Set<AlertKind>>> firing, AlertKind kind) {
        return firing.values().stream()
                .flatMap(scopes -> scopes.values().stream())
                .filter(kinds -> kinds.contains(kind))
                .count();
    }
}
