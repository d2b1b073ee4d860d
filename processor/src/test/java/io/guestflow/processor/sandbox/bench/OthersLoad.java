package io.guestflow.processor.sandbox.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * How much of the machine others use while something is measured: what all processors were busy with, less what this
 * process and its children used. Figures of a machine that others use a good part of say little.
 *
 * <p>Threading: one thread.
 */
public final class OthersLoad {
    /** Linux counts in hundredths of a second, whatever its kernel's tick is. */
    private static final double TICKS_PER_SECOND = 100;

    private static final Path STAT = Path.of("/proc/stat");
    /** user nice system, then idle iowait, then irq softirq steal; guest time is in user. */
    private static final int[] BUSY = {1, 2, 3, 6, 7, 8};

    private final long from = System.nanoTime();
    private final double busyBefore = busySeconds();
    private final double oursBefore = ourSeconds();

    private OthersLoad() {}

    /** Starts to measure; no child may start or end before {@link #cores}. */
    public static OthersLoad start() {
        return new OthersLoad();
    }

    /** Processors that others kept busy since the start; 0 where the system does not tell. */
    public double cores() {
        double others = (busySeconds() - busyBefore) - (ourSeconds() - oursBefore);
        double cores = others / ((System.nanoTime() - from) / 1e9);
        return Math.max(0, Math.round(cores * 100) / 100.0);
    }

    private static double busySeconds() {
        if (!Files.exists(STAT)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(STAT)) {
            String[] fields = lines.findFirst().orElse("").split(" +");
            double ticks = 0;
            for (int field : BUSY) {
                ticks += field < fields.length ? Double.parseDouble(fields[field]) : 0;
            }
            return ticks / TICKS_PER_SECOND;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + STAT, e);
        }
    }

    private static double ourSeconds() {
        ProcessHandle self = ProcessHandle.current();
        return Stream.concat(Stream.of(self), self.descendants())
                .flatMap(process -> process.info().totalCpuDuration().stream())
                .mapToDouble(cpu -> cpu.toNanos() / 1e9)
                .sum();
    }
}
