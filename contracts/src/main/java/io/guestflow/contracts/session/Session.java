package io.guestflow.contracts.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.contracts.facts.EndReason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session as it is now. On {@code guest-sessions}, key {@code conversationId}, compacted; written when its state
 * changes, when it is refreshed and when it ends, but not on every message. Some time after the end a tombstone follows.
 *
 * @param conversationId CXone's id of the conversation
 * @param guestRef stands for the guest
 * @param channelId the messaging channel
 * @param state where it is
 * @param openedAt when the guest was first authenticated for it
 * @param expiresAt when it ends unless it is refreshed
 * @param lastActivityAt the last activity that was known when this was written
 * @param refreshes how often its end was moved
 * @param endedAt when it ended; null while it has not
 * @param endReason why it ended; null while it has not
 * @param upstreamUntil how long CXone keeps the conversation of a session that was ended here and cannot be ended there
 */
public record Session(
        String conversationId,
        String guestRef,
        String channelId,
        SessionState state,
        Instant openedAt,
        Instant expiresAt,
        @Nullable Instant lastActivityAt,
        int refreshes,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Instant endedAt,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable EndReason endReason,
        @Nullable Instant upstreamUntil) {
    /** Version 1. */
    public static final JsonCodec<Session> CODEC = JsonCodec.of("guest-session/1", Session::read);

    private static Session read(Fields in) {
        return new Session(
                in.id("conversationId"),
                in.id("guestRef"),
                in.id("channelId"),
                in.oneOf("state", SessionState.class),
                in.time("openedAt"),
                in.time("expiresAt"),
                in.optionalTime("lastActivityAt"),
                in.count("refreshes", 0),
                in.optionalTime("endedAt"),
                in.optionalOneOf("endReason", EndReason.class),
                in.optionalTime("upstreamUntil"));
    }
}
