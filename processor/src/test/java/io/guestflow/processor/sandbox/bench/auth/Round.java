package io.guestflow.processor.sandbox.bench.auth;

import io.guestflow.processor.sandbox.bench.CpuUse;
import io.guestflow.processor.sandbox.bench.Percentiles;
import io.guestflow.processor.sandbox.load.LoadReport;
import java.util.Map;

/**
 * One measurement of one side.
 *
 * @param added result − intended send − the simulator's own time; for the floor there is none of that
 * @param total result − intended send
 * @param sendLate how late the load was sent, which is in {@code added} too
 * @param simulatorMs mean of the simulator's own time for a request
 * @param hops where the time goes; the simulator's is in its {@code toOutcome}
 * @param writesPerRequest records, and under exactly-once transaction markers, that each request left on each hop
 */
record Round(
        String side,
        String guarantee,
        int rate,
        int number,
        Percentiles added,
        Percentiles total,
        Percentiles sendLate,
        double simulatorMs,
        CpuUse cpu,
        HopTimes.Means hops,
        Map<Hop, Double> writesPerRequest,
        LoadReport.Counts counts) {

    /** On all hops together. */
    double writes() {
        return writesPerRequest.values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
    }
}
