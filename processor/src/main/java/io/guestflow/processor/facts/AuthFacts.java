package io.guestflow.processor.facts;

import io.guestflow.contracts.auth.AuthStatus;
import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The facts of authentication.
 *
 * <p>Threading: immutable, may be shared.
 */
public final class AuthFacts {
    private final GuestRefs refs;

    /** Facts tell guests by these references. */
    public AuthFacts(GuestRefs refs) {
        this.refs = refs;
    }

    /**
     * What all facts of one decision share.
     *
     * @param source the record that caused them, or that opened what a timer ended
     * @param ordinal 0, or the generation of the timer
     */
    public record Cause(Source source, long ordinal, Instant at, String guestId, Dimensions dimensions) {}

    /** What was asked for. */
    public record Asked(
            String requestId,
            int attempt,
            @Nullable Consent consent,
            List<String> contextKeys,
            List<ContextDrop> contextDropped) {}

    /** A guest was authenticated. */
    public Fact succeeded(
            Cause cause,
            Asked asked,
            Consent consent,
            GuestAuthResult.Authenticated result,
            int httpStatus,
            int calls) {
        return new Fact.AuthSucceeded(
                id("AuthSucceeded", cause),
                cause.at(),
                refs.guestRef(cause.guestId()),
                cause.dimensions(),
                cause.source(),
                asked.requestId(),
                asked.attempt(),
                result.conversationId(),
                result.expiresAt(),
                httpStatus,
                result.latencyMs(),
                calls,
                consent,
                asked.contextKeys(),
                asked.contextDropped());
    }

    /** A guest was not authenticated: rejected or failed, as the code says. */
    public Fact notAuthenticated(Cause cause, Asked asked, GuestAuthResult.NotAuthenticated result, int calls) {
        ErrorCode code = result.error().code();
        String guestRef = refs.guestRef(cause.guestId());
        Consent consent = asked.consent();
        if (code.status() == AuthStatus.REJECTED || consent == null) {
            return new Fact.AuthRejected(
                    id("AuthRejected", cause),
                    cause.at(),
                    guestRef,
                    cause.dimensions(),
                    cause.source(),
                    asked.requestId(),
                    asked.attempt(),
                    code,
                    code.httpStatus(),
                    result.latencyMs(),
                    calls,
                    consent,
                    asked.contextKeys(),
                    asked.contextDropped());
        }
        return new Fact.AuthFailed(
                id("AuthFailed", cause),
                cause.at(),
                guestRef,
                cause.dimensions(),
                cause.source(),
                asked.requestId(),
                asked.attempt(),
                code,
                code.httpStatus(),
                result.latencyMs(),
                calls,
                consent,
                asked.contextKeys(),
                asked.contextDropped());
    }

    /** CXone has a conversation that answered nobody. */
    public Fact late(
            Cause cause,
            String requestId,
            int attempt,
            String conversationId,
            Instant expiresAt,
            int httpStatus,
            int calls) {
        return new Fact.AuthLate(
                id("AuthLate", cause),
                cause.at(),
                refs.guestRef(cause.guestId()),
                cause.dimensions(),
                cause.source(),
                requestId,
                attempt,
                conversationId,
                expiresAt,
                httpStatus,
                calls);
    }

    /** The bot was given context. */
    public Fact contextInjected(
            Cause cause, String requestId, int attempt, String conversationId, List<String> contextKeys, int calls) {
        return new Fact.ContextInjected(
                id("ContextInjected", cause),
                cause.at(),
                refs.guestRef(cause.guestId()),
                cause.dimensions(),
                cause.source(),
                requestId,
                attempt,
                conversationId,
                contextKeys,
                calls);
    }

    /** The bot was not given context, and will not be. */
    public Fact contextFailed(
            Cause cause,
            String requestId,
            int attempt,
            String conversationId,
            List<String> contextKeys,
            ErrorCode code,
            int calls) {
        return new Fact.ContextFailed(
                id("ContextFailed", cause),
                cause.at(),
                refs.guestRef(cause.guestId()),
                cause.dimensions(),
                cause.source(),
                requestId,
                attempt,
                conversationId,
                contextKeys,
                code,
                calls);
    }

    private static String id(String kind, Cause cause) {
        return FactIds.of(kind, cause.source(), cause.ordinal());
    }
}
