package io.guestflow.contracts.session;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.Source;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Something that a session must know of. On {@code session-events}, key {@code conversationId}, in the murmur2 partition
 * of that id, so that one task owns each conversation. The record header {@code origin} names the record that it was
 * made of. Of a webhook nothing but what stands here is passed on.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
public sealed interface SessionEvent {
    /** Version 1. */
    JsonCodec<SessionEvent> CODEC = JsonCodec.of("session-event/1", SessionEventReader::read);

    /** When it happened: not later than an hour after it was recorded. */
    Instant at();

    /** All but {@link Mark}. */
    sealed interface OfConversation extends SessionEvent {
        /** CXone's id of the conversation. */
        String conversationId();
    }

    /** What a webhook told; the rest is guestflow's own. */
    sealed interface OfWebhook extends OfConversation {
        /** The webhook's id, if it had one: the same id is the same event. */
        @Nullable
        String eventId();

        /** The messaging channel, if the webhook named one. */
        @Nullable
        String channelId();

        /** A keyed hash of the webhook's body: tells the same event from another one that uses its id. */
        @Nullable
        String contentHash();

        /** Stands for the guest, if the webhook named one. */
        @Nullable
        String guestRef();
    }

    /**
     * A guest was authenticated, for a new conversation or for one that is live.
     *
     * @param guestPartition the partition of the guest's task: facts go there
     * @param source the record that caused it in auth
     */
    record Opened(
            String conversationId,
            Instant at,
            String guestId,
            int guestPartition,
            String requestId,
            int attempt,
            String requestRef,
            String channelId,
            Dimensions dimensions,
            Consent consent,
            Instant expiresAt,
            Source source)
            implements OfConversation {}

    /**
     * A message was written in the conversation.
     *
     * @param messageId CXone's id of the message, if told: several webhooks can tell of one message
     */
    record MessageSeen(
            String conversationId,
            Instant at,
            @Nullable String eventId,
            @Nullable String messageId,
            Direction direction,
            @Nullable String channelId,
            @Nullable String contentHash,
            @Nullable String guestRef)
            implements OfWebhook {}

    /**
     * The conversation has a status.
     *
     * @param statusUpdatedAt since when: statuses are to be ordered by it, because webhooks overtake each other
     */
    record StatusChanged(
            String conversationId,
            Instant at,
            @Nullable String eventId,
            ConversationStatus status,
            Instant statusUpdatedAt,
            @Nullable String channelId,
            @Nullable String contentHash,
            @Nullable String guestRef)
            implements OfWebhook {}

    /** The guest's connection is gone: neither activity nor an end. */
    record Disconnected(
            String conversationId,
            Instant at,
            @Nullable String eventId,
            @Nullable String channelId,
            @Nullable String contentHash,
            @Nullable String guestRef)
            implements OfWebhook {}

    /**
     * The bot is to be given context.
     *
     * @param context only what the allow-list and the tripwire let pass, scalars
     * @param contextDropped the rest
     */
    record ContextRequested(
            String conversationId, Instant at, Map<String, JsonNode> context, List<ContextDrop> contextDropped)
            implements OfConversation {
        /** Keeps its own copy of the context, in its order, and of the list. */
        public ContextRequested {
            context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
            contextDropped = List.copyOf(contextDropped);
        }
    }

    /** The session is to end now. */
    record Revoked(String conversationId, Instant at, String reason, String requestedBy) implements OfConversation {}

    /**
     * How far one partition of the webhooks has been read; on partition 0 of the events, key
     * {@code mark/intakePartition}. On the others the earliest of those marks stands as that of an only partition, key
     * {@code mark/all}. Behind a mark no event follows that was recorded in that partition before
     * {@code readUntil}, but for one that was on its way to the consumer just then: who relies on it leaves a margin of a
     * second or two.
     *
     * @param intakePartition the partition of {@code cxone-events}
     * @param intakePartitions how many of them there are
     * @param readUntil up to when everything that was recorded has been read
     */
    record Mark(Instant at, int intakePartition, int intakePartitions, Instant readUntil) implements SessionEvent {}
}
