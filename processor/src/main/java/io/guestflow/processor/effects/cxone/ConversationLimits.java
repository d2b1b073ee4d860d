package io.guestflow.processor.effects.cxone;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * CXone's limit for calls about one conversation: so many at once, and so many a minute. Of a conversation it keeps one
 * number, the time when nothing would be left of its calls, and only until then. An instance that takes over a
 * conversation knows nothing of its calls; what it calls too often then, CXone refuses.
 *
 * <p>Threading: any thread.
 */
final class ConversationLimits {
    private static final int SWEPT_FROM = 1024;

    private final long callNanos;
    private final long burstNanos;
    private final InstantSource clock;
    private final Map<String, Long> forgottenAt = new HashMap<>();
    private int sweepAt = SWEPT_FROM;

    ConversationLimits(Profile.ConversationLimit limit, InstantSource clock) {
        callNanos = limit.isNone() ? 0 : (long) (Duration.ofMinutes(1).toNanos() / limit.perMinute());
        burstNanos = callNanos * limit.burst();
        this.clock = clock;
    }

    /** How long until a call about the conversation may be made; zero is now. */
    Duration untilNext(String conversationId) {
        long now = now();
        synchronized (forgottenAt) {
            long used = forgottenAt.getOrDefault(conversationId, now) - now;
            return Duration.ofNanos(Math.max(0, used + callNanos - burstNanos));
        }
    }

    /** A call is made. Calls made at once may go over the limit by as many as there are; those of one key are not. */
    void called(String conversationId) {
        if (callNanos == 0) {
            return;
        }
        long now = now();
        synchronized (forgottenAt) {
            forgottenAt.merge(conversationId, now + callNanos, (until, fresh) -> Math.max(until + callNanos, fresh));
            if (forgottenAt.size() >= sweepAt) {
                forgottenAt.values().removeIf(until -> until <= now);
                sweepAt = Math.max(SWEPT_FROM, 2 * forgottenAt.size());
            }
        }
    }

    /** Conversations that take memory. */
    int size() {
        synchronized (forgottenAt) {
            return forgottenAt.size();
        }
    }

    private long now() {
        return Duration.ofMillis(clock.millis()).toNanos();
    }
}
