package io.guestflow.contracts.session;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.guestflow.contracts.auth.AuthError;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.JsonCodec;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What came of a {@link SessionCommand}. On {@code cxone-session-outcomes}, key {@code conversationId}, in the partition
 * with the command's number. A command that is delivered again may have more than one; the first one counts.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
public sealed interface SessionOutcome {
    /** Version 1. */
    JsonCodec<SessionOutcome> CODEC = JsonCodec.of("cxone-session-outcome/1", SessionOutcome::read);

    /** The command that this answers. */
    String commandId();

    /** The conversation that the command was for. */
    String conversationId();

    /** HTTP calls made for the command, token calls not counted; 0 if it was given up before any. */
    int calls();

    /** When effects knew. */
    Instant completedAt();

    /**
     * CXone took the extending call.
     *
     * @param answeredConversationId the conversation that the guest has now; another one if the command's was gone
     * @param expiresAt its end; absent if CXone told none that can be read
     */
    record Extended(
            String commandId,
            String conversationId,
            String answeredConversationId,
            @Nullable Instant expiresAt,
            int httpStatus,
            int calls,
            Instant completedAt)
            implements SessionOutcome {}

    /** The bot has the context. */
    record ContextAccepted(String commandId, String conversationId, int httpStatus, int calls, Instant completedAt)
            implements SessionOutcome {}

    /** CXone ended the conversation. */
    record ConversationClosed(String commandId, String conversationId, int httpStatus, int calls, Instant completedAt)
            implements SessionOutcome {}

    /** CXone does not have the conversation any more: 404 or 410. */
    record Gone(String commandId, String conversationId, int httpStatus, int calls, Instant completedAt)
            implements SessionOutcome {}

    /**
     * The command failed for good; with no calls, it was not tried.
     *
     * @param code the cause, one of those that come from upstream
     * @param upstreamStatus CXone's own HTTP status, if it answered at all
     * @param message for a person
     * @param retryAfterSeconds when to try again, for causes that know it
     */
    record CallFailed(
            String commandId,
            String conversationId,
            ErrorCode code,
            @Nullable Integer upstreamStatus,
            String message,
            @Nullable Integer retryAfterSeconds,
            int calls,
            Instant completedAt)
            implements SessionOutcome {}

    private static SessionOutcome read(Fields in) {
        String kind = in.text("kind", Fields.MAX_ID);
        String commandId = in.id("commandId");
        String conversationId = in.id("conversationId");
        int calls = in.count("calls", 0);
        Instant completedAt = in.time("completedAt");
        return switch (kind) {
            case "Extended" ->
                new Extended(
                        commandId,
                        conversationId,
                        in.id("answeredConversationId"),
                        in.optionalTime("expiresAt"),
                        in.httpStatus("httpStatus"),
                        calls,
                        completedAt);
            case "ContextAccepted" ->
                new ContextAccepted(commandId, conversationId, in.httpStatus("httpStatus"), calls, completedAt);
            case "ConversationClosed" ->
                new ConversationClosed(commandId, conversationId, in.httpStatus("httpStatus"), calls, completedAt);
            case "Gone" -> new Gone(commandId, conversationId, in.httpStatus("httpStatus"), calls, completedAt);
            case "CallFailed" ->
                new CallFailed(
                        commandId,
                        conversationId,
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
