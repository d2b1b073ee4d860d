package io.guestflow.processor.sandbox.bench.sessions;

import org.jspecify.annotations.Nullable;

/**
 * What a restart and the loss of an instance take with many sessions.
 *
 * @param mostRssMiB of the processor that loaded them
 * @param changelogMiB what lies in the changelogs
 * @param keptSeconds from the start of the process to ready, with the state that it left
 * @param restoredSeconds the same without any state
 * @param restoredMiB read by the process until then, from everywhere; null where the system does not tell
 * @param takeoverSeconds from a kill until every partition has applied what came after it, with a standby
 * @param takeoverMiB read by the process that took over, meanwhile
 */
record RestoreFigures(
        double mostRssMiB,
        double changelogMiB,
        double keptSeconds,
        double restoredSeconds,
        @Nullable Double restoredMiB,
        double takeoverSeconds,
        @Nullable Double takeoverMiB) {}
