package io.guestflow.contracts.cxone;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.guestflow.contracts.auth.AuthError;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.JsonCodec;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a {@link QueryCommand}. On {@code cxone-query-outcomes}, key {@code commandId}, in the partition with the
 * command's number. A command that is delivered again may have more than one; the first one counts.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
public sealed interface QueryOutcome {
    /** Version 1. */
    JsonCodec<QueryOutcome> CODEC = JsonCodec.of("cxone-query-outcome/1", QueryOutcome::read);

    /** The command that this answers. */
    String commandId();

    /** HTTP calls made for the command, token calls not counted; 0 if it was given up before any. */
    int calls();

    /** When effects knew. */
    Instant completedAt();

    /**
     * CXone has told all that it has: a conversation that is not among these is not there (yet).
     *
     * @param pages how many of its answer were read
     */
    record Measured(
            String commandId, List<ConversationFigures> conversations, int pages, int calls, Instant completedAt)
            implements QueryOutcome {
        /** Keeps its own copy of the figures. */
        public Measured {
            conversations = List.copyOf(conversations);
        }
    }

    /**
     * CXone has told a part, which may be nothing: nothing is known of conversations that are not among these, unless it
     * is known which ones could not be read.
     *
     * @param fault why the rest could not be read
     * @param unreadable with {@link PagingFault#UNREADABLE_ROW}: those that were asked for and that could not be read, if
     *     that is known of each row that could not; a conversation that is neither here nor among {@code conversations} is
     *     not there (yet). Empty if it is not known
     * @param code the cause, if a call failed: one of those that come from upstream
     * @param message for a person
     * @param retryAfterSeconds when to try again, for causes that know it
     */
    record MeasuredInPart(
            String commandId,
            List<ConversationFigures> conversations,
            PagingFault fault,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> unreadable,
            @Nullable ErrorCode code,
            String message,
            @Nullable Integer retryAfterSeconds,
            int pages,
            int calls,
            Instant completedAt)
            implements QueryOutcome {
        /** Keeps its own copy of the figures and ids. */
        public MeasuredInPart {
            conversations = List.copyOf(conversations);
            unreadable = List.copyOf(unreadable);
        }
    }

    /**
     * Nothing could be read; with no calls, it was not tried.
     *
     * @param code the cause, one of those that come from upstream
     * @param upstreamStatus CXone's own HTTP status, if it answered at all
     * @param message for a person
     * @param retryAfterSeconds when to try again, for causes that know it
     */
    record CallFailed(
            String commandId,
            ErrorCode code,
            @Nullable Integer upstreamStatus,
            String message,
            @Nullable Integer retryAfterSeconds,
            int calls,
            Instant completedAt)
            implements QueryOutcome {}

    private static QueryOutcome read(Fields in) {
        String kind = in.text("kind", Fields.MAX_ID);
        String commandId = in.id("commandId");
        int calls = in.count("calls", 0);
        Instant completedAt = in.time("completedAt");
        return switch (kind) {
            case "Measured" ->
                new Measured(
                        commandId,
                        in.objects("conversations", ConversationFigures::read),
                        in.count("pages", 0),
                        calls,
                        completedAt);
            case "MeasuredInPart" ->
                new MeasuredInPart(
                        commandId,
                        in.objects("conversations", ConversationFigures::read),
                        in.oneOf("fault", PagingFault.class),
                        in.optionalTexts("unreadable", Fields.MAX_ID),
                        in.optionalOneOf("code", ErrorCode.class),
                        in.text("message", AuthError.MAX_MESSAGE),
                        AuthError.retryAfterSeconds(in),
                        in.count("pages", 0),
                        calls,
                        completedAt);
            case "CallFailed" ->
                new CallFailed(
                        commandId,
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
