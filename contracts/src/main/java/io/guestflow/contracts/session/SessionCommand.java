package io.guestflow.contracts.session;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.JsonCodec;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What effects are to do at CXone for a session. On {@code cxone-session-commands}, key {@code conversationId}, in the
 * partition of the task that decided it. Answered by exactly one {@link SessionOutcome} that counts: the first.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
public sealed interface SessionCommand {
    /** Version 1. */
    JsonCodec<SessionCommand> CODEC = JsonCodec.of("cxone-session-command/1", SessionCommand::read);

    /** Deterministic: the same decision, taken again after a crash, has the same id. */
    String commandId();

    /** CXone's id of the conversation. */
    String conversationId();

    /** The partition of the guest's task. */
    int guestPartition();

    /** After this time no call is made any more; the command is answered without one. */
    Instant deadline();

    /** What {@code Idempotency-Key} says; stable over attempts. */
    String idempotencyKey();

    /**
     * Move the conversation's end: the create call for the same guest, with a fresh consent timestamp.
     *
     * @param policyVersion of the consent that the guest gave; absent if none is known
     * @param expiresAt the end as it is known: within the skew margin of it no call may be made, because past it the
     *     call opens another conversation
     * @param generation which refresh of the session this is, from 1 on
     */
    record Refresh(
            String commandId,
            String conversationId,
            int guestPartition,
            String guestId,
            String channelId,
            @Nullable String policyVersion,
            Instant expiresAt,
            int generation,
            Instant deadline,
            String idempotencyKey)
            implements SessionCommand {}

    /**
     * Give the conversation's bot more context.
     *
     * @param context allow-listed scalars only
     * @param sequence which update of the session this is, from 1 on
     */
    record InjectContext(
            String commandId,
            String conversationId,
            int guestPartition,
            Map<String, JsonNode> context,
            int sequence,
            Instant deadline,
            String idempotencyKey)
            implements SessionCommand {
        /** Keeps its own copy of the context, in its order. */
        public InjectContext {
            context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
        }
    }

    /**
     * End the conversation at CXone.
     *
     * @param reason why, as the revocation has it
     */
    record Close(
            String commandId,
            String conversationId,
            int guestPartition,
            String reason,
            Instant deadline,
            String idempotencyKey)
            implements SessionCommand {}

    private static SessionCommand read(Fields in) {
        String kind = in.text("kind", Fields.MAX_ID);
        String commandId = in.id("commandId");
        String conversationId = in.id("conversationId");
        int guestPartition = in.count("guestPartition", 0);
        Instant deadline = in.time("deadline");
        String idempotencyKey = in.id("idempotencyKey");
        return switch (kind) {
            case "Refresh" ->
                new Refresh(
                        commandId,
                        conversationId,
                        guestPartition,
                        in.id("guestId"),
                        in.id("channelId"),
                        in.optionalText("policyVersion", Consent.MAX_POLICY_VERSION),
                        in.time("expiresAt"),
                        in.count("generation", 1),
                        deadline,
                        idempotencyKey);
            case "InjectContext" ->
                new InjectContext(
                        commandId,
                        conversationId,
                        guestPartition,
                        in.scalars("context"),
                        in.count("sequence", 1),
                        deadline,
                        idempotencyKey);
            case "Close" ->
                new Close(
                        commandId,
                        conversationId,
                        guestPartition,
                        in.text("reason", SessionRevocation.MAX_REASON),
                        deadline,
                        idempotencyKey);
            default -> throw in.unknownKind();
        };
    }
}
