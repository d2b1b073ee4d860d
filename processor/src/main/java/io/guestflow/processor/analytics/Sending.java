package io.guestflow.processor.analytics;

import io.guestflow.processor.wire.StoredForm.In;
import io.guestflow.processor.wire.StoredForm.Out;

/**
 * Whether a row must be passed on, and when. While its window is open it only changes: it goes when the window closes,
 * together with the others. What comes later gathers for a while and goes by a timer of its own, never sooner than a
 * while after the last time.
 *
 * @param changed whether there is something that was not passed on
 * @param queued whether a timer of its own will see to it
 * @param sentAtMs when it was passed on last; 0 if never
 */
record Sending(boolean changed, boolean queued, long sentAtMs) {
    static final Sending NEW = new Sending(false, false, 0);

    private static final int CHANGED = 1;
    private static final int QUEUED = 2;

    /** Something came while the window is open. */
    Sending changedInTime() {
        return new Sending(true, queued, sentAtMs);
    }

    /** Something came late; if no timer sees to it yet, one must be armed. */
    Sending changedLate() {
        return new Sending(true, true, sentAtMs);
    }

    /** When a timer for what came late is due. */
    long dueMs(long nowMs, Pace pace) {
        // Another instance's clock may have been ahead.
        return Math.max(nowMs + pace.gatherMs(), Math.min(sentAtMs, nowMs) + pace.apartMs());
    }

    /** Whether it goes with its window: what a timer sees to must not go sooner than that. */
    boolean goesWithWindow() {
        return changed && !queued;
    }

    /** Its timer has come. */
    Sending woken() {
        return new Sending(changed, false, sentAtMs);
    }

    /** All of it was passed on. */
    Sending sent(long nowMs) {
        return new Sending(false, queued, nowMs);
    }

    /**
     * How what came late is passed on.
     *
     * @param gatherMs how long it waits for more
     * @param apartMs how long after the last time
     */
    record Pace(long gatherMs, long apartMs) {}

    void write(Out out) {
        out.octet((changed ? CHANGED : 0) | (queued ? QUEUED : 0));
        out.number(sentAtMs);
    }

    static Sending read(In in) {
        int flags = in.octet();
        return new Sending((flags & CHANGED) != 0, (flags & QUEUED) != 0, in.number());
    }
}
