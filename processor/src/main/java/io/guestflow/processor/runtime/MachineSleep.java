package io.guestflow.processor.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * For how long the machine has been asleep. {@link System#nanoTime()} stops while it is suspended; Linux counts that time in
 * {@code /proc/uptime} all the same. Elsewhere, and where a host stops a virtual machine without telling it, no sleep is
 * seen.
 *
 * <p>Threading: immutable, any thread.
 */
final class MachineSleep implements LongSupplier {
    /** Less is not told from the noise of reading two clocks one after the other. */
    static final long SHORTEST_NANOS = 1_000_000_000L;

    private static final Path UPTIME = Path.of("/proc/uptime");
    /** The file counts hundredths of a second, rounded down. */
    private static final long STEP_NANOS = 10_000_000L;

    private static final long UNKNOWN = Long.MIN_VALUE;

    private final LongSupplier nanos;
    private final Path uptime;
    /** By how much the uptime is ahead of the other clock at the most, before any sleep. */
    private final long ahead;

    MachineSleep(LongSupplier nanos, Path uptime) {
        this.nanos = nanos;
        this.uptime = uptime;
        long before = nanos.getAsLong();
        long up = read(uptime);
        this.ahead = up == UNKNOWN ? UNKNOWN : up + STEP_NANOS - before;
    }

    /** Counts from now on. */
    static MachineSleep since(LongSupplier nanos) {
        return new MachineSleep(nanos, UPTIME);
    }

    /** How many nanoseconds of sleep are certain; a thread that was held up between two readings adds none. */
    @Override
    public long getAsLong() {
        if (ahead == UNKNOWN) {
            return 0;
        }
        long up = read(uptime);
        return up == UNKNOWN ? 0 : Math.max(0, up - nanos.getAsLong() - ahead);
    }

    private static long read(Path uptime) {
        try {
            String text = Files.readString(uptime, StandardCharsets.US_ASCII);
            int end = text.indexOf(' ');
            return Math.round(Double.parseDouble(end < 0 ? text.strip() : text.substring(0, end)) * 1e9);
        } catch (IOException | RuntimeException unreadable) {
            // Another system, or a sandbox without it: then no sleep is known of.
            return UNKNOWN;
        }
    }
}
