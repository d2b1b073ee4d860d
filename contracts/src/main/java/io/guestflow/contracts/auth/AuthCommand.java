package io.guestflow.contracts.auth;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.JsonCodec;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What effects are to do at CXone for an authentication. On {@code cxone-auth-commands}, key {@code guestId}, in the
 * partition of the task that decided it. Answered by exactly one {@link AuthOutcome} that counts: the first.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
public sealed interface AuthCommand {
    /** Version 1. */
    JsonCodec<AuthCommand> CODEC = JsonCodec.of("cxone-auth-command/1", AuthCommand::read);

    /** Deterministic: the same decision, taken again after a crash, has the same id. */
    String commandId();

    /** Stable over attempts: {@code Idempotency-Key} is made of it. */
    String requestRef();

    /** The caller's id of the request. */
    String requestId();

    /** The guest. */
    String guestId();

    /** Which try at the request. */
    int attempt();

    /** The bot's context: allow-listed scalars only. */
    Map<String, JsonNode> context();

    /** After this time no call is made any more; the command is answered without one. */
    Instant deadline();

    /** Create or extend the guest's conversation, then inject the context in one short try. */
    record Authenticate(
            String commandId,
            String requestRef,
            String requestId,
            String guestId,
            int attempt,
            String channelId,
            Consent consent,
            Map<String, JsonNode> context,
            Instant deadline)
            implements AuthCommand {
        /** Keeps its own copy of the context, in its order. */
        public Authenticate {
            context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
        }
    }

    /** Inject the context, for which {@link Authenticate}'s one try was not enough. */
    record InjectContext(
            String commandId,
            String requestRef,
            String requestId,
            String guestId,
            int attempt,
            String conversationId,
            Map<String, JsonNode> context,
            Instant deadline)
            implements AuthCommand {
        /** Keeps its own copy of the context, in its order. */
        public InjectContext {
            context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
        }
    }

    private static AuthCommand read(Fields in) {
        String kind = in.text("kind", Fields.MAX_ID);
        String commandId = in.id("commandId");
        String requestRef = in.id("requestRef");
        String requestId = in.id("requestId");
        String guestId = in.id("guestId");
        int attempt = in.count("attempt", 1);
        Map<String, JsonNode> context = in.scalars("context");
        Instant deadline = in.time("deadline");
        return switch (kind) {
            case "Authenticate" ->
                new Authenticate(
                        commandId,
                        requestRef,
                        requestId,
                        guestId,
                        attempt,
                        in.id("channelId"),
                        Consent.read(in.object("consent")),
                        context,
                        deadline);
            case "InjectContext" ->
                new InjectContext(
                        commandId, requestRef, requestId, guestId, attempt, in.id("conversationId"), context, deadline);
            default -> throw in.unknownKind();
        };
    }
}
