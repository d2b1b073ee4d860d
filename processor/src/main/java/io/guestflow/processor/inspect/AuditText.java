package io.guestflow.processor.inspect;

import io.guestflow.contracts.audit.AuditDetails;
import io.guestflow.contracts.audit.AuditEntry;
import io.guestflow.contracts.audit.AuditRecord;
import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.facts.Source;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One audit record for a person: the time, what happened, and all that is known of it. */
final class AuditText {
    private AuditText() {}

    static String line(AuditRecord.Entry entry) {
        AuditEntry content = entry.content();
        List<String> parts = new ArrayList<>();
        add(parts, "", content.outcome());
        add(parts, "conversation ", content.conversationId());
        add(parts, "request ", content.requestId());
        add(parts, "attempt ", content.attempt());
        add(parts, "guest ", content.guestRef());
        add(parts, "channel ", content.channelId());
        add(parts, "HTTP ", content.httpStatus());
        if (content.latencyMs() != null) {
            parts.add(content.latencyMs() + " ms");
        }
        if (content.calls() != null) {
            parts.add(content.calls() + (content.calls() == 1 ? " call" : " calls"));
        }
        if (content.consent() != null) {
            parts.add(consent(content.consent()));
        }
        if (!content.contextKeys().isEmpty()) {
            parts.add("context " + String.join(" ", content.contextKeys()));
        }
        if (!content.contextDropped().isEmpty()) {
            parts.add("dropped " + dropped(content.contextDropped()));
        }
        if (content.details() != null) {
            addDetails(parts, content.details());
        }
        Source source = content.source();
        parts.add("because of " + source.topic() + "/" + source.partition() + "/" + source.offset());
        parts.add("number " + entry.chain().seq() + " of " + entry.chain().partition());
        return visible("%s  %-17s  %s".formatted(time(content.at()), content.event(), String.join(", ", parts)));
    }

    /** Ids are the callers' own: none may begin a line, move the cursor, or turn the order of what is read. */
    private static String visible(String line) {
        StringBuilder visible = new StringBuilder(line.length());
        line.codePoints().forEach(character -> {
            switch (Character.getType(character)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR,
                        Character.PRIVATE_USE,
                        Character.SURROGATE,
                        Character.UNASSIGNED -> visible.append("\\u{%x}".formatted(character));
                default -> visible.appendCodePoint(character);
            }
        });
        return visible.toString();
    }

    private static void addDetails(List<String> parts, AuditDetails details) {
        add(parts, "", details.endReason());
        add(parts, "", details.detail());
        add(parts, "opened ", time(details.openedAt()));
        add(parts, "ended ", time(details.endedAt()));
        add(parts, "expires ", time(details.expiresAt()));
        add(parts, "before that ", time(details.previousExpiresAt()));
        add(parts, "last activity ", time(details.lastActivityAt()));
        add(parts, "refreshes ", details.refreshes());
        if (Boolean.TRUE.equals(details.byAuthentication())) {
            parts.add("by another authentication");
        }
        if (Boolean.FALSE.equals(details.expiresAtTold())) {
            parts.add("CXone told no later end");
        }
        add(parts, "messages in ", details.inbound());
        add(parts, "out ", details.outbound());
        add(parts, "replaced by ", details.replacedBy());
        add(parts, "CXone keeps it until ", time(details.upstreamUntil()));
        add(parts, "events that had waited ", details.heldEvents());
    }

    private static String consent(Consent consent) {
        String text = consent.accepted() ? "consent accepted" : "consent not accepted";
        if (consent.policyVersion() != null) {
            text += " to " + consent.policyVersion();
        }
        return consent.timestamp() == null ? text : text + " at " + time(consent.timestamp());
    }

    private static String dropped(List<ContextDrop> dropped) {
        return dropped.stream().map(drop -> drop.key() + " " + drop.reason()).collect(Collectors.joining("; "));
    }

    private static @Nullable String time(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    private static void add(List<String> parts, String name, @Nullable Object value) {
        if (value != null) {
            parts.add(name + value);
        }
    }
}
