package io.guestflow.processor.analytics;

import io.guestflow.contracts.analytics.MetricsPartial;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Up to when the partitions of facts have sent all parts of the windows that close.
 *
 * <p>Threading: for the stream thread of the task.
 */
final class ClosedPartitions {
    private final WindowStore store;
    private final long[] untilMs;

    /** As the store has it; of a partition that has said nothing yet nothing is closed. */
    ClosedPartitions(WindowStore store, int partitions) {
        this.store = store;
        this.untilMs = new long[partitions];
        for (int partition = 0; partition < partitions; partition++) {
            byte[] stored = store.get(WindowStore.taskKey(partition));
            untilMs[partition] = stored == null ? 0 : ByteBuffer.wrap(stored).getLong();
        }
    }

    /**
     * A partition tells. It never closes less than before: what it has sent is ahead of what it tells. One whose clock was
     * ahead must be waited for again when it is not.
     */
    void told(MetricsPartial.Closed closed, long nowMs) {
        int partition = closed.sourcePartition();
        long until = Math.min(closed.until().toEpochMilli(), nowMs + AnalyticsRules.AHEAD.toMillis());
        if (partition < untilMs.length && until > untilMs[partition]) {
            untilMs[partition] = until;
            store.put(
                    WindowStore.taskKey(partition),
                    ByteBuffer.allocate(Long.BYTES).putLong(until).array());
        }
    }

    /** Up to when all have. */
    long allUntilMs() {
        return Arrays.stream(untilMs).min().orElse(0);
    }
}
