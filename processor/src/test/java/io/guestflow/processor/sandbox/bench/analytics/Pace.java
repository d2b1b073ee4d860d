package io.guestflow.processor.sandbox.bench.analytics;

import java.time.Duration;

/**
 * How large a backlog must be to last for some time: what was worked off before tells. So a run takes as long on a slow
 * machine as on a fast one.
 *
 * <p>Threading: one thread.
 */
final class Pace {
    /** Of a backlog before anything is known. */
    static final int FIRST = 5_000;
    /** More takes too long to put there. */
    static final int MOST = 5_000_000;

    private final int least;
    private double perSecond;

    Pace() {
        this(FIRST);
    }

    /** @param least of any backlog, where fewer would not tell anything */
    Pace(int least) {
        this.least = least;
    }

    /** That backlog was worked off so fast. */
    void found(double perSecond) {
        this.perSecond = perSecond;
    }

    /** What was found last; 0 before. */
    double perSecond() {
        return perSecond;
    }

    /** A backlog that lasts for about so long. */
    int lasting(Duration duration) {
        return (int) Math.clamp(Math.round(perSecond * duration.toMillis() / 1e3), least, MOST);
    }
}
