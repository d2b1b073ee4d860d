package io.guestflow.processor.effects.cxone;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates a guest on a channel; that consent was given is the caller's promise.
 *
 * @param idempotencyKey the same for every attempt at the same request
 */
public record CreateConversation(
        String channelId,
        String guestId,
        Instant consentTimestamp,
        @Nullable String consentPolicyVersion,
        String idempotencyKey) {

    /** Without the guest. */
    @Override
    public String toString() {
        return "CreateConversation[channelId=" + channelId + ", idempotencyKey=" + idempotencyKey + "]";
    }
}
