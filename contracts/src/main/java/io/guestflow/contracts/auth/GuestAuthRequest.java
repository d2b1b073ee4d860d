package io.guestflow.contracts.auth;

import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.JsonCodec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A web tier asks for a guest to be authenticated. On {@code guest-auth-requests}, key {@code guestId}.
 *
 * @param requestId the caller's id of this request; the same id asks for the same thing again
 * @param guestId the guest
 * @param channelId the messaging channel
 * @param consent what the guest agreed to
 * @param context what the bot may know, before the allow-list; any JSON
 * @param timeoutMs how long the caller waits from the record's timestamp on, clamped to 100–60,000; a setting if absent
 */
public record GuestAuthRequest(
        String requestId,
        String guestId,
        String channelId,
        Consent consent,
        Map<String, JsonNode> context,
        @Nullable Long timeoutMs) {
    /** Version 1. */
    public static final JsonCodec<GuestAuthRequest> CODEC =
            JsonCodec.of("guest-auth-request/1", GuestAuthRequest::read);

    /** Keeps its own copy of the context, in its order. */
    public GuestAuthRequest {
        context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
    }

    private static GuestAuthRequest read(Fields in) {
        return new GuestAuthRequest(
                in.id("requestId"),
                in.id("guestId"),
                in.id("channelId"),
                Consent.read(in.object("consent")),
                in.members("context"),
                in.optionalWhole("timeoutMs", 1, Integer.MAX_VALUE));
    }
}
