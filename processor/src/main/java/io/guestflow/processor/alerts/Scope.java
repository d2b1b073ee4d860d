package io.guestflow.processor.alerts;

import io.guestflow.contracts.alerts.Alert;
import io.guestflow.contracts.alerts.AlertKind;
import io.guestflow.contracts.alerts.AlertState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What is known of a scope: the counts of each slot from each partition of facts, and which alerts fire. Not changed: what
 * happens to it makes another one.
 *
 * @param slotLengthMs of its slots
 * @param judgedMs the end of the window that was judged last; 0 if none was
 * @param slots by their beginning, and then by partition
 * @param firing the alerts that fire, since when
 */
record Scope(
        long slotLengthMs,
        long judgedMs,
        NavigableMap<Long, Map<Integer, Counts>> slots,
        Map<AlertKind, Instant> firing) {

    static Scope empty(AlertRules rules) {
        return new Scope(rules.slotMs(), 0, new TreeMap<>(), Map.of());
    }

    /** What was counted for a window of another length is no part of this one; what fires, fires. */
    Scope under(AlertRules rules) {
        return slotLengthMs == rules.slotMs() ? this : new Scope(rules.slotMs(), 0, new TreeMap<>(), firing);
    }

    /**
     * With the counts of a slot from a partition, which take the place of those before. Counts only grow: less is what a
     * partition comes to that had to begin anew, and not the whole.
     *
     * @return this, if nothing is new
     */
    Scope with(long slotMs, int partition, Counts counts) {
        Map<Integer, Counts> parts = slots.getOrDefault(slotMs, Map.of());
        Counts before = parts.getOrDefault(partition, Counts.NONE);
        if (!counts.covers(before) || counts.equals(before)) {
            return this;
        }
        Map<Integer, Counts> more = new TreeMap<>(parts);
        more.put(partition, counts);
        NavigableMap<Long, Map<Integer, Counts>> all = new TreeMap<>(slots);
        all.put(slotMs, more);
        return new Scope(slotLengthMs, judgedMs, all, firing);
    }

    /** Whether the window with that end is to be judged: not again, unless the clock had been far ahead. */
    static boolean isDue(long judgedMs, long windowEndMs, AlertRules rules) {
        return judgedMs < windowEndMs || judgedMs > windowEndMs + AlertRules.SLOTS * rules.slotMs();
    }

    /** What a scope comes to, and what is told of it. */
    record Judged(Scope scope, List<Alert> alerts) {}

    /** Judges the window with that end; what is older is forgotten. */
    Judged judge(String name, long windowEndMs, AlertRules rules) {
        NavigableMap<Long, Map<Integer, Counts>> kept =
                new TreeMap<>(slots.tailMap(rules.firstSlotMs(windowEndMs), true));
        Counts window = kept.headMap(windowEndMs, false).values().stream()
                .flatMap(parts -> parts.values().stream())
                .reduce(Counts.NONE, Counts::plus);
        Instant at = Instant.ofEpochMilli(windowEndMs);
        List<Alert> alerts = new ArrayList<>();
        Map<AlertKind, Instant> after = new EnumMap<>(AlertKind.class);
        for (AlertKind kind : AlertKind.values()) {
            Instant since = firing.get(kind);
            Standing before = since == null ? Standing.QUIET : new Standing.Firing(since);
            Verdict verdict = Verdict.of(kind, window, before, at, rules);
            verdict.told().ifPresent(state -> alerts.add(alert(kind, name, state, verdict.rate(), at, rules)));
            if (verdict.standing() instanceof Standing.Firing fires) {
                after.put(kind, fires.since());
            }
        }
        return new Judged(new Scope(slotLengthMs, windowEndMs, kept, after), alerts);
    }

    /** Whether nothing is known of it any more. */
    boolean isGone() {
        return slots.isEmpty() && firing.isEmpty();
    }

    private static Alert alert(
            AlertKind kind, String name, AlertState state, double rate, Instant at, AlertRules rules) {
        return new Alert(
                kind,
                name,
                state,
                rate,
                rules.rate(),
                Math.toIntExact(rules.window().toSeconds()),
                at);
    }
}
