package io.guestflow.processor.effects;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The commands of one partition that were answered last, and when. A command id comes again, meaning something new, when
 * a caller uses a request id again after it was forgotten: such a command is younger than the outcome.
 *
 * <p>Threading: any thread.
 */
final class AnsweredCommands {
    /** By so much the clocks of two instances may differ; beyond it a command is carried out again, which is allowed. */
    static final Duration CLOCK_SKEW = Duration.ofSeconds(5);

    private final int capacity;
    private final Map<String, Long> answeredAt = new LinkedHashMap<>();

    AnsweredCommands(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1, is " + capacity);
        }
        this.capacity = capacity;
    }

    /** The command was answered by an outcome with that timestamp. */
    synchronized void add(String commandId, long outcomeMs) {
        answeredAt.remove(commandId);
        answeredAt.put(commandId, outcomeMs);
        if (answeredAt.size() > capacity) {
            answeredAt.remove(answeredAt.keySet().iterator().next());
        }
    }

    /** Whether the command with that timestamp is answered. */
    synchronized boolean contains(String commandId, long commandMs) {
        Long outcomeMs = answeredAt.get(commandId);
        return outcomeMs != null && outcomeMs >= commandMs - CLOCK_SKEW.toMillis();
    }
}
