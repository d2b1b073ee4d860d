package io.guestflow.processor.effects;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs the tasks of one key one after another, in the order given, and those of different keys at once. A key takes
 * memory only while it has a task.
 *
 * <p>Threading: any thread may call it; the tasks run on the executor's threads.
 */
final class KeyLanes {
    private final Executor executor;
    /** What waits behind each key's running task; a key that is absent has none running. */
    private final Map<String, Queue<Runnable>> waiting = new HashMap<>();

    /** The executor must take every task at once: a thread for each. */
    KeyLanes(Executor executor) {
        this.executor = executor;
    }

    /** Runs the task when the earlier ones of its key have ended. */
    void execute(String key, Runnable task) {
        synchronized (waiting) {
            Queue<Runnable> behind = waiting.get(key);
            if (behind != null) {
                behind.add(task);
                return;
            }
            waiting.put(key, new ArrayDeque<>(0));
        }
        executor.execute(() -> run(key, task));
    }

    /** Forgets the tasks that have not begun. */
    void clear() {
        synchronized (waiting) {
            waiting.values().forEach(Queue::clear);
        }
    }

    /** How many keys have a task, running or waiting. */
    int keys() {
        synchronized (waiting) {
            return waiting.size();
        }
    }

    private void run(String key, Runnable task) {
        try {
            task.run();
        } finally {
            Runnable next = next(key);
            if (next != null) {
                executor.execute(() -> run(key, next));
            }
        }
    }

    private @Nullable Runnable next(String key) {
        synchronized (waiting) {
            Queue<Runnable> behind = waiting.get(key);
            Runnable next = behind == null ? null : behind.poll();
            if (next == null) {
                waiting.remove(key);
            }
            return next;
        }
    }
}
