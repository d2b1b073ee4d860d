package io.guestflow.processor.audit;

import io.guestflow.contracts.audit.AuditDetails;
import io.guestflow.contracts.audit.AuditEntry;
import io.guestflow.contracts.audit.AuditEvent;
import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.facts.Fact;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the audit tells of a fact. Of the dimensions it takes the channel: segment and campaign are values of the context,
 * of which it names keys only.
 */
final class AuditEntries {
    private static final String AUTHENTICATED = "AUTHENTICATED";

    private AuditEntries() {}

    /** The entry; none for a message, which is no decision. */
    static Optional<AuditEntry> of(Fact fact) {
        return switch (fact) {
            case Fact.AuthSucceeded it ->
                entry(
                        it,
                        AuditEvent.AUTH_SUCCEEDED,
                        it.conversationId(),
                        new Request(it.requestId(), it.attempt(), AUTHENTICATED),
                        new Calls(it.httpStatus(), it.latencyMs(), it.calls()),
                        new Given(it.consent(), it.contextKeys(), it.contextDropped()),
                        Details.expires(it.expiresAt()));
            case Fact.AuthRejected it ->
                entry(
                        it,
                        AuditEvent.AUTH_REJECTED,
                        null,
                        new Request(it.requestId(), it.attempt(), it.code().name()),
                        new Calls(it.httpStatus(), it.latencyMs(), it.calls()),
                        new Given(it.consent(), it.contextKeys(), it.contextDropped()),
                        null);
            case Fact.AuthFailed it ->
                entry(
                        it,
                        AuditEvent.AUTH_FAILED,
                        null,
                        new Request(it.requestId(), it.attempt(), it.code().name()),
                        new Calls(it.httpStatus(), it.latencyMs(), it.calls()),
                        new Given(it.consent(), it.contextKeys(), it.contextDropped()),
                        null);
            case Fact.AuthLate it ->
                entry(
                        it,
                        AuditEvent.AUTH_LATE,
                        it.conversationId(),
                        new Request(it.requestId(), it.attempt(), null),
                        new Calls(it.httpStatus(), null, it.calls()),
                        Given.NOTHING,
                        Details.expires(it.expiresAt()));
            case Fact.ContextInjected it ->
                entry(
                        it,
                        AuditEvent.CONTEXT_INJECTED,
                        it.conversationId(),
                        new Request(it.requestId(), it.attempt(), null),
                        new Calls(null, null, it.calls()),
                        Given.context(it.contextKeys()),
                        null);
            case Fact.ContextFailed it ->
                entry(
                        it,
                        AuditEvent.CONTEXT_FAILED,
                        it.conversationId(),
                        new Request(it.requestId(), it.attempt(), it.code().name()),
                        new Calls(null, null, it.calls()),
                        Given.context(it.contextKeys()),
                        null);
            case Fact.SessionOpened it ->
                entry(
                        it,
                        AuditEvent.SESSION_OPENED,
                        it.conversationId(),
                        new Request(it.requestId(), it.attempt(), null),
                        Calls.NONE,
                        Given.NOTHING,
                        Details.of(it));
            case Fact.SessionRefreshed it ->
                entry(
                        it,
                        AuditEvent.SESSION_REFRESHED,
                        it.conversationId(),
                        Request.NONE,
                        new Calls(null, null, it.calls()),
                        Given.NOTHING,
                        Details.of(it));
            case Fact.SessionExpiring it ->
                entry(
                        it,
                        AuditEvent.SESSION_EXPIRING,
                        it.conversationId(),
                        Request.NONE,
                        Calls.NONE,
                        Given.NOTHING,
                        Details.of(it));
            case Fact.SessionEnded it ->
                entry(
                        it,
                        AuditEvent.SESSION_ENDED,
                        it.conversationId(),
                        Request.NONE,
                        Calls.NONE,
                        Given.NOTHING,
                        Details.of(it));
            case Fact.GuestLinked it ->
                entry(
                        it,
                        AuditEvent.GUEST_LINKED,
                        it.conversationId(),
                        Request.NONE,
                        Calls.NONE,
                        Given.NOTHING,
                        Details.of(it));
            case Fact.ConversationMeasured it ->
                entry(
                        it,
                        AuditEvent.CONVERSATION_MEASURED,
                        it.conversationId(),
                        new Request(null, null, it.state().name()),
                        Calls.NONE,
                        Given.NOTHING,
                        Details.of(it));
            case Fact.MessageSeen ignored -> Optional.empty();
        };
    }

    /** Whose request it was, and what it came to. */
    private record Request(
            @Nullable String id,
            @Nullable Integer attempt,
            @Nullable String outcome) {
        static final Request NONE = new Request(null, null, null);
    }

    /** What was asked of CXone. */
    private record Calls(
            @Nullable Integer httpStatus,
            @Nullable Long latencyMs,
            @Nullable Integer count) {
        static final Calls NONE = new Calls(null, null, null);
    }

    /** What the guest agreed to and brought along. */
    private record Given(@Nullable Consent consent, List<String> keys, List<ContextDrop> dropped) {
        static final Given NOTHING = new Given(null, List.of(), List.of());

        static Given context(List<String> keys) {
            return new Given(null, keys, List.of());
        }
    }

    private static Optional<AuditEntry> entry(
            Fact fact,
            AuditEvent event,
            @Nullable String conversationId,
            Request request,
            Calls calls,
            Given given,
            @Nullable AuditDetails details) {
        return Optional.of(new AuditEntry(
                fact.factId(),
                fact.at(),
                event,
                // A session whose guest is not known yet has its conversation's id in this place.
                fact.guestRef().equals(conversationId) ? null : fact.guestRef(),
                conversationId,
                fact.dimensions().channelId(),
                request.id(),
                request.attempt(),
                request.outcome(),
                calls.httpStatus(),
                calls.latencyMs(),
                calls.count(),
                given.consent(),
                given.keys(),
                given.dropped(),
                details,
                fact.source()));
    }
}
