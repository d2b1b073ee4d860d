package io.guestflow.processor.effects;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.cxone.QueryCommand;
import io.guestflow.contracts.cxone.QueryOutcome;
import java.time.Instant;

/** The lane of questions for which nobody waits at all. */
public final class QueryLane {
    /**
     * How many questions an instance asks at once. Each may hold one of the places that calls have for which nobody waits,
     * as long as CXone's analytics hang; the others stay for guests' contexts.
     */
    static final int AT_ONCE = 4;

    private QueryLane() {}

    /** The lane with its handler. */
    public static CommandLane<QueryCommand, QueryOutcome> of(CommandHandler<QueryCommand, QueryOutcome> handler) {
        return new CommandLane<>(
                Topics.CXONE_QUERY_COMMANDS,
                Topics.CXONE_QUERY_OUTCOMES,
                QueryCommand::commandId,
                QueryCommand::commandId,
                QueryLane::turn,
                QueryCommand::deadline,
                QueryOutcome::commandId,
                QueryLane::fallback,
                handler);
    }

    private static String turn(QueryCommand command) {
        return "query/" + Math.floorMod(command.commandId().hashCode(), AT_ONCE);
    }

    private static QueryOutcome fallback(QueryCommand command, FallbackOutcome.Cause cause, Instant at) {
        return switch (cause) {
            case DEADLINE_EXCEEDED ->
                failed(command, ErrorCode.DEADLINE_EXCEEDED, "the deadline passed before CXone could be called", at);
            case HANDLER_FAILED ->
                failed(command, ErrorCode.UPSTREAM_ERROR, "the call to CXone failed for an internal reason", at);
        };
    }

    private static QueryOutcome failed(QueryCommand command, ErrorCode code, String message, Instant at) {
        return new QueryOutcome.CallFailed(command.commandId(), code, null, message, null, 0, at);
    }
}
