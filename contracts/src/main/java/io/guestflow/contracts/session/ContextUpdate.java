package io.guestflow.contracts.session;

import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.JsonCodec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The bot of a running conversation is to be given context. On {@code guest-context-updates}, key {@code conversationId}.
 *
 * @param conversationId CXone's id of the conversation
 * @param context what the bot may know, before the allow-list; any JSON
 */
public record ContextUpdate(String conversationId, Map<String, JsonNode> context) {
    /** Version 1. */
    public static final JsonCodec<ContextUpdate> CODEC = JsonCodec.of("guest-context-update/1", ContextUpdate::read);

    /** Keeps its own copy of the context, in its order. */
    public ContextUpdate {
        context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
    }

    private static ContextUpdate read(Fields in) {
        String conversationId = in.id("conversationId");
        // Unlike a request's, it must be there: an update without a context asks for nothing.
        in.object("context");
        return new ContextUpdate(conversationId, in.members("context"));
    }
}
