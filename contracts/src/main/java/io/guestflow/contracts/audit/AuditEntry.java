package io.guestflow.contracts.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.facts.Source;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an audit record tells. What does not apply is absent. It names keys of the context and never a value, no guest id,
 * and no segment or campaign, which are values of the context too.
 *
 * @param auditId the fact's id: opaque, deterministic, never used for two things
 * @param at when it happened
 * @param event what happened
 * @param guestRef stands for the guest; absent while a session's guest is not known
 * @param conversationId CXone's id of the conversation
 * @param channelId the messaging channel
 * @param requestId the caller's id of the request
 * @param attempt which try at the request, from 1 on
 * @param outcome what a request or a call came to: {@code AUTHENTICATED}, or an error code
 * @param httpStatus CXone's for what succeeded, the answer's for what did not
 * @param latencyMs from the request record's timestamp to the result
 * @param calls HTTP calls made to CXone for it; token calls do not count
 * @param consent what the guest agreed to
 * @param contextKeys the keys of the context; empty if there are none
 * @param contextDropped what was not given to the bot, and why; empty if there is nothing
 * @param details what only some events have
 * @param source what caused it; for a timer's, the record that opened what the timer ended
 */
public record AuditEntry(
        String auditId,
        Instant at,
        AuditEvent event,
        @Nullable String guestRef,
        @Nullable String conversationId,
        @Nullable String channelId,
        @Nullable String requestId,
        @Nullable Integer attempt,
        @Nullable String outcome,
        @Nullable Integer httpStatus,
        @Nullable Long latencyMs,
        @Nullable Integer calls,
        @Nullable Consent consent,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> contextKeys,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ContextDrop> contextDropped,
        @Nullable AuditDetails details,
        Source source) {
    private static final int MAX_KEY = 128;
    private static final int MAX_OUTCOME = 64;

    /** Keeps its own copy of the lists. */
    public AuditEntry {
        contextKeys = List.copyOf(contextKeys);
        contextDropped = List.copyOf(contextDropped);
    }

    static AuditEntry read(Fields in) {
        Fields consent = in.optionalObject("consent");
        Fields details = in.optionalObject("details");
        return new AuditEntry(
                in.id("auditId"),
                in.time("at"),
                in.oneOf("event", AuditEvent.class),
                in.optionalId("guestRef"),
                in.optionalId("conversationId"),
                in.optionalId("channelId"),
                in.optionalId("requestId"),
                in.optionalCount("attempt", 1),
                in.optionalText("outcome", MAX_OUTCOME),
                in.optionalHttpStatus("httpStatus"),
                in.optionalWhole("latencyMs", 0, Fields.MAX_WHOLE),
                in.optionalCount("calls", 0),
                consent == null ? null : Consent.read(consent),
                in.optionalTexts("contextKeys", MAX_KEY),
                in.optionalObjects("contextDropped", ContextDrop::read),
                details == null ? null : AuditDetails.read(details),
                Source.read(in.object("source")));
    }
}
