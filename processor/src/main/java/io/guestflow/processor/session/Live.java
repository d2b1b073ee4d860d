package io.guestflow.processor.session;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session that has not ended.
 *
 * @param guestId CXone's extending call needs it; it goes with the end
 * @param policyVersion that the guest agreed to last
 * @param authenticatedAt when the guest was last authenticated for it
 * @param expiring whether it was said to be expiring
 * @param timer the generation of the one timer that counts; the others, which are never cancelled, mean nothing
 * @param lookAt when that timer is due: the session is looked at then at the latest
 */
record Live(
        Opening opening,
        String guestId,
        @Nullable String policyVersion,
        Instant authenticatedAt,
        Terms terms,
        boolean expiring,
        Tally tally,
        RecentEvents recent,
        Refreshing refreshing,
        Injections injections,
        long timer,
        Instant lookAt)
        implements Conversation {
    /**
     * How long before its opening CXone can have made a conversation: the answer may have been asked for again and again,
     * and have waited for us to start; and CXone's clock is another one.
     */
    private static final Duration MADE_BEFORE = Duration.ofMinutes(10);

    /**
     * Whether an end that is told for that time is not this session's, but that of an earlier life of the conversation,
     * which CXone has had alive since. There is one rule, whatever tells the end and in whatever order it comes:
     *
     * <ul>
     *   <li>CXone's last word that the conversation lives is the guest's last authentication: an end before it is of an
     *       earlier life. Had it come earlier, the authentication would have begun a new one.
     *   <li>Where nothing is known of an earlier life, neither a session nor an authentication, CXone's word may be older
     *       than our time for it: an end counts from {@code MADE_BEFORE} on.
     * </ul>
     */
    boolean isAfter(Instant end) {
        boolean first = opening.firstLife() && authenticatedAt.equals(opening.openedAt());
        return end.isBefore(first ? authenticatedAt.minus(MADE_BEFORE) : authenticatedAt);
    }

    /**
     * Whether the guest was active since the last refresh. Before the first one every activity counts: there can be none
     * before the opening, whatever CXone's clock says.
     */
    boolean active() {
        Instant last = tally.lastActivityAt();
        Instant refreshedAt = terms.refreshedAt();
        return last != null && (refreshedAt == null || last.isAfter(refreshedAt));
    }

    Live withMessages(Tally counted, RecentEvents now) {
        return new Live(
                opening,
                guestId,
                policyVersion,
                authenticatedAt,
                terms,
                expiring,
                counted,
                now,
                refreshing,
                injections,
                timer,
                lookAt);
    }

    /** The guest was authenticated again. */
    Live authenticated(Instant at, @Nullable String policy) {
        return new Live(
                opening, guestId, policy, at, terms, expiring, tally, recent, refreshing, injections, timer, lookAt);
    }

    Live withTerms(Terms changed, Refreshing next, boolean isExpiring) {
        return new Live(
                opening,
                guestId,
                policyVersion,
                authenticatedAt,
                changed,
                isExpiring,
                tally,
                recent,
                next,
                injections,
                timer,
                lookAt);
    }

    Live with(Refreshing next) {
        return withTerms(terms, next, expiring);
    }

    Live nowExpiring() {
        return withTerms(terms, refreshing, true);
    }

    Live with(Injections changed) {
        return new Live(
                opening,
                guestId,
                policyVersion,
                authenticatedAt,
                terms,
                expiring,
                tally,
                recent,
                refreshing,
                changed,
                timer,
                lookAt);
    }

    Live lookedAt(Instant next, long generation) {
        return new Live(
                opening,
                guestId,
                policyVersion,
                authenticatedAt,
                terms,
                expiring,
                tally,
                recent,
                refreshing,
                injections,
                generation,
                next);
    }
}
