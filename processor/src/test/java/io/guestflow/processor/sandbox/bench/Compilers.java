package io.guestflow.processor.sandbox.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * Processor time of the just-in-time compilers of JVMs. On two cores they take more than the program does for the first
 * minutes, and what is measured meanwhile is they.
 *
 * <p>Threading: one thread.
 */
public final class Compilers {
    /** Linux counts in hundredths of a second, whatever its kernel's tick is. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int USER = 11;
    private static final int SYSTEM = 12;

    private final List<Long> pids;
    private long from = System.nanoTime();
    private double before;

    private Compilers(Collection<Long> pids) {
        this.pids = List.copyOf(pids);
        this.before = seconds();
    }

    /** Starts to measure those of these JVMs. */
    public static Compilers of(Collection<Long> pids) {
        return new Compilers(pids);
    }

    /** Processors they used since the start or the last call; 0 where the system does not tell of threads. */
    public double cores() {
        long now = System.nanoTime();
        double seconds = seconds();
        double cores = (seconds - before) * 1e9 / (now - from);
        from = now;
        before = seconds;
        return Math.round(cores * 100) / 100.0;
    }

    private double seconds() {
        return pids.stream().mapToDouble(Compilers::seconds).sum();
    }

    /** Seconds that those of this JVM have used since its start; 0 where the system does not tell of threads. */
    public static double seconds(long pid) {
        Path tasks = Path.of("/proc", Long.toString(pid), "task");
        if (!Files.isDirectory(tasks)) {
            return 0;
        }
        try (Stream<Path> threads = Files.list(tasks)) {
            return threads.mapToDouble(Compilers::secondsOfCompiler).sum();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + tasks, e);
        }
    }

    private static double secondsOfCompiler(Path thread) {
        try {
            // The name is in parentheses and may hold blanks itself: "C2 CompilerThread0", cut to 15 characters.
            String stat = Files.readString(thread.resolve("stat"));
            int nameEnds = stat.lastIndexOf(')');
            String name = stat.substring(stat.indexOf('(') + 1, nameEnds);
            if (!name.startsWith("C1 Compiler") && !name.startsWith("C2 Compiler")) {
                return 0;
            }
            String[] fields = stat.substring(nameEnds + 2).split(" ");
            return (Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM])) / TICKS_PER_SECOND;
        } catch (NoSuchFileException e) {
            return 0; // The thread has ended.
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the state of a thread in " + thread, e);
        }
    }
}
