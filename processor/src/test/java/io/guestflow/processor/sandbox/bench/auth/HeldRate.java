package io.guestflow.processor.sandbox.bench.auth;

import io.guestflow.processor.sandbox.bench.Percentiles;
import io.guestflow.processor.sandbox.load.LoadReport;
import java.util.List;
import java.util.Optional;

/**
 * The search for the highest rate that the processor holds.
 *
 * @param tries in the order in which they were made
 */
record HeldRate(List<Try> tries) {

    /**
     * One rate that was tried.
     *
     * @param seconds how long, or how long it was to be when it was broken off
     * @param full whether it was tried for as long as a rate must be held
     * @param held whether every result came inside the limit
     * @param total result − intended send
     * @param mostRssMiB the most that the processor had
     * @param othersCores processors that were busy with something else than this benchmark
     */
    record Try(
            int rate,
            long seconds,
            boolean full,
            boolean held,
            Percentiles total,
            double mostRssMiB,
            double processorCpuPer1000,
            double brokerCpuPer1000,
            double othersCores,
            LoadReport.Counts counts) {}

    /** The highest rate that was held for the full time. */
    Optional<Try> highest() {
        return tries.stream()
                .filter(attempt -> attempt.full() && attempt.held())
                .max((a, b) -> Integer.compare(a.rate(), b.rate()));
    }
}
