package io.guestflow.processor.effects.cxone;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Moves the end of a guest's conversation. To CXone it is a create call, which extends the conversation that the guest
 * has: past its end it would open another one, so the call's deadline must lie before that.
 *
 * @param conversationId the one that is meant; CXone is told the guest and the channel only
 * @param consentTimestamp fresh
 * @param idempotencyKey the same for every attempt at the same extension, another one for the next
 */
public record ExtendConversation(
        String conversationId,
        String channelId,
        String guestId,
        Instant consentTimestamp,
        @Nullable String consentPolicyVersion,
        String idempotencyKey) {

    /** Without the guest. */
    @Override
    public String toString() {
        return "ExtendConversation[conversationId=" + conversationId + ", channelId=" + channelId + ", idempotencyKey="
                + idempotencyKey + "]";
    }
}
