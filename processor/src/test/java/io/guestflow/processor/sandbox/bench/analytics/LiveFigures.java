package io.guestflow.processor.sandbox.bench.analytics;

import io.guestflow.processor.sandbox.bench.CpuUse;
import io.guestflow.processor.sandbox.bench.Percentiles;
import io.guestflow.processor.sandbox.bench.Spread;
import java.time.Duration;

/**
 * How late windows come while facts come as they happen.
 *
 * @param load what came
 * @param facts in the windows that are measured
 * @param rows windows of channels
 * @param workedOffPerSecond facts that the processor counts a second when it has a backlog of the same channels, windows that
 *     are open
 * @param late from the end of the grace until the first revision of a row that has all its facts could be read
 * @param allOutMs the same of the last row of a window, over the windows
 * @param firstMostLateMs until the first revision of a row could, whatever it had
 * @param incomplete rows whose first revision had not all facts
 * @param revisedAgain rows that were published more than once, those included
 * @param mostRssMiB of the processor
 * @param stateMiB in its state directory at the end
 * @param stored what is kept of the last window
 * @param cpu seconds of processor time for a million facts, by process
 * @param compilersCores processors that the compilers used meanwhile
 */
record LiveFigures(
        AnalyticsBenchOptions.Live load,
        double workedOffPerSecond,
        long facts,
        int rows,
        Percentiles late,
        Spread allOutMs,
        double firstMostLateMs,
        int incomplete,
        int revisedAgain,
        double mostRssMiB,
        double stateMiB,
        StoredRows stored,
        CpuUse cpu,
        double compilersCores) {
    private static final Duration KEPT = Duration.ofHours(48);
    private static final double BYTES_PER_MIB = 1 << 20;

    /** What came, as a share of what the processor counts a second. */
    double share() {
        return load.perSecond() / workedOffPerSecond;
    }

    /** In units of a million bytes. */
    double mostRssMb() {
        return Math.round(mostRssMiB * BYTES_PER_MIB / 1e5) / 10.0;
    }

    /** Windows that are kept for the default of the retention, reckoned from the last one: bytes / 1,000,000,000. */
    double keptGb() {
        return stored.mostBytesPerRow() * stored.rows() * KEPT.dividedBy(load.window()) / 1e9;
    }
}
