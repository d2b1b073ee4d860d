package io.guestflow.contracts.cxone;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.contracts.codec.Problem.Defect;
import java.time.Instant;
import java.util.List;

/**
 * What effects are to ask CXone. On {@code cxone-query-commands}, key {@code commandId}, in the partition of the task that
 * decided it. Nobody waits for it. Answered by exactly one {@link QueryOutcome} that counts: the first.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
public sealed interface QueryCommand {
    /** Version 1. */
    JsonCodec<QueryCommand> CODEC = JsonCodec.of("cxone-query-command/1", QueryCommand::read);

    /** Deterministic: the same decision, taken again after a crash, has the same id. */
    String commandId();

    /** After this time no call is made any more; what was read until then is the answer. */
    Instant deadline();

    /**
     * Ask for CXone's own figures of conversations that have ended.
     *
     * @param conversationIds at least one, at most {@link #MOST}
     */
    record MeasureConversations(String commandId, List<String> conversationIds, Instant deadline)
            implements QueryCommand {
        /** The most conversations of one command. */
        public static final int MOST = 100;

        /** Keeps its own copy of the ids. */
        public MeasureConversations {
            conversationIds = List.copyOf(conversationIds);
        }
    }

    private static QueryCommand read(Fields in) {
        String kind = in.text("kind", Fields.MAX_ID);
        String commandId = in.id("commandId");
        Instant deadline = in.time("deadline");
        if (!kind.equals("MeasureConversations")) {
            throw in.unknownKind();
        }
        List<String> conversationIds = in.texts("conversationIds", Fields.MAX_ID);
        if (conversationIds.isEmpty() || conversationIds.size() > MeasureConversations.MOST) {
            in.problem(
                    "conversationIds", Defect.WRONG, "must name 1 to " + MeasureConversations.MOST + " conversations");
        }
        return new MeasureConversations(commandId, conversationIds, deadline);
    }
}
