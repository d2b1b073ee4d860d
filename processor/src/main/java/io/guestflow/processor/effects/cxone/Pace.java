package io.guestflow.processor.effects.cxone;

import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.internal.AtomicRateLimiter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When this instance may make its next call: its share of the tenant's limit, handed out evenly.
 *
 * <p>Threading: none of its own; {@link Throttle} guards it with its lock.
 */
final class Pace {

    /** Until a gained share counts: by then, whoever lost it knows. */
    static final Duration SHARE_SETTLES = Duration.ofSeconds(1);

    /** {@link #takeOrNanosToNext} when no call will ever be due as things stand. */
    static final long NEVER = Long.MAX_VALUE;

    /**
     * What of the limit is used. Calls leave us evenly and arrive a little bunched; without this slack a tenant that
     * counts a sliding second would see one too many now and then, and its answer to that is a pause for everybody.
     */
    private static final double USED = 0.98;

    private static final double NANOS_PER_SECOND = 1e9;

    /** Permits come in portions about this far apart, in seconds, or one by one when they are rarer. */
    private static final double PORTION = 0.01;

    private final double tenantLimit;
    private double perSecond;
    /** The class and not its interface, because only the class says when the next permit falls due. */
    private @Nullable AtomicRateLimiter limiter;

    private double gained = -1;
    private long gainedAtNanos;

    /** @param tenantLimit calls per second, over 0 */
    Pace(double tenantLimit) {
        this.tenantLimit = tenantLimit;
        perSecond = tenantLimit;
        limiter = limiter(tenantLimit);
    }

    /** A lost share ends at once; a gained one starts later, and empty. */
    void share(double fraction, long nowNanos) {
        settle(nowNanos);
        double wanted = tenantLimit * fraction;
        gained = -1;
        if (wanted < perSecond) {
            start(wanted);
        } else if (wanted > perSecond) {
            gained = wanted;
            gainedAtNanos = nowNanos + SHARE_SETTLES.toNanos();
        }
    }

    /** Takes a permit and says 0, or says how long to wait before asking again. */
    long takeOrNanosToNext(long nowNanos) {
        settle(nowNanos);
        AtomicRateLimiter current = limiter;
        if (current != null && current.acquirePermission()) {
            return 0;
        }
        long next = current == null ? NEVER : current.getDetailedMetrics().getNanosToWait();
        return Math.max(1, gained < 0 ? next : Math.min(next, gainedAtNanos - nowNanos));
    }

    /** How long the caller at this place in the queue, the first being 1, will wait as things stand. */
    long estimateNanos(int place, long nowNanos) {
        settle(nowNanos);
        AtomicRateLimiter current = limiter;
        double rate = USED * (current == null ? gained : perSecond);
        if (rate <= 0) {
            return NEVER;
        }
        long first = current == null
                ? gainedAtNanos - nowNanos
                : current.getDetailedMetrics().getNanosToWait();
        return Math.max(0, first) + (long) ((place - 1) / rate * NANOS_PER_SECOND);
    }

    private void settle(long nowNanos) {
        if (gained >= 0 && nowNanos - gainedAtNanos >= 0) {
            start(gained);
            gained = -1;
        }
    }

    private void start(double rate) {
        perSecond = rate;
        limiter = limiter(rate);
        if (limiter != null) {
            limiter.drainPermissions();
        }
    }

    private static @Nullable AtomicRateLimiter limiter(double rate) {
        if (rate <= 0) {
            return null;
        }
        int portion = (int) Math.max(1, Math.round(rate * PORTION));
        return new AtomicRateLimiter(
                "cxone",
                RateLimiterConfig.custom()
                        .limitForPeriod(portion)
                        .limitRefreshPeriod(Duration.ofNanos((long) (portion / (USED * rate) * NANOS_PER_SECOND)))
                        .timeoutDuration(Duration.ZERO)
                        .build());
    }
}
