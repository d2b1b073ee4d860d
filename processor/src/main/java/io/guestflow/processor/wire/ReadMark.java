package io.guestflow.processor.wire;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Up to when everything has been read that was recorded in a task's partition of a topic. Silence tells nothing: either
 * the consumer says that there is no more, and everything it has handed out is processed, or it is the last record that
 * tells the time.
 *
 * <p>Threading: one for a task, on its stream thread.
 */
public final class ReadMark {
    /** What the consumer had handed out to earlier lives of the task. */
    private final long deliveredBefore;

    private long processed;
    private @Nullable Instant lastRecordedAt;
    private @Nullable Instant readUntil;

    /** Begins a life of the task, with what the consumer says now. */
    public ReadMark(Optional<PartitionProgress> progress) {
        this.deliveredBefore = progress.map(PartitionProgress::delivered).orElse(0L);
    }

    /** A record was processed whose time says nothing. */
    public void processed() {
        processed++;
    }

    /** A record was processed. */
    public void processed(Instant recordedAt) {
        processed();
        lastRecordedAt = recordedAt;
    }

    /** The time; empty if nothing is known yet. Never goes back: what has been read stays read. */
    public Optional<Instant> readUntil(Optional<PartitionProgress> progress, Instant now) {
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
