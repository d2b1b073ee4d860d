package io.guestflow.processor.session;

import io.guestflow.contracts.session.SessionEvent.Mark;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the task that hears all marks tells the others: the earliest of them, as the mark of an only partition. It comes to
 * them behind the events that it vouches for: those were there before intake's mark was, and so before this one.
 *
 * <p>Threading: for the stream thread of the task.
 */
final class MarkRelay {
    static final Duration LEAST_PAUSE = Duration.ofMillis(500);

    private Instant told = Instant.MIN;
    private Instant toldAt = Instant.MIN;

    /** The mark to be sent now; null if there is nothing new. */
    @Nullable
    Mark next(Marks marks, Instant now) {
        Instant readUntil = marks.readUntil();
        if (!readUntil.isAfter(told) || (!toldAt.equals(Instant.MIN) && now.isBefore(toldAt.plus(LEAST_PAUSE)))) {
            return null;
        }
        told = readUntil;
        toldAt = now;
        return new Mark(now, 0, 1, readUntil);
    }
}
