package io.guestflow.processor.alerts;

import io.guestflow.contracts.alerts.AlertKind;
import java.time.Duration;
import java.util.Set;

/**
 * What an operator decides about alerts.
 *
 * @param window what an alert looks back at; it moves on by a tenth of it, which is a whole number of seconds
 * @param rate above which an alert fires
 * @param resolveRate at which, or below, it is over; not more than {@code rate}
 * @param minAttempts so many authentications must have ended in the window for their alert to fire
 * @param minRefreshes so many refreshes must have been answered in the window for one of their alerts to fire
 * @param ahead by how much a fact's clock may be ahead of ours
 * @param channels that there are; empty if any channel may be
 * @param maxChannels how many channels have alerts of their own where any may be, for each partition of facts
 */
public record AlertRules(
        Duration window,
        double rate,
        double resolveRate,
        int minAttempts,
        int minRefreshes,
        Duration ahead,
        Set<String> channels,
        int maxChannels) {
    /** How many slots the window has. */
    static final int SLOTS = 10;

    /** Each tick is a transaction, and what is sent in it takes as long to come as a commit and a fetch. */
    private static final long LEAST_TICK_MS = 500;

    private static final long MOST_TICK_MS = 5_000;
    private static final long LEAST_SETTLED_MS = 2_000;
    /** The counts of a slot go on so often while it is open; see {@link #tickMs}. */
    private static final int TICKS = 10;

    private static final long SECOND_MS = 1_000;

    /** Keeps its own copy of the channels. */
    public AlertRules {
        channels = Set.copyOf(channels);
        if (resolveRate > rate) {
            throw new IllegalArgumentException("an alert must not be over at a higher rate than it fires at");
        }
        if (window.isZero() || window.isNegative() || window.toMillis() % (SLOTS * SECOND_MS) != 0) {
            throw new IllegalArgumentException("the window of alerts must be a multiple of 10 s, and is " + window);
        }
    }

    /** So much must have happened for that alert to fire. */
    int least(AlertKind alert) {
        return switch (alert) {
            case AUTH_ERROR_RATE -> minAttempts;
            case REFRESH_FAILED, REPLACED_UPSTREAM, GONE_UPSTREAM -> minRefreshes;
        };
    }

    /** How long a slot is. */
    long slotMs() {
        return window.toMillis() / SLOTS;
    }

    /** How often counts are sent and scopes looked at. */
    long tickMs() {
        return Math.clamp(slotMs() / TICKS, LEAST_TICK_MS, MOST_TICK_MS);
    }

    /** How long after a slot's end its counts are there: they are sent within a tick, and come within another. */
    long settledMs() {
        return Math.max(2 * tickMs(), LEAST_SETTLED_MS);
    }

    /** When the slot of that time begins. */
    long slotOf(long atMs) {
        return atMs - Math.floorMod(atMs, slotMs());
    }

    /** The end of the window that is looked at: the last slot's that is over, and whose counts are there. */
    long windowEndMs(long nowMs) {
        return slotOf(nowMs - settledMs());
    }

    /** The first slot of the window with that end. */
    long firstSlotMs(long windowEndMs) {
        return windowEndMs - window.toMillis();
    }

    /** Whether a fact of that time is from the future. */
    boolean isAhead(long atMs, long nowMs) {
        return atMs > nowMs + ahead.toMillis();
    }

    /**
     * The first slot that may still be a part of a window that is judged: one that is read late, and has no more than a slot
     * in common with the present one, begins a window before it.
     */
    long firstKeptMs(long nowMs) {
        return firstSlotMs(firstSlotMs(windowEndMs(nowMs)));
    }

    /** Whether what happens in a slot with that beginning may make an alert fire. */
    boolean counts(long slotMs, long nowMs) {
        return slotMs >= firstSlotMs(windowEndMs(nowMs)) && !isAhead(slotMs, nowMs);
    }

    /**
     * Whether a slot with that beginning is taken, where scopes are judged. What counted by another clock, and what may
     * still be a part of a window that is read late, must not be left out: it does not come again.
     */
    boolean takes(long slotMs, long nowMs) {
        return slotMs >= firstKeptMs(nowMs) && !isAhead(slotMs, nowMs + ahead.toMillis());
    }
}
