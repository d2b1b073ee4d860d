package io.guestflow.processor.alerts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.alerts.AlertKind;
import io.guestflow.contracts.alerts.AlertState;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class VerdictTest {
    private static final Instant AT = Given.START;
    private static final Standing FIRING = new Standing.Firing(AT.minusSeconds(90));

    /** Fires above 5 %, of 20 at least; is over at 2.5 % of whatever there is. */
    @ParameterizedTest(name = "{0} of {1}: quiet {2}, firing {3}")
    @CsvSource({
        "0, 0, QUIET, QUIET",
        "0, 1, QUIET, QUIET",
        "1, 1, QUIET, FIRING",
        "19, 19, QUIET, FIRING",
        "1, 19, QUIET, FIRING",
        "0, 19, QUIET, QUIET",
        "1, 20, QUIET, FIRING",
        "2, 20, FIRING, FIRING",
        "20, 20, FIRING, FIRING",
        "0, 20, QUIET, QUIET",
        "1, 39, QUIET, FIRING",
        "1, 40, QUIET, QUIET",
        "50, 1000, QUIET, FIRING",
        "51, 1000, FIRING, FIRING",
        "26, 1000, QUIET, FIRING",
        "25, 1000, QUIET, QUIET",
    })
    void theTable(long bad, long all, String afterQuiet, String afterFiring) {
        assertVerdicts(AlertKind.AUTH_ERROR_RATE, bad, all, afterQuiet, afterFiring);
    }

    /** The same of refreshes, of 5 at least. */
    @ParameterizedTest(name = "{0} of {1}: quiet {2}, firing {3}")
    @CsvSource({
        "0, 0, QUIET, QUIET",
        "4, 4, QUIET, FIRING",
        "1, 5, FIRING, FIRING",
        "0, 5, QUIET, QUIET",
        "1, 19, FIRING, FIRING",
        "1, 20, QUIET, FIRING",
        "1, 40, QUIET, QUIET",
    })
    void theTableOfRefreshes(long bad, long all, String afterQuiet, String afterFiring) {
        EnumSet.complementOf(EnumSet.of(AlertKind.AUTH_ERROR_RATE))
                .forEach(kind -> assertVerdicts(kind, bad, all, afterQuiet, afterFiring));
    }

    private static void assertVerdicts(AlertKind kind, long bad, long all, String afterQuiet, String afterFiring) {
        Counts counts = counts(kind, bad, all);
        assertEquals(afterQuiet, name(Verdict.of(kind, counts, Standing.QUIET, AT, Given.RULES)));
        assertEquals(afterFiring, name(Verdict.of(kind, counts, FIRING, AT, Given.RULES)));
    }

    /** Every count up to 60 of 60, by the definition in whole numbers. */
    @ParameterizedTest
    @EnumSource
    void everyCaseIsAsTheRuleSays(AlertKind kind) {
        long least = kind == AlertKind.AUTH_ERROR_RATE ? 20 : 5;
        for (long all = 0; all <= 60; all++) {
            for (long bad = 0; bad <= all; bad++) {
                Counts counts = counts(kind, bad, all);
                boolean fires = all >= least && bad * 100 > all * 5;
                boolean over = bad * 1000 <= all * 25;
                double rate = all == 0 ? 0 : Math.round(1e6 * bad / all) / 1e6;

                assertEquals(
                        fires
                                ? new Verdict(new Standing.Firing(AT), rate, Optional.of(AlertState.FIRING))
                                : new Verdict(Standing.QUIET, rate, Optional.empty()),
                        Verdict.of(kind, counts, Standing.QUIET, AT, Given.RULES),
                        bad + " of " + all);
                assertEquals(
                        over
                                ? new Verdict(Standing.QUIET, rate, Optional.of(AlertState.RESOLVED))
                                : new Verdict(FIRING, rate, Optional.empty()),
                        Verdict.of(kind, counts, FIRING, AT, Given.RULES),
                        bad + " of " + all);
            }
        }
    }

    /** Only what the alert is about: all the rest is as bad as it can be. */
    private static Counts counts(AlertKind kind, long bad, long all) {
        return switch (kind) {
            case AUTH_ERROR_RATE -> new Counts(all, bad, 9, 9, 9, 9);
            case REFRESH_FAILED -> new Counts(9, 9, all, bad, all, all);
            case REPLACED_UPSTREAM -> new Counts(9, 9, all, all, bad, all);
            case GONE_UPSTREAM -> new Counts(9, 9, all, all, all, bad);
        };
    }

    private static String name(Verdict verdict) {
        return switch (verdict.standing()) {
            case Standing.Quiet ignored -> "QUIET";
            case Standing.Firing ignored -> "FIRING";
        };
    }
}
