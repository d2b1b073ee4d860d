package io.guestflow.processor.effects.cxone;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * CXone's own figures of a conversation.
 *
 * @param startedAt null if CXone tells none that can be read
 * @param endedAt likewise; null also for a conversation that goes on
 * @param messages in both directions
 */
public record ConversationDetails(
        String conversationId,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        long durationMs,
        int messages) {}
