package io.guestflow.processor.effects;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.contracts.session.SessionOutcome;
import java.time.Instant;

/** The lane of commands for sessions, for which nobody waits. */
public final class SessionLane {
    private SessionLane() {}

    /** The lane with its handler. */
    public static CommandLane<SessionCommand, SessionOutcome> of(
            CommandHandler<SessionCommand, SessionOutcome> handler) {
        return new CommandLane<>(
                Topics.CXONE_SESSION_COMMANDS,
                Topics.CXONE_SESSION_OUTCOMES,
                SessionCommand::commandId,
                SessionCommand::conversationId,
                SessionLane::turn,
                SessionCommand::deadline,
                SessionOutcome::commandId,
                SessionLane::fallback,
                handler);
    }

    /** Context comes in its order; a refresh or a close must not wait behind context that is tried again. */
    private static String turn(SessionCommand command) {
        return command.conversationId() + "/" + command.getClass().getSimpleName();
    }

    private static SessionOutcome fallback(SessionCommand command, FallbackOutcome.Cause cause, Instant at) {
        return switch (cause) {
            case DEADLINE_EXCEEDED ->
                failed(command, ErrorCode.DEADLINE_EXCEEDED, "the deadline passed before CXone could be called", at);
            case HANDLER_FAILED ->
                failed(command, ErrorCode.UPSTREAM_ERROR, "the call to CXone failed for an internal reason", at);
        };
    }

    private static SessionOutcome failed(SessionCommand command, ErrorCode code, String message, Instant at) {
        return new SessionOutcome.CallFailed(
                command.commandId(), command.conversationId(), code, null, message, null, 0, at);
    }
}
