package io.guestflow.processor.alerts;

import io.guestflow.contracts.alerts.AlertCounts;
import io.guestflow.contracts.alerts.AlertKind;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.processor.facts.RefreshAnswer;
import io.guestflow.processor.wire.StoredForm.In;
import io.guestflow.processor.wire.StoredForm.Out;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What facts come to for alerts; the numbers are those of {@link AlertCounts.Slot}. */
record Counts(long attempts, long failed, long refreshes, long refreshFailed, long replaced, long gone) {
    static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);

    private static final Counts ATTEMPT = new Counts(1, 0, 0, 0, 0, 0);
    private static final Counts FAILED = new Counts(1, 1, 0, 0, 0, 0);
    private static final Counts REFRESH = new Counts(0, 0, 1, 0, 0, 0);
    private static final Counts REFRESH_FAILED = new Counts(0, 0, 1, 1, 0, 0);
    private static final Counts REPLACED = new Counts(0, 0, 1, 0, 1, 0);
    private static final Counts GONE = new Counts(0, 0, 1, 0, 0, 1);

    /** Of one fact; {@link #NONE} if alerts do not look at it. */
    static Counts of(Fact fact) {
        return switch (fact) {
            case Fact.AuthSucceeded ignored -> ATTEMPT;
            case Fact.AuthRejected ignored -> ATTEMPT;
            case Fact.AuthFailed ignored -> FAILED;
            default -> of(RefreshAnswer.of(fact));
        };
    }

    private static Counts of(@Nullable RefreshAnswer answer) {
        return switch (answer) {
            case null -> NONE;
            case EXTENDED -> REFRESH;
            case FAILED -> REFRESH_FAILED;
            case REPLACED -> REPLACED;
            case GONE -> GONE;
        };
    }

    static Counts of(AlertCounts.Slot told) {
        return new Counts(
                told.attempts(), told.failed(), told.refreshes(), told.refreshFailed(), told.replaced(), told.gone());
    }

    AlertCounts.Slot told(String scope, long slotMs, long slotLengthMs, int sourcePartition) {
        return new AlertCounts.Slot(
                scope,
                Instant.ofEpochMilli(slotMs),
                slotLengthMs,
                sourcePartition,
                attempts,
                failed,
                refreshes,
                refreshFailed,
                replaced,
                gone);
    }

    Counts plus(Counts other) {
        return new Counts(
                attempts + other.attempts,
                failed + other.failed,
                refreshes + other.refreshes,
                refreshFailed + other.refreshFailed,
                replaced + other.replaced,
                gone + other.gone);
    }

    /** Whether nothing is less than there. */
    boolean covers(Counts other) {
        return attempts >= other.attempts
                && failed >= other.failed
                && refreshes >= other.refreshes
                && refreshFailed >= other.refreshFailed
                && replaced >= other.replaced
                && gone >= other.gone;
    }

    /** Whether nobody counts more of a part than of the whole: no rate is above 1 then, however many are added up. */
    boolean isPossible() {
        return failed <= attempts && refreshFailed + replaced + gone <= refreshes;
    }

    /** What the alert looks at. */
    long bad(AlertKind alert) {
        return switch (alert) {
            case AUTH_ERROR_RATE -> failed;
            case REFRESH_FAILED -> refreshFailed;
            case REPLACED_UPSTREAM -> replaced;
            case GONE_UPSTREAM -> gone;
        };
    }

    /** What it is a part of. */
    long all(AlertKind alert) {
        return switch (alert) {
            case AUTH_ERROR_RATE -> attempts;
            case REFRESH_FAILED, REPLACED_UPSTREAM, GONE_UPSTREAM -> refreshes;
        };
    }

    void write(Out out) {
        out.number(attempts);
        out.number(failed);
        out.number(refreshes);
        out.number(refreshFailed);
        out.number(replaced);
        out.number(gone);
    }

    static Counts read(In in) {
        return new Counts(in.number(), in.number(), in.number(), in.number(), in.number(), in.number());
    }
}
