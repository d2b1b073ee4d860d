package io.guestflow.processor.alerts;

import io.guestflow.contracts.alerts.AlertCounts;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Up to when the partitions of facts are read, and what they come to is here: each tells it behind what it comes to. While
 * one lies unread, nothing that happens in it is no health.
 *
 * <p>Kept in memory only. Who begins anew knows nothing before each partition has told again, a slot later where it is read.
 *
 * <p>Threading: for one life of a task, on its stream thread.
 */
final class ReadPartitions {
    /**
     * So long it may be unknown what has happened; then what is known must do, or a partition that nobody reads would keep
     * an alert for ever. Restoring the facts that are known takes minutes after a crash.
     */
    static final Duration UNKNOWN_MOST = Duration.ofHours(1);

    private final AlertRules rules;
    /** Of a partition that has told nothing yet, nothing is read. */
    private final long[] untilMs;

    private final long startedAtMs;
    private OptionalLong unknownSinceMs = OptionalLong.empty();

    ReadPartitions(AlertRules rules, int partitions, long nowMs) {
        this.rules = rules;
        this.untilMs = new long[partitions];
        this.startedAtMs = nowMs;
    }

    /**
     * A partition tells. Its last word counts, also if it tells of less: its next owner's clock may be behind.
     */
    void told(AlertCounts.Read read) {
        if (read.sourcePartition() < untilMs.length) {
            untilMs[read.sourcePartition()] = read.until().toEpochMilli();
        }
    }

    /**
     * The end of the last window that is read whole, not after that one. Empty if it would have no slot in common with that
     * one, and not for longer than {@link #UNKNOWN_MOST}: then it is that one, read or not.
     */
    OptionalLong readEndMs(long windowEndMs, long nowMs) {
        long readEndMs = Math.min(windowEndMs, rules.slotOf(allUntilMs()));
        if (readEndMs > rules.firstSlotMs(windowEndMs)) {
            unknownSinceMs = OptionalLong.empty();
            return OptionalLong.of(readEndMs);
        }
        if (unknownSinceMs.isEmpty()) {
            unknownSinceMs = OptionalLong.of(nowMs);
        }
        return isGivenUp(nowMs) ? OptionalLong.of(windowEndMs) : OptionalLong.empty();
    }

    /** Whether nobody waits any longer. */
    boolean isGivenUp(long nowMs) {
        return unknownSinceMs.isPresent() && nowMs - unknownSinceMs.getAsLong() >= UNKNOWN_MOST.toMillis();
    }

    /** How far the partition that is most behind is behind. What is not known lags by the time since the start at least. */
    long behindMs(long nowMs) {
        long allUntilMs = allUntilMs();
        return Math.max(0, nowMs - (allUntilMs == 0 ? startedAtMs : allUntilMs));
    }

    private long allUntilMs() {
        return Arrays.stream(untilMs).min().orElse(0);
    }
}
