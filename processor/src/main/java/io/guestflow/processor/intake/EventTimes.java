package io.guestflow.processor.intake;

import io.guestflow.processor.cxonetime.LooseTime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The times of one webhook: what it says, as long as that can be true, else when it was recorded.
 *
 * <p>Threading: for one webhook on one thread.
 */
final class EventTimes {
    /** Clocks are wrong by minutes; what says it comes from further ahead would keep a dead session alive. */
    static final Duration AHEAD = Duration.ofHours(1);

    private final Instant recordedAt;
    private int replaced;

    EventTimes(Instant recordedAt) {
        this.recordedAt = recordedAt;
    }

    /** The first of these that can be true; if none can, the record's time, counted unless none was told. */
    Instant first(@Nullable String... told) {
        boolean any = false;
        for (String text : told) {
            if (text != null) {
                any = true;
                Instant time = credible(text);
                if (time != null) {
                    return time;
                }
            }
        }
        replaced += any ? 1 : 0;
        return recordedAt;
    }

    /** That time if it can be true. */
    @Nullable
    Instant credible(String text) {
        Instant time = LooseTime.parse(text);
        return time == null || time.isAfter(recordedAt.plus(AHEAD)) ? null : time;
    }

    /** How many times were told that cannot be true, or cannot be read, with the record's in their place. */
    int replaced() {
        return replaced;
    }
}
