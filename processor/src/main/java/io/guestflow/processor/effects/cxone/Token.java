package io.guestflow.processor.effects.cxone;

import java.time.Duration;
import java.time.Instant;

/**
 * A bearer token.
 *
 * @param refreshAt from when on a new one is fetched while this one still serves
 */
record Token(String value, Instant refreshAt, Instant expiresAt) {

    private static final Duration REFRESH_BEFORE = Duration.ofSeconds(60);
    private static final Duration LONGEST_LIFETIME = Duration.ofDays(365);

    /** @param askedAt before the request was sent, so that the lifetime is never taken for longer than it is */
    static Token issued(String value, Instant askedAt, Duration lifetime) {
        Duration believed = lifetime.compareTo(LONGEST_LIFETIME) > 0 ? LONGEST_LIFETIME : lifetime;
        Duration ahead =
                believed.compareTo(REFRESH_BEFORE.multipliedBy(2)) < 0 ? believed.dividedBy(2) : REFRESH_BEFORE;
        Instant expiresAt = askedAt.plus(believed);
        return new Token(value, expiresAt.minus(ahead), expiresAt);
    }

    /** Never the token itself. */
    @Override
    public String toString() {
        return "Token[until " + expiresAt + "]";
    }
}
