package io.guestflow.contracts.cxone;

import io.guestflow.contracts.codec.Fields;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What CXone itself tells of a conversation.
 *
 * @param startedAt when it began, if CXone says so
 * @param endedAt when it ended; absent if CXone tells no end, as of a conversation that goes on there
 * @param durationMs how long it took, or has taken
 * @param messages in both directions
 */
public record ConversationFigures(
        String conversationId,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        long durationMs,
        int messages) {
    static ConversationFigures read(Fields in) {
        return new ConversationFigures(
                in.id("conversationId"),
                in.optionalTime("startedAt"),
                in.optionalTime("endedAt"),
                in.whole("durationMs", 0, Fields.MAX_WHOLE),
                in.count("messages", 0));
    }
}
