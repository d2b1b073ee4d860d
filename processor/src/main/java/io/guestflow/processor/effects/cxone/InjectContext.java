package io.guestflow.processor.effects.cxone;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Gives a conversation its context.
 *
 * @param context scalars that passed the allow-list; they go into the body in this order
 * @param headers the same context as headers
 * @param idempotencyKey the same for every attempt at the same request
 */
public record InjectContext(
        String conversationId, Map<String, JsonNode> context, ContextHeaders headers, String idempotencyKey) {

    /** Without the values. */
    @Override
    public String toString() {
        return "InjectContext[conversationId=" + conversationId + ", keys=" + context.keySet() + ", idempotencyKey="
                + idempotencyKey + "]";
    }
}
