package io.guestflow.processor.session;

import java.time.Duration;
import java.time.Instant;

/**
 * The times around the end of a session's lifetime, earliest first.
 *
 * @param opensAt from when on the session is refreshed if it is active, and expiring if it is not
 * @param lastLookAt when an idle session is looked at once more, in case it only seems idle
 * @param closesAt from when on no refresh is asked for: CXone's clock and the call itself could reach past the end, and
 *     past it the extending call opens another conversation
 * @param callsUntil after which no call is made
 * @param endsAt when the session ends
 * @param capped whether it ends by its maximum lifetime, so that no refresh makes sense
 */
record Window(
        Instant opensAt, Instant lastLookAt, Instant closesAt, Instant callsUntil, Instant endsAt, boolean capped) {
    private static final int THRESHOLD_PART = 3;
    private static final int SKEW_PART = 24;
    private static final int CALL_PART = 12;
    private static final int LOOK_PART = 30;
    /** Timers are a little late. */
    private static final Duration LOOK_MARGIN = Duration.ofSeconds(2);

    static Window of(Terms terms, Instant openedAt, SessionRules rules) {
        Instant expiresAt = terms.expiresAt();
        Duration lifetime = Duration.between(terms.grantedAt(), expiresAt);
        if (lifetime.isNegative()) {
            lifetime = Duration.ZERO;
        }
        Instant cap = openedAt.plus(rules.maxLifetime());
        boolean capped = !expiresAt.isBefore(cap);
        Instant endsAt = capped ? cap : expiresAt;
        Instant callsUntil = expiresAt.minus(atMost(rules.clockSkew(), lifetime, SKEW_PART));
        Instant closesAt = callsUntil.minus(atMost(rules.callTime(), lifetime, CALL_PART));
        Instant lastLookAt = closesAt.minus(atMost(LOOK_MARGIN, lifetime, LOOK_PART));
        Instant threshold = endsAt.minus(atMost(rules.refreshThreshold(), lifetime, THRESHOLD_PART));
        // A threshold inside the margins would leave no time to refresh in.
        Instant opensAt = lastLookAt.isBefore(threshold) ? lastLookAt : threshold;
        return new Window(opensAt, lastLookAt, closesAt, callsUntil, endsAt, capped);
    }

    /** Whether it is time to refresh the session or to call it expiring. */
    boolean isOpen(Instant now) {
        return !now.isBefore(opensAt);
    }

    /** Whether a refresh may be asked for. */
    boolean allowsCall(Instant now) {
        return !capped && now.isBefore(closesAt);
    }

    /** Whether one may be asked for that has less time than a call may take. */
    boolean allowsLateCall(Instant now) {
        return !capped && now.isBefore(callsUntil);
    }

    /** How long it is open. */
    Duration length() {
        return Duration.between(opensAt, endsAt);
    }

    private static Duration atMost(Duration most, Duration lifetime, int part) {
        Duration scaled = Duration.ofMillis(lifetime.toMillis() / part);
        return scaled.compareTo(most) < 0 ? scaled : most;
    }
}
