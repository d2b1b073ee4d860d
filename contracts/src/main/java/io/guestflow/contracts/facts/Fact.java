package io.guestflow.contracts.facts;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.codec.JsonCodec;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, told once, in the transaction that changed the state. On {@code guest-facts}, key
 * {@code guestRef}, in the guest's partition. Carries no guest id: {@code guestRef} stands for it.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
public sealed interface Fact {
    /** Version 1. */
    JsonCodec<Fact> CODEC = JsonCodec.of("guest-fact/1", FactReader::read);

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
}
