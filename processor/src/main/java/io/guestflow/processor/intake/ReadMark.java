package io.guestflow.processor.intake;

import io.guestflow.processor.wire.PartitionProgress;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Up to when everything has been read that was recorded in a task's partition of webhooks. Silence tells nothing: either
 * the consumer says that there is no more, and everything it has handed out is processed, or it is the last record that
 * tells the time.
 *
 * <p>Threading: one for a task, on its stream thread.
 */
final class ReadMark {
    /** What the consumer had handed out to earlier lives of the task. */
    private final long deliveredBefore;

    private long processed;
    private @Nullable Instant lastRecordedAt;
    private @Nullable Instant readUntil;

    ReadMark(Optional<PartitionProgress> progress) {
        this.deliveredBefore = progress.map(PartitionProgress::delivered).orElse(0L);
    }

    /** A record was processed. */
    void processed(Instant recordedAt) {
        processed++;
        lastRecordedAt = recordedAt;
    }

    /** The time; empty if nothing is known yet. Never goes back: what has been read stays read. */
    Optional<Instant> readUntil(Optional<PartitionProgress> progress, Instant now) {
        Instant until = progress.filter(this::hasNoMore)
                .map(at -> now.minus(at.sincePoll()))
                .orElse(lastRecordedAt);
        if (until != null && until.isAfter(now)) {
            until = now;
        }
        if (until != null && (readUntil == null || until.isAfter(readUntil))) {
            readUntil = until;
        }
        return Optional.ofNullable(readUntil);
    }

    private boolean hasNoMore(PartitionProgress progress) {
        return progress.lag().isPresent()
                && progress.lag().getAsLong() == 0
                && progress.delivered() - deliveredBefore <= processed;
    }
}
