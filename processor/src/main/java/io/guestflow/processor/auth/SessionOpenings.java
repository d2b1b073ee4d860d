package io.guestflow.processor.auth;

import io.guestflow.contracts.facts.Fact.AuthSucceeded;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.wire.Uuids;

/**
 * What the session is told of a success. It is made of the fact: whenever that is told, and told again after a crash,
 * the session hears of it, from the same source.
 *
 * <p>Threading: immutable, may be shared.
 */
final class SessionOpenings {
    private final GuestRefs refs;

    SessionOpenings(GuestRefs refs) {
        this.refs = refs;
    }

    /**
     * The opening, or extension, of a conversation.
     *
     * @param guestPartition the partition of the guest's task, where the session's facts go
     */
    SessionEvent.Opened of(AuthSucceeded success, String guestId, int guestPartition) {
        String channelId = success.dimensions().channelId();
        if (channelId == null) {
            throw new IllegalStateException("a success without a channel, from " + success.source());
        }
        return new SessionEvent.Opened(
                // Webhooks write the same UUID otherwise.
                Uuids.lowerCase(success.conversationId()),
                success.at(),
                guestId,
                guestPartition,
                success.requestId(),
                success.attempt(),
                refs.requestRef(guestId, success.requestId()),
                channelId,
                success.dimensions(),
                success.consent(),
                success.expiresAt(),
                success.source());
    }
}
