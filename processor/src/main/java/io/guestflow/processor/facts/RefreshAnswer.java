package io.guestflow.processor.facts;

import io.guestflow.contracts.facts.EndDetail;
import io.guestflow.contracts.facts.Fact;
import org.jspecify.annotations.Nullable;

/**
 * What came of asking CXone to keep a session alive, as facts tell it. Said once, because alerts and the meters that stand
 * in for them must count the same.
 */
public enum RefreshAnswer {
    /** CXone moved the session's end. */
    EXTENDED,
    /** It did not, and the session ended. */
    FAILED,
    /** It has another conversation for the guest: the session ended. */
    REPLACED,
    /** It has the conversation no more: the session ended. */
    GONE;

    /** What a fact tells of a refresh; null if it tells of none. */
    public static @Nullable RefreshAnswer of(Fact fact) {
        return switch (fact) {
            // Another authentication made no call for it. An end that was not told is none yet: CXone is asked again.
            case Fact.SessionRefreshed it -> !it.byAuthentication() && it.expiresAtTold() ? EXTENDED : null;
            case Fact.SessionEnded it -> of(it);
            default -> null;
        };
    }

    private static @Nullable RefreshAnswer of(Fact.SessionEnded ended) {
        return switch (ended.endReason()) {
            // Nobody refused that refresh: it was not asked for in time.
            case REFRESH_FAILED -> EndDetail.TOO_LATE.equals(ended.detail()) ? null : FAILED;
            case REPLACED_UPSTREAM -> REPLACED;
            case CLOSED_UPSTREAM -> EndDetail.GONE.equals(ended.detail()) ? GONE : null;
            case IDLE, REVOKED, ERASED, MAX_LIFETIME -> null;
        };
    }
}
