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
import java.util.Optional;
import java.util.OptionalLong;
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

    /**
     * The end of the window to judge: that one, or the one that was judged last, if the clock of whoever did that is ahead.
     * In an earlier one slots would be missing that are forgotten. A clock that was far ahead is left alone with that.
     */
    static long endMs(long judgedMs, long windowEndMs, AlertRules rules) {
        return judgedMs > windowEndMs && rules.firstSlotMs(judgedMs) <= windowEndMs ? judgedMs : windowEndMs;
    }

    /** What a scope comes to, and what is told of it. */
    record Judged(Scope scope, List<Alert> alerts) {}

    /**
     * Judges the window with that end; what is older is forgotten. What fires is over only if a later window that is read
     * whole says so too: in this one nothing may have happened, or nothing of it may be read yet.
     *
     * @param readEndMs the end of the last window that is read whole; empty if it has nothing in common with this one
     */
    Judged judge(String name, long windowEndMs, OptionalLong readEndMs, AlertRules rules) {
        List<Alert> alerts = new ArrayList<>();
        Map<AlertKind, Instant> after = new EnumMap<>(AlertKind.class);
        for (AlertKind kind : AlertKind.values()) {
            Decided decided = decide(kind, windowEndMs, readEndMs, rules);
            Verdict verdict = decided.verdict();
            verdict.told()
                    .ifPresent(state -> alerts.add(alert(kind, name, state, verdict.rate(), decided.at(), rules)));
            if (verdict.standing() instanceof Standing.Firing fires) {
                after.put(kind, fires.since());
            }
        }
        // A window that is read late, and may be judged yet, begins a window before this one at most.
        long firstMs = rules.firstSlotMs(windowEndMs);
        NavigableMap<Long, Map<Integer, Counts>> kept =
                new TreeMap<>(slots.tailMap(after.isEmpty() ? firstMs : rules.firstSlotMs(firstMs), true));
        return new Judged(new Scope(slotLengthMs, windowEndMs, kept, after), alerts);
    }

    /** What is decided of one alert, and the end of the window that it is decided by. */
    private record Decided(Verdict verdict, Instant at) {}

    private Decided decide(AlertKind kind, long windowEndMs, OptionalLong readEndMs, AlertRules rules) {
        Instant since = firing.get(kind);
        if (since == null) {
            return decide(kind, Standing.QUIET, windowEndMs, rules);
        }
        Standing fires = new Standing.Firing(since);
        Decided latest = decide(kind, fires, windowEndMs, rules);
        if (latest.verdict().told().isEmpty()) {
            return latest;
        }
        return tellsOfLater(readEndMs, since, windowEndMs)
                ? decide(kind, fires, readEndMs.orElseThrow(), rules)
                : new Decided(new Verdict(fires, latest.verdict().rate(), Optional.empty()), latest.at());
    }

    private Decided decide(AlertKind kind, Standing before, long endMs, AlertRules rules) {
        Instant at = Instant.ofEpochMilli(endMs);
        return new Decided(Verdict.of(kind, window(endMs, rules), before, at, rules), at);
    }

    private Counts window(long endMs, AlertRules rules) {
        return slots.subMap(rules.firstSlotMs(endMs), true, endMs, false).values().stream()
                .flatMap(parts -> parts.values().stream())
                .reduce(Counts.NONE, Counts::plus);
    }

    /** It began in a window that ended then: only a later one says that it is over. A clock may have been far ahead. */
    private static boolean tellsOfLater(OptionalLong readEndMs, Instant since, long windowEndMs) {
        long sinceMs = since.toEpochMilli();
        return readEndMs.isPresent() && (readEndMs.getAsLong() > sinceMs || sinceMs > windowEndMs);
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
