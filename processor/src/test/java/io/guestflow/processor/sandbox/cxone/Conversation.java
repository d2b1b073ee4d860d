package io.guestflow.processor.sandbox.cxone;

import java.time.Instant;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A conversation as the simulator holds it: extensions and contexts injected so far, and the context last injected. */
public record Conversation(
        String id,
        String guestId,
        String channelId,
        Instant createdAt,
        Instant expiresAt,
        int extensions,
        int injections,
        Map<String, JsonNode> context) {

    Conversation extended(Instant until) {
        return new Conversation(id, guestId, channelId, createdAt, until, extensions + 1, injections, context);
    }

    Conversation injected(Map<String, JsonNode> values) {
        return new Conversation(
                id, guestId, channelId, createdAt, expiresAt, extensions, injections + 1, Map.copyOf(values));
    }

    boolean live(Instant now) {
        return now.isBefore(expiresAt);
    }
}
