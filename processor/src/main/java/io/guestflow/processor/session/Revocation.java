package io.guestflow.processor.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Somebody wants the session ended. */
record Revocation(Instant at, String reason) {
    static Revocation later(@Nullable Revocation one, Revocation other) {
        return one != null && one.at.isAfter(other.at) ? one : other;
    }
}
