package io.guestflow.processor.effects;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.auth.AuthOutcome.CallFailed;
import io.guestflow.contracts.auth.ErrorCode;
import java.time.Instant;

/** The lane of commands for which a guest is waiting. */
public final class AuthLane {
    private AuthLane() {}

    /** The lane with its handler. */
    public static CommandLane<AuthCommand, AuthOutcome> of(CommandHandler<AuthCommand, AuthOutcome> handler) {
        return new CommandLane<>(
                Topics.CXONE_AUTH_COMMANDS,
                Topics.CXONE_AUTH_OUTCOMES,
                AuthCommand::commandId,
                AuthCommand::guestId,
                AuthLane::turn,
                AuthCommand::deadline,
                AuthOutcome::commandId,
                AuthLane::fallback,
                handler);
    }

    /** An injection may hang while it is tried; the guest who comes back meanwhile must not wait behind it. */
    private static String turn(AuthCommand command) {
        return switch (command) {
            case AuthCommand.Authenticate authenticate -> authenticate.guestId();
            case AuthCommand.InjectContext inject -> inject.guestId() + "/" + inject.conversationId();
        };
    }

    private static AuthOutcome fallback(AuthCommand command, FallbackOutcome.Cause cause, Instant at) {
        return switch (cause) {
            case DEADLINE_EXCEEDED ->
                failed(command, ErrorCode.DEADLINE_EXCEEDED, "the deadline passed before CXone could be called", at);
            case HANDLER_FAILED ->
                failed(command, ErrorCode.UPSTREAM_ERROR, "the call to CXone failed for an internal reason", at);
        };
    }

    private static AuthOutcome failed(AuthCommand command, ErrorCode code, String message, Instant at) {
        return new CallFailed(
                command.commandId(), command.requestId(), command.guestId(), code, null, message, null, 0, at);
    }
}
