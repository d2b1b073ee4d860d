package io.guestflow.processor.wire;

import java.time.Duration;
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
    /** So far clocks are apart that are held against each other: the broker's, which records have, may be ahead of ours. */
    public static final Duration CLOCKS_APART = Duration.ofSeconds(5);

    /** What the consumer had handed out to earlier lives of the task. */
    private final long deliveredBefore;

    private long processed;
    private @Nullable Instant lastRecordedAt;
    private @Nullable Instant readUntil;

    /** Begins a life of the task, with what the consumer says now. */
    public ReadMark(Optional<PartitionProgress> progress) {
        this.deliveredBefore = progress.map(PartitionProgress::delivered).orElse(0L);
    }

    /**
     * A record was processed. In a partition the broker's times ascend, so one that is a little ahead of our clock tells
     * that all is read up to now. One that is farther ahead tells nothing of what was written up to now: the clock of who
     * wrote it is wrong.
     */
    public void processed(Instant recordedAt, Instant now) {
        processed++;
        if (!recordedAt.isAfter(now.plus(CLOCKS_APART))) {
            lastRecordedAt = recordedAt.isAfter(now) ? now : recordedAt;
        }
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
