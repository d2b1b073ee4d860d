package io.guestflow.processor.session;

import io.guestflow.contracts.session.SessionEvent.Mark;
import java.time.Instant;
import java.util.Arrays;

/**
 * How far webhooks have been read: as each partition of intake tells once a second, or as the task tells that hears them
 * all. Kept in memory: after a restart nothing is known until it has been told again.
 *
 * <p>Threading: for the stream thread of the task.
 */
final class Marks {
    private static final long UNKNOWN = Long.MIN_VALUE;

    private long[] readUntilMs = {UNKNOWN};

    void observe(Mark mark) {
        if (mark.intakePartitions() != readUntilMs.length) {
            // Others speak now: what was told of one partition need not hold for all.
            long[] resized = new long[Math.max(1, mark.intakePartitions())];
            Arrays.fill(resized, UNKNOWN);
            readUntilMs = resized;
        }
        if (mark.intakePartition() < readUntilMs.length) {
            // Of two intakes that overlap in a rebalance the later word counts.
            readUntilMs[mark.intakePartition()] = Math.max(
                    readUntilMs[mark.intakePartition()], mark.readUntil().toEpochMilli());
        }
    }

    /** Of how many partitions they are. */
    int partitions() {
        return readUntilMs.length;
    }

    /** Every webhook that was recorded before has been seen; far in the past while that is not known. */
    Instant readUntil() {
        long earliest = Long.MAX_VALUE;
        for (long ms : readUntilMs) {
            earliest = Math.min(earliest, ms);
        }
        return earliest == UNKNOWN ? Instant.MIN : Instant.ofEpochMilli(earliest);
    }
}
