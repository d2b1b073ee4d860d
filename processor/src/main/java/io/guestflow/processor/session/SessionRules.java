package io.guestflow.processor.session;

import java.time.Duration;

/**
 * What an operator decides about sessions. The margins around a session's end are the most they can be: with a short
 * lifetime they are parts of it.
 *
 * @param refreshThreshold how long before its end a session is refreshed, or said to be expiring; at most a third of its
 *     lifetime
 * @param maxLifetime after which a session ends however active it is
 * @param tombstoneAfter how long an ended session is remembered and shown
 * @param anyActivity whether any message keeps a session alive, or only the guest's
 * @param heldFor how long events wait for the opening of their conversation
 * @param heldMost for how many conversations of a partition events may wait
 * @param contextRetryFor how long context that could not be injected at once is tried again
 * @param closeCall whether CXone can be told to end a conversation
 * @param clockSkew by how much CXone's clock may differ from ours
 * @param callTime what one call may take
 * @param webhooksMayLag how far behind now webhooks may be read without leaving us in doubt who is active
 */
public record SessionRules(
        Duration refreshThreshold,
        Duration maxLifetime,
        Duration tombstoneAfter,
        boolean anyActivity,
        Duration heldFor,
        int heldMost,
        Duration contextRetryFor,
        boolean closeCall,
        Duration clockSkew,
        Duration callTime,
        Duration webhooksMayLag) {
    private static final int LEAST_REVOCATIONS = 1_000;

    /** Of how many conversations anything may wait, so that a revocation has a place when events have taken theirs. */
    int heldMostWithRevocations() {
        return heldMost + Math.max(heldMost, LEAST_REVOCATIONS);
    }
}
