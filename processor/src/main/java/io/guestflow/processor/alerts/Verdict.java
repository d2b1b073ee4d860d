package io.guestflow.processor.alerts;

import io.guestflow.contracts.alerts.AlertKind;
import io.guestflow.contracts.alerts.AlertState;
import java.time.Instant;
import java.util.Optional;

/**
 * What is decided of an alert: how it stands now, and what is told.
 *
 * @param rate over the window
 * @param told empty if it stands as before
 */
record Verdict(Standing standing, double rate, Optional<AlertState> told) {
    /** A millionth is as exact as anybody wants to read it. */
    private static final double DIGITS = 1e6;

    /**
     * Decides. It fires above one rate, if enough has happened, and is over at a lower one, however little happens then:
     * between the two, and while there are failures and little else, it stands as before.
     *
     * @param counts of the window
     * @param before how it stood
     * @param at the end of the window
     */
    static Verdict of(AlertKind alert, Counts counts, Standing before, Instant at, AlertRules rules) {
        long all = counts.all(alert);
        double rate = all == 0 ? 0 : (double) counts.bad(alert) / all;
        return switch (before) {
            case Standing.Quiet quiet ->
                rate > rules.rate() && all >= rules.least(alert)
                        ? new Verdict(new Standing.Firing(at), shown(rate), Optional.of(AlertState.FIRING))
                        : new Verdict(quiet, shown(rate), Optional.empty());
            case Standing.Firing firing ->
                rate <= rules.resolveRate()
                        ? new Verdict(Standing.QUIET, shown(rate), Optional.of(AlertState.RESOLVED))
                        : new Verdict(firing, shown(rate), Optional.empty());
        };
    }

    private static double shown(double rate) {
        return Math.round(rate * DIGITS) / DIGITS;
    }
}
