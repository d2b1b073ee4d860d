package io.guestflow.processor.sandbox.bench.analytics;

import io.guestflow.processor.sandbox.bench.CpuUse;
import io.guestflow.processor.sandbox.bench.Percentiles;
import io.guestflow.processor.sandbox.bench.Spread;

/**
 * How late windows come while facts come as they happen.
 *
 * @param load what came
 * @param facts in the windows that are measured
 * @param rows windows of channels
 * @param late from the end of the grace until a row's first revision could be read
 * @param allOutMs from the end of the grace until the last row's first revision could, over the windows
 * @param revisedAgain rows that were published more than once
 * @param mostRssMiB of the processor
 * @param stateMiB in its state directory at the end
 * @param stored what is kept of the last window
 * @param cpu seconds of processor time for a million facts, by process
 * @param compilersCores processors that the compilers used meanwhile
 */
record LiveFigures(
        AnalyticsBenchOptions.Live load,
        long facts,
        int rows,
        Percentiles late,
        Spread allOutMs,
        int revisedAgain,
        double mostRssMiB,
        double stateMiB,
        StoredRows stored,
        CpuUse cpu,
        double compilersCores) {}
