package io.guestflow.processor.sandbox.bench;

/** Tells on standard error what a benchmark does, and since when. */
public final class Progress {
    private final long start = System.nanoTime();

    /** One line. */
    public void say(String line) {
        System.err.printf("[%4.0f s] %s%n", seconds(), line);
    }

    /** Seconds since the start. */
    public double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }
}
