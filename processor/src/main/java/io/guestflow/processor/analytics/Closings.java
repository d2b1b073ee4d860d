package io.guestflow.processor.analytics;

import java.time.Duration;
import java.util.Comparator;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * Which windows of a task are over: those whose grace is over by the clock and whose facts are known, or have been waited
 * for long enough. What comes for them then is late.
 *
 * <p>Threading: one for a life of a task, on its stream thread.
 */
final class Closings {
    private final AnalyticsRules rules;
    private final long startedAtMs;
    private final Duration waitMost;
    private final TreeSet<Window> unfinished =
            new TreeSet<>(Comparator.comparingLong(Window::endMs).thenComparingLong(Window::sizeMs));

    private long overUntilMs;
    private long toldMs;

    /**
     * At the beginning no window is over.
     *
     * @param waitMost how long a window that closes is waited for; while the task was down is no waiting
     */
    Closings(AnalyticsRules rules, long startedAtMs, Duration waitMost) {
        this.rules = rules;
        this.startedAtMs = startedAtMs;
        this.waitMost = waitMost;
    }

    /** All that was to come up to that time is known. */
    void knownUntil(long knownUntilMs, long nowMs) {
        long givenUpMs = nowMs - waitMost.toMillis();
        overUntilMs = Math.max(overUntilMs, Math.min(knownUntilMs, nowMs));
        if (givenUpMs >= startedAtMs) {
            overUntilMs = Math.max(overUntilMs, givenUpMs);
        }
    }

    boolean isOver(Window window) {
        return rules.closesAtMs(window) <= overUntilMs;
    }

    /** Whether the facts of a window are known that came as long as it lasted. */
    boolean hasEnded(Window window) {
        return window.endMs() <= overUntilMs;
    }

    /** Some of what is to be done when the window closes is still to be done. */
    void unfinished(Window window) {
        unfinished.add(window);
    }

    /** It is done, or has failed: then it comes late, and no other window waits for it. */
    void finished(Window window) {
        unfinished.remove(window);
    }

    /**
     * Up to when all windows that close have been closed, if one has closed since the last time.
     *
     * @param lookedAtMs up to when all windows that close have been looked at
     */
    OptionalLong closedUntil(long lookedAtMs) {
        long untilMs = Math.min(overUntilMs, lookedAtMs);
        if (!unfinished.isEmpty()) {
            untilMs = Math.min(untilMs, rules.closesAtMs(unfinished.first()) - 1);
        }
        if (untilMs <= toldMs || !closesBetween(toldMs, untilMs)) {
            return OptionalLong.empty();
        }
        toldMs = untilMs;
        return OptionalLong.of(untilMs);
    }

    private boolean closesBetween(long afterMs, long untilMs) {
        for (Duration size : rules.windows()) {
            if (closings(untilMs, size) > closings(afterMs, size)) {
                return true;
            }
        }
        return false;
    }

    private long closings(long untilMs, Duration size) {
        return Math.floorDiv(untilMs - rules.grace().toMillis(), size.toMillis());
    }
}
