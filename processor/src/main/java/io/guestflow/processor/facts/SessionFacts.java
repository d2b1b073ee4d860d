package io.guestflow.processor.facts;

import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The facts of sessions. */
public final class SessionFacts {
    private SessionFacts() {}

    /**
     * What caused a fact.
     *
     * @param source the record, or the one that opened what a timer looked at
     * @param ordinal 0, or the generation of the timer
     * @param at when it happened
     */
    public record Cause(Source source, long ordinal, Instant at) {}

    /**
     * Whom it happened to.
     *
     * @param guestRef the guest's, or the conversation's id until the guest is known
     */
    public record About(String conversationId, String guestRef, Dimensions dimensions) {}

    /** A session began. */
    public static Fact opened(
            Cause cause, About about, String requestId, int attempt, Instant openedAt, Instant expiresAt) {
        return new Fact.SessionOpened(
                id("SessionOpened", cause),
                cause.at(),
                about.guestRef(),
                about.dimensions(),
                cause.source(),
                about.conversationId(),
                requestId,
                attempt,
                openedAt,
                expiresAt);
    }

    /** Events of a conversation had waited for its guest. */
    public static Fact linked(Cause cause, About about, int heldEvents) {
        return new Fact.GuestLinked(
                id("GuestLinked", cause),
                cause.at(),
                about.guestRef(),
                about.dimensions(),
                cause.source(),
                about.conversationId(),
                heldEvents);
    }

    /**
     * How a session's end was moved, or was not.
     *
     * @param expiresAt the end from now on
     * @param refreshes how often by now
     * @param told whether CXone told a later end
     */
    public record Moved(Instant previous, Instant expiresAt, int refreshes, boolean told) {}

    /** CXone extended the conversation, in so many calls; none if the guest was authenticated again. */
    public static Fact refreshed(Cause cause, About about, Moved moved, int calls, boolean byAuthentication) {
        return new Fact.SessionRefreshed(
                id("SessionRefreshed", cause),
                cause.at(),
                about.guestRef(),
                about.dimensions(),
                cause.source(),
                about.conversationId(),
                moved.expiresAt(),
                moved.previous(),
                moved.refreshes(),
                calls,
                byAuthentication,
                moved.told());
    }

    /** The session will end. */
    public static Fact expiring(Cause cause, About about, Instant expiresAt, @Nullable Instant lastActivityAt) {
        return new Fact.SessionExpiring(
                id("SessionExpiring", cause),
                cause.at(),
                about.guestRef(),
                about.dimensions(),
                cause.source(),
                about.conversationId(),
                expiresAt,
                lastActivityAt);
    }

    /**
     * How a session ended.
     *
     * @param replacedBy the conversation that CXone has instead
     * @param upstreamUntil how long CXone keeps it nevertheless
     * @param detail the revocation's reason, or an error code
     */
    public record Ending(
            EndReason reason,
            Instant openedAt,
            Instant endedAt,
            int refreshes,
            int inbound,
            int outbound,
            @Nullable String replacedBy,
            @Nullable Instant upstreamUntil,
            @Nullable String detail) {}

    /** The session ended. */
    public static Fact ended(Cause cause, About about, Ending ending) {
        return new Fact.SessionEnded(
                id("SessionEnded", cause),
                cause.at(),
                about.guestRef(),
                about.dimensions(),
                cause.source(),
                about.conversationId(),
                ending.reason(),
                ending.openedAt(),
                ending.endedAt(),
                Duration.between(ending.openedAt(), ending.endedAt()).toMillis(),
                ending.refreshes(),
                ending.inbound(),
                ending.outbound(),
                ending.replacedBy(),
                ending.upstreamUntil(),
                ending.detail());
    }

    /** A message was written. */
    public static Fact messageSeen(Cause cause, About about, Direction direction) {
        return new Fact.MessageSeen(
                id("MessageSeen", cause),
                cause.at(),
                about.guestRef(),
                about.dimensions(),
                cause.source(),
                about.conversationId(),
                direction);
    }

    /** The bot of a running conversation was given context, asked for by the request that opened it. */
    public static Fact contextInjected(
            Cause cause, About about, String requestId, int attempt, List<String> contextKeys, int calls) {
        return new Fact.ContextInjected(
                id("ContextInjected", cause),
                cause.at(),
                about.guestRef(),
                about.dimensions(),
                cause.source(),
                requestId,
                attempt,
                about.conversationId(),
                contextKeys,
                calls);
    }

    /** The bot of a running conversation was not given context, and will not be. */
    public static Fact contextFailed(
            Cause cause,
            About about,
            String requestId,
            int attempt,
            List<String> contextKeys,
            ErrorCode code,
            int calls) {
        return new Fact.ContextFailed(
                // Auth numbers the timers of its own injections too, and both may go back to one record.
                id("ContextFailed/session", cause),
                cause.at(),
                about.guestRef(),
                about.dimensions(),
                cause.source(),
                requestId,
                attempt,
                about.conversationId(),
                contextKeys,
                code,
                calls);
    }

    private static String id(String kind, Cause cause) {
        return FactIds.of(kind, cause.source(), cause.ordinal());
    }
}
