package io.guestflow.processor.sandbox.bench.auth;

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
 * @param cpuPer1000 seconds of processor time of this side's process for 1,000 requests
 * @param brokerCpuPer1000 the same of the broker
 * @param othersCores processors that were busy with something else than this benchmark
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
        double cpuPer1000,
        double brokerCpuPer1000,
        double othersCores,
        Map<Hop, Double> writesPerRequest,
        LoadReport.Counts counts) {

    /** On all hops together. */
    double writes() {
        return writesPerRequest.values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
    }
}
