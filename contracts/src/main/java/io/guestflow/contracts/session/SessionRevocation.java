package io.guestflow.contracts.session;

import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.JsonCodec;

/**
 * A session is to end now, for example because the guest withdrew the consent. On {@code guest-session-revocations}, key
 * {@code conversationId}.
 *
 * @param conversationId CXone's id of the conversation
 * @param reason why, a word of the caller's such as {@code CONSENT_WITHDRAWN}
 * @param requestedBy who asks: a system or a role, not a person's name
 */
public record SessionRevocation(String conversationId, String reason, String requestedBy) {
    /** Version 1. */
    public static final JsonCodec<SessionRevocation> CODEC =
            JsonCodec.of("guest-session-revocation/1", SessionRevocation::read);

    /** The longest reason, in characters. */
    public static final int MAX_REASON = 64;

    private static SessionRevocation read(Fields in) {
        return new SessionRevocation(in.id("conversationId"), in.text("reason", MAX_REASON), in.id("requestedBy"));
    }
}
