package io.guestflow.contracts.facts;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.JsonCodec;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, told once, in the transaction that changed the state. On {@code guest-facts}, key
 * {@code guestRef}, in the guest's partition. Carries no guest id: {@code guestRef} stands for it, and the conversation's
 * id while a session's guest is not known.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
public sealed interface Fact {
    /** Version 1. */
    JsonCodec<Fact> CODEC = JsonCodec.of("guest-fact/1", FactReader::read);

    /**
     * Whether the fields are of a kind that a later writer of this version knows and this reader does not. Such a fact is
     * not wrong.
     */
    static boolean isOfUnknownKind(Fields fields) {
        return FactReader.isOfUnknownKind(fields);
    }

    /** Opaque, deterministic, never used for two facts. */
    String factId();

    /** When it happened. */
    Instant at();

    /** Whom it happened to. */
    String guestRef();

    /** What analytics counts by. */
    Dimensions dimensions();

    /** What caused it. */
    Source source();

    /** A guest was authenticated; {@code calls} HTTP calls were made for it. */
    record AuthSucceeded(
            String factId,
            Instant at,
            String guestRef,
            Dimensions dimensions,
            Source source,
            String requestId,
            int attempt,
            String conversationId,
            Instant expiresAt,
            int httpStatus,
            long latencyMs,
            int calls,
            Consent consent,
            List<String> contextKeys,
            List<ContextDrop> contextDropped)
            implements Fact {
        /** Keeps its own copy of the lists. */
        public AuthSucceeded {
            contextKeys = List.copyOf(contextKeys);
            contextDropped = List.copyOf(contextDropped);
        }
    }

    /** A request that may not be served; {@code httpStatus} is the answer's. */
    record AuthRejected(
            String factId,
            Instant at,
            String guestRef,
            Dimensions dimensions,
            Source source,
            String requestId,
            int attempt,
            ErrorCode code,
            int httpStatus,
            long latencyMs,
            int calls,
            @Nullable Consent consent,
            List<String> contextKeys,
            List<ContextDrop> contextDropped)
            implements Fact {
        /** Keeps its own copy of the lists. */
        public AuthRejected {
            contextKeys = List.copyOf(contextKeys);
            contextDropped = List.copyOf(contextDropped);
        }
    }

    /** A request that could not be served; {@code httpStatus} is the answer's. */
    record AuthFailed(
            String factId,
            Instant at,
            String guestRef,
            Dimensions dimensions,
            Source source,
            String requestId,
            int attempt,
            ErrorCode code,
            int httpStatus,
            long latencyMs,
            int calls,
            Consent consent,
            List<String> contextKeys,
            List<ContextDrop> contextDropped)
            implements Fact {
        /** Keeps its own copy of the lists. */
        public AuthFailed {
            contextKeys = List.copyOf(contextKeys);
            contextDropped = List.copyOf(contextDropped);
        }
    }

    /** CXone has a conversation that answered nobody: the caller had been told of a failure by then. */
    record AuthLate(
            String factId,
            Instant at,
            String guestRef,
            Dimensions dimensions,
            Source source,
            String requestId,
            int attempt,
            String conversationId,
            Instant expiresAt,
            int httpStatus,
            int calls)
            implements Fact {}

    /** The bot of a conversation was given context. */
    record ContextInjected(
            String factId,
            Instant at,
            String guestRef,
            Dimensions dimensions,
            Source source,
            String requestId,
            int attempt,
            String conversationId,
            List<String> contextKeys,
            int calls)
            implements Fact {
        /** Keeps its own copy of the lists. */
        public ContextInjected {
            contextKeys = List.copyOf(contextKeys);
        }
    }

    /** The bot of a conversation was not given context, and will not be. */
    record ContextFailed(
            String factId,
            Instant at,
            String guestRef,
            Dimensions dimensions,
            Source source,
            String requestId,
            int attempt,
            String conversationId,
            List<String> contextKeys,
            ErrorCode code,
            int calls)
            implements Fact {
        /** Keeps its own copy of the lists. */
        public ContextFailed {
            contextKeys = List.copyOf(contextKeys);
        }
    }

    /** A session began; {@code guestRef}, as in all facts of sessions, is the conversation's id until the guest is known. */
    record SessionOpened(
            String factId,
            Instant at,
            String guestRef,
            Dimensions dimensions,
            Source source,
            String conversationId,
            String requestId,
            int attempt,
            Instant openedAt,
            Instant expiresAt)
            implements Fact {}

    /**
     * A session's end was moved.
     *
     * @param refreshes how often by now
     * @param byAuthentication whether the guest was authenticated again, and no call was made for it
     * @param expiresAtTold false if CXone told no end, or one that had passed, and the one known before stays
     */
    record SessionRefreshed(
            String factId,
            Instant at,
            String guestRef,
            Dimensions dimensions,
            Source source,
            String conversationId,
            Instant expiresAt,
            Instant previousExpiresAt,
            int refreshes,
            int calls,
            boolean byAuthentication,
            boolean expiresAtTold)
            implements Fact {}

    /** A session will end at {@code expiresAt}: its guest is idle. */
    record SessionExpiring(
            String factId,
            Instant at,
            String guestRef,
            Dimensions dimensions,
            Source source,
            String conversationId,
            Instant expiresAt,
            @Nullable Instant lastActivityAt)
            implements Fact {}

    /**
     * A session ended.
     *
     * @param durationMs from the opening to the end
     * @param inbound messages of the guest
     * @param outbound messages to the guest
     * @param replacedBy the conversation that CXone has instead
     * @param upstreamUntil how long CXone keeps the conversation, if it could not be ended there
     * @param detail more about the reason: a revocation's own reason, or an error code
     */
    record SessionEnded(
            String factId,
            Instant at,
            String guestRef,
            Dimensions dimensions,
            Source source,
            String conversationId,
            EndReason endReason,
            Instant openedAt,
            Instant endedAt,
            long durationMs,
            int refreshes,
            int inbound,
            int outbound,
            @Nullable String replacedBy,
            @Nullable Instant upstreamUntil,
            @Nullable String detail)
            implements Fact {}

    /** A message was written; not audited. */
    record MessageSeen(
            String factId,
            Instant at,
            String guestRef,
            Dimensions dimensions,
            Source source,
            String conversationId,
            Direction direction)
            implements Fact {}

    /** A conversation whose events came first has a guest now; {@code heldEvents} events had waited for it. */
    record GuestLinked(
            String factId,
            Instant at,
            String guestRef,
            Dimensions dimensions,
            Source source,
            String conversationId,
            int heldEvents)
            implements Fact {}

    /**
     * CXone was asked for its own figures of a conversation that had ended, and this is what came of it.
     *
     * @param state whether it told them
     * @param asked how often it was asked and answered
     * @param durationMs CXone's; absent, like the three others, unless it told them
     * @param messages CXone's, in both directions
     * @param durationDifferenceMs CXone's less ours
     * @param messagesDifference CXone's less ours
     */
    record ConversationMeasured(
            String factId,
            Instant at,
            String guestRef,
            Dimensions dimensions,
            Source source,
            String conversationId,
            Measurement state,
            int asked,
            @Nullable Long durationMs,
            @Nullable Long messages,
            @Nullable Long durationDifferenceMs,
            @Nullable Long messagesDifference)
            implements Fact {}
}
