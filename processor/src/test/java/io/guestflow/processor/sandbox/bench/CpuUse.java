package io.guestflow.processor.sandbox.bench;

import java.util.Map;

/**
 * Processor time while something was measured.
 *
 * @param secondsPer1000 of each process by its name, for 1,000 requests
 * @param othersCores processors that were busy with something that is not this benchmark's: figures of a machine that
 *     others use a good part of say little
 */
public record CpuUse(Map<String, Double> secondsPer1000, double othersCores) {

    /** Of one process. */
    public double of(String process) {
        return secondsPer1000.getOrDefault(process, 0.0);
    }
}
