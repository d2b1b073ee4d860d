package io.guestflow.contracts.auth;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.JsonCodec;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What came of an {@link AuthCommand}. On {@code cxone-auth-outcomes}, key {@code guestId}, in the partition with the
 * command's number. A command that is delivered again may have more than one; the first one counts.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
public sealed interface AuthOutcome {
    /** Version 1. */
    JsonCodec<AuthOutcome> CODEC = JsonCodec.of("cxone-auth-outcome/1", AuthOutcome::read);

    /** The command that this answers. */
    String commandId();

    /** The caller's id of the request. */
    String requestId();

    /** The guest. */
    String guestId();

    /** HTTP calls made for the command, token calls not counted. */
    int calls();

    /** When effects knew. */
    Instant completedAt();

    /** The guest has a conversation, new or extended. */
    record ConversationCreated(
            String commandId,
            String requestId,
            String guestId,
            String conversationId,
            Instant expiresAt,
            int httpStatus,
            boolean contextInjected,
            int calls,
            Instant completedAt)
            implements AuthOutcome {}

    /** The bot has the context. */
    record ContextInjected(
            String commandId,
            String requestId,
            String guestId,
            String conversationId,
            int httpStatus,
            int calls,
            Instant completedAt)
            implements AuthOutcome {}

    /**
     * The command failed for good.
     *
     * @param code the cause, one of those that come from upstream
     * @param upstreamStatus CXone's own HTTP status, if it answered at all
     * @param message for a person
     * @param retryAfterSeconds when to try again, for causes that know it
     */
    record CallFailed(
            String commandId,
            String requestId,
            String guestId,
            ErrorCode code,
            @Nullable Integer upstreamStatus,
            String message,
            @Nullable Integer retryAfterSeconds,
            int calls,
            Instant completedAt)
            implements AuthOutcome {}

    private static AuthOutcome read(Fields in) {
        String kind = in.text("kind", Fields.MAX_ID);
        String commandId = in.id("commandId");
        String requestId = in.id("requestId");
        String guestId = in.id("guestId");
        int calls = in.count("calls", 0);
        Instant completedAt = in.time("completedAt");
        return switch (kind) {
            case "ConversationCreated" ->
                new ConversationCreated(
                        commandId,
                        requestId,
                        guestId,
                        in.id("conversationId"),
                        in.time("expiresAt"),
                        in.httpStatus("httpStatus"),
                        in.flag("contextInjected"),
                        calls,
                        completedAt);
            case "ContextInjected" ->
                new ContextInjected(
                        commandId,
                        requestId,
                        guestId,
                        in.id("conversationId"),
                        in.httpStatus("httpStatus"),
                        calls,
                        completedAt);
            case "CallFailed" ->
                new CallFailed(
                        commandId,
                        requestId,
                        guestId,
                        in.oneOf("code", ErrorCode.class),
                        in.optionalHttpStatus("upstreamStatus"),
                        in.text("message", AuthError.MAX_MESSAGE),
                        AuthError.retryAfterSeconds(in),
                        calls,
                        completedAt);
            default -> throw in.unknownKind();
        };
    }
}
