package io.guestflow.processor.session;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Earlier and later, in milliseconds, as times are stored and timers are due. */
final class Times {
    private Times() {}

    static Instant ms(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS);
    }

    static Instant earlier(Instant one, Instant other) {
        return other.isBefore(one) ? other : one;
    }

    static Instant later(@Nullable Instant one, Instant other) {
        return one != null && one.isAfter(other) ? one : other;
    }
}
