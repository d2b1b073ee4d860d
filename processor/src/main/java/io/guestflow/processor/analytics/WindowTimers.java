package io.guestflow.processor.analytics;

import io.guestflow.processor.timers.DueTimers;
import io.guestflow.processor.timers.Timer;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;

/**
 * Arms the timers of whole windows. Thousands of rows want the same one; it is written for the first of them that a life
 * of the task meets, and not for each.
 *
 * <p>Threading: one for a life of a task, on its stream thread.
 */
final class WindowTimers {
    private final DueTimers timers;
    private final Set<Armed> armed = new HashSet<>();

    private record Armed(TimerKind kind, Window window) {}

    WindowTimers(DueTimers timers) {
        this.timers = timers;
    }

    /** Nothing, if one of that kind is armed and has not fired. */
    void arm(TimerKind kind, Window window, long dueMs) {
        if (armed.add(new Armed(kind, window))) {
            timers.arm(kind.timer(dueMs, window.prefix()));
        }
    }

    /** One that has fired, once more, or for the rest of it: {@code from} is the window's prefix, or where to go on. */
    void goOn(TimerKind kind, Bytes from, long dueMs) {
        if (isWhole(from)) {
            arm(kind, Window.of(from.get()), dueMs);
        } else {
            timers.arm(kind.timer(dueMs, from));
        }
    }

    /** It is being handled: whoever wants one from now on wants another one. */
    void fired(Timer timer) {
        if (isWhole(timer.entity())) {
            armed.remove(new Armed(TimerKind.of(timer), Window.of(timer.entity().get())));
        }
    }

    private static boolean isWhole(Bytes from) {
        return from.get().length == Window.PREFIX_LENGTH;
    }
}
