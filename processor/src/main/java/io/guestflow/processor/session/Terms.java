package io.guestflow.processor.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Until when CXone keeps the conversation.
 *
 * @param grantedAt when CXone told {@code expiresAt}: the lifetime is what lies between
 * @param refreshes how often CXone was asked or led to extend it, and did
 * @param refreshedAt when it last did; null before the first time
 */
record Terms(
        Instant grantedAt,
        Instant expiresAt,
        int refreshes,
        @Nullable Instant refreshedAt) {
    /** CXone told a later end. */
    Terms extended(Instant at, Instant until) {
        return new Terms(at, Times.ms(until), refreshes + 1, at);
    }

    /** CXone extended the conversation, but told no later end: the one that is known stays the truth. */
    Terms extendedUntold(Instant at) {
        return new Terms(grantedAt, expiresAt, refreshes + 1, at);
    }
}
