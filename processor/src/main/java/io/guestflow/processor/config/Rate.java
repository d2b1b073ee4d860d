package io.guestflow.processor.config;

/**
 * How often something may happen.
 *
 * @param perSecond events a second, at least 0; 0 means that there is no limit
 */
public record Rate(double perSecond) {
    public Rate {
        if (!(perSecond >= 0) || Double.isInfinite(perSecond)) {
            throw new IllegalArgumentException("a rate is a number of at least 0, not " + perSecond);
        }
    }

    /** Whether nothing is held back. */
    public boolean isUnlimited() {
        return perSecond == 0;
    }
}
