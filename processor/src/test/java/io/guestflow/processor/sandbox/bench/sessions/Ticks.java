package io.guestflow.processor.sandbox.bench.sessions;

import io.guestflow.processor.sandbox.bench.Percentiles;

/**
 * What timers cost at a number of live sessions.
 *
 * @param live sessions besides those that come due
 * @param batches of a thousand, due at the same instant in one partition
 * @param cpuMsPerBatch processor time of the whole process for one batch, beyond what the idle process uses
 * @param idleCpuMsPerSecond what that is
 * @param done from the instant at which a batch is due to when the last of it could be read
 */
record Ticks(int live, int batches, double cpuMsPerBatch, double idleCpuMsPerSecond, Percentiles done) {}
