package io.guestflow.processor.sandbox.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Measures {@link CpuUse}. What others use is what all processors were busy with, less what this JVM and all its children
 * used.
 *
 * <p>Threading: one thread.
 */
public final class CpuMeter {
    /** Linux counts in hundredths of a second, whatever its kernel's tick is. */
    private static final double TICKS_PER_SECOND = 100;

    private static final Path STAT = Path.of("/proc/stat");
    /** user nice system, then idle iowait, then irq softirq steal; guest time is in user. */
    private static final int[] BUSY = {1, 2, 3, 6, 7, 8};

    private final Map<String, Long> pids;
    private final Map<String, Double> before;
    private final long from = System.nanoTime();
    private final double busyBefore = busySeconds();
    private final double oursBefore = ourSeconds();

    private CpuMeter(Map<String, Long> pids) {
        this.pids = pids;
        this.before = seconds(pids);
    }

    /** Starts to measure these processes, by name; none of our children may start or end before {@link #use}. */
    public static CpuMeter start(Map<String, Long> pids) {
        return new CpuMeter(new LinkedHashMap<>(pids));
    }

    /** What was used since the start, for so many requests. */
    public CpuUse use(int requests) {
        double elapsed = (System.nanoTime() - from) / 1e9;
        double others = ((busySeconds() - busyBefore) - (ourSeconds() - oursBefore)) / elapsed;
        Map<String, Double> used = new LinkedHashMap<>();
        seconds(pids)
                .forEach((name, now) ->
                        used.put(name, rounded((now - before.getOrDefault(name, 0.0)) * 1000 / Math.max(1, requests))));
        return new CpuUse(used, Math.max(0, rounded(others)));
    }

    private static Map<String, Double> seconds(Map<String, Long> pids) {
        Map<String, Double> all = new LinkedHashMap<>();
        pids.forEach((name, pid) -> all.put(
                name,
                ProcessHandle.of(pid)
                        .flatMap(process -> process.info().totalCpuDuration())
                        .map(CpuMeter::seconds)
                        .orElseThrow(() -> new IllegalStateException(
                                name + " (pid " + pid + ") has ended, or the system tells no CPU time"))));
        return all;
    }

    private static double ourSeconds() {
        ProcessHandle self = ProcessHandle.current();
        return Stream.concat(Stream.of(self), self.descendants())
                .flatMap(process -> process.info().totalCpuDuration().stream())
                .mapToDouble(CpuMeter::seconds)
                .sum();
    }

    /** 0 where the system does not tell. */
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

    private static double seconds(Duration cpu) {
        return cpu.toNanos() / 1e9;
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
