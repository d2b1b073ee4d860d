package io.guestflow.processor.analytics;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What an operator decides about windows of metrics.
 *
 * @param windows how long windows are, each length counted by itself
 * @param grace how long after its end a window waits for its last facts
 * @param bySegment whether segments are told apart
 * @param byCampaign whether campaigns are told apart
 * @param valuesMost how many values of a dimension a window tells apart, for each partition of facts
 * @param retention how long facts that come late still count
 * @param channels those that always are told apart, because an operator has named them
 */
public record AnalyticsRules(
        List<Duration> windows,
        Duration grace,
        boolean bySegment,
        boolean byCampaign,
        int valuesMost,
        Duration retention,
        Set<String> channels) {
    /** By how much more than the grace a fact's clock may be ahead of ours. */
    static final Duration AHEAD = Duration.ofMinutes(1);
    /**
     * How long a partition's rows outlive the last fact that can count: it is passed on by then.
     */
    static final Duration PASSED_ON = Duration.ofMinutes(1);
    /** With less grace than this, what is passed on ahead would mostly be passed on twice. */
    static final Duration SENT_AHEAD_FROM = Duration.ofSeconds(4);
    /** How long what was merged outlives the last fact that can count: what was passed on is merged by then. */
    static final Duration MERGED = Duration.ofHours(1);

    /** Keeps its own copy of the collections. */
    public AnalyticsRules {
        windows = List.copyOf(windows);
        channels = Set.copyOf(channels);
    }

    /** When a window is over: what comes later is late. */
    long closesAtMs(Window window) {
        return window.endMs() + grace.toMillis();
    }

    /**
     * When most of a window's facts have come, so that its rows can be passed on before it is over. In the past where the
     * grace is too short for that.
     */
    long sentAheadAtMs(Window window) {
        return grace.compareTo(SENT_AHEAD_FROM) < 0 ? Long.MIN_VALUE : window.endMs() + grace.toMillis() / 2;
    }

    /** From when on facts of a window are too late to count. */
    long countsUntilMs(Window window) {
        return closesAtMs(window) + retention.toMillis();
    }

    /** By how much a fact's clock may be ahead of ours, for all that is derived from facts. */
    public Duration ahead() {
        return grace.plus(AHEAD);
    }

    /** The latest that a fact may be from, seen from now. */
    long latestMs(long nowMs) {
        return nowMs + ahead().toMillis();
    }
}
