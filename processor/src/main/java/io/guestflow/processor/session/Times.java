package io.guestflow.processor.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Earlier and later. */
final class Times {
    private Times() {}

    static Instant earlier(Instant one, Instant other) {
        return other.isBefore(one) ? other : one;
    }

    static Instant later(@Nullable Instant one, Instant other) {
        return one != null && one.isAfter(other) ? one : other;
    }
}
