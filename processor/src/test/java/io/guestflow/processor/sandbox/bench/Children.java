package io.guestflow.processor.sandbox.bench;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a benchmark has started. It is closed, what was started last first, when the benchmark ends in whatever way;
 * processes that are not even closed any more end with this JVM by themselves.
 *
 * <p>Threading: thread-safe; a shutdown hook closes it too.
 */
public final class Children implements AutoCloseable {
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private boolean closed;

    private Children() {}

    /** Closed with the JVM at the latest. */
    public static Children ofThisRun() {
        var children = new Children();
        Runtime.getRuntime().addShutdownHook(new Thread(children::close, "bench-cleanup"));
        return children;
    }

    /** Takes over what was started; what comes after the end is closed at once. */
    public synchronized <T extends AutoCloseable> T add(T child) {
        if (closed) {
            close(child);
            throw new IllegalStateException("the benchmark is ending");
        }
        started.push(child);
        return child;
    }

    /** Closes one of them before the end. */
    public synchronized void end(AutoCloseable child) {
        started.remove(child);
        close(child);
    }

    @Override
    public synchronized void close() {
        closed = true;
        while (!started.isEmpty()) {
            close(started.pop());
        }
    }

    private static void close(AutoCloseable child) {
        try {
            child.close();
        } catch (Exception e) {
            // The others must be closed all the same.
            System.err.println("bench: " + child + " did not close: " + e);
        }
    }
}
