package io.guestflow.processor.alerts;

import java.time.Duration;
import java.util.Set;

/**
 * What an operator decides about alerts.
 *
 * @param window what an alert looks back at; it moves on by a tenth of it
 * @param rate above which an alert fires
 * @param resolveRate at which, or below, it is over; not more than {@code rate}
 * @param least so much must have happened in the window for an alert to fire
 * @param channels that there are; empty if any channel may be
 * @param channelsMost how many channels have alerts of their own where any may be, for each partition of facts
 */
public record AlertRules(
        Duration window, double rate, double resolveRate, int least, Set<String> channels, int channelsMost) {
    /** How many slots the window has. */
    static final int SLOTS = 10;
    /** By how much a fact's clock may be ahead of ours. */
    static final Duration AHEAD = Duration.ofMinutes(1);

    /** The counts of a slot go on so often while it is open; see {@link #tickMs}. */
    private static final int TICKS = 10;
    /** So many ticks after a slot's end its counts are there: they are sent within one. */
    private static final int SETTLED = 2;

    /** Keeps its own copy of the channels. */
    public AlertRules {
        channels = Set.copyOf(channels);
        if (resolveRate > rate) {
            throw new IllegalArgumentException("an alert must not be over at a higher rate than it fires at");
        }
    }

    /** How long a slot is. */
    long slotMs() {
        return window.toMillis() / SLOTS;
    }

    /** How often counts are sent and scopes looked at. */
    long tickMs() {
        return slotMs() / TICKS;
    }

    /** When the slot of that time begins. */
    long slotOf(long atMs) {
        return atMs - Math.floorMod(atMs, slotMs());
    }

    /** The end of the window that is looked at: the last slot's that is over, and whose counts are there. */
    long windowEndMs(long nowMs) {
        return slotOf(nowMs - SETTLED * tickMs());
    }

    /** The first slot of the window with that end. */
    long firstSlotMs(long windowEndMs) {
        return windowEndMs - SLOTS * slotMs();
    }

    /** Whether a slot with that beginning can still count, or will. */
    boolean counts(long slotMs, long nowMs) {
        return slotMs >= firstSlotMs(windowEndMs(nowMs)) && slotMs <= nowMs + AHEAD.toMillis();
    }
}
