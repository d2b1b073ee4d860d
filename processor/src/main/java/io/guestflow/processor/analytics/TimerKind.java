package io.guestflow.processor.analytics;

import io.guestflow.processor.timers.Timer;
import org.apache.kafka.common.utils.Bytes;

/** What timers of windows are for. */
enum TimerKind {
    /** A window is over: its rows are passed on. */
    CLOSE(1),
    /** What came late for a row is passed on. */
    SEND(2),
    /** Nothing more can come for a window. */
    FORGET(3),
    /** A window will soon be over: what there is of its rows is passed on, so that little is left to do then. */
    AHEAD(4);

    private final byte code;

    TimerKind(int code) {
        this.code = (byte) code;
    }

    /** Armed twice it is the same timer. */
    Timer timer(long dueMs, Bytes entity) {
        return new Timer(Math.max(1, dueMs), code, entity, 0);
    }

    static TimerKind of(Timer timer) {
        for (TimerKind kind : values()) {
            if (kind.code == timer.kind()) {
                return kind;
            }
        }
        throw new IllegalStateException("a timer of windows is of the unknown kind " + timer.kind());
    }
}
