package io.guestflow.processor.session;

import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.Source;
import io.guestflow.contracts.session.ConversationStatus;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.contracts.session.SessionOutcome;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.facts.RefKey;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** Rules, events and outcomes that tests share: one conversation, of one guest. */
final class Given {
    static final Instant START = Instant.parse("2026-11-22T07:00:00.000Z");
    static final Duration LIFETIME = Duration.ofMinutes(15);
    static final String CONVERSATION = "conv-1";
    static final GuestRefs REFS = new GuestRefs(new RefKey("k1", new byte[32]));
    static final SessionRules RULES = new SessionRules(
            Duration.ofMinutes(5),
            Duration.ofHours(12),
            Duration.ofHours(2),
            false,
            Duration.ofHours(1),
            1_000,
            Duration.ofSeconds(60),
            false,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5));
    static final SessionRules CLOSING = new SessionRules(
            RULES.refreshThreshold(),
            RULES.maxLifetime(),
            RULES.tombstoneAfter(),
            false,
            RULES.heldFor(),
            RULES.heldMost(),
            RULES.contextRetryFor(),
            true,
            RULES.clockSkew(),
            RULES.callTime(),
            RULES.webhooksMayLag());

    private Given() {}

    static SessionRules lasting(Duration maxLifetime) {
        return new SessionRules(
                RULES.refreshThreshold(),
                maxLifetime,
                RULES.tombstoneAfter(),
                false,
                RULES.heldFor(),
                RULES.heldMost(),
                RULES.contextRetryFor(),
                false,
                RULES.clockSkew(),
                RULES.callTime(),
                RULES.webhooksMayLag());
    }

    static SessionRules holding(int most) {
        return new SessionRules(
                RULES.refreshThreshold(),
                RULES.maxLifetime(),
                RULES.tombstoneAfter(),
                false,
                RULES.heldFor(),
                most,
                RULES.contextRetryFor(),
                false,
                RULES.clockSkew(),
                RULES.callTime(),
                RULES.webhooksMayLag());
    }

    /** Nothing is in the way. */
    static Turn.Surroundings surroundings(Instant webhooksReadUntil) {
        return new Turn.Surroundings(webhooksReadUntil, true, true);
    }

    static SessionEvent.Opened opened(Instant at, Instant expiresAt) {
        return opened(CONVERSATION, at, expiresAt, at.toEpochMilli());
    }

    static SessionEvent.Opened opened(String conversation, Instant at, Instant expiresAt, long offset) {
        return new SessionEvent.Opened(
                conversation,
                at,
                "guest-1",
                3,
                "r1",
                1,
                "k1.ref",
                "web",
                new Dimensions("web", "anonymous", "organic"),
                new Consent(true, at, "v2.1"),
                expiresAt,
                new Source("cxone-auth-outcomes", 3, offset));
    }

    static SessionEvent.MessageSeen inbound(String eventId, Instant at) {
        return message(eventId, null, Direction.INBOUND, at);
    }

    static SessionEvent.MessageSeen outbound(String eventId, Instant at) {
        return message(eventId, null, Direction.OUTBOUND, at);
    }

    static SessionEvent.MessageSeen message(
            @Nullable String eventId, @Nullable String messageId, Direction direction, Instant at) {
        return message(CONVERSATION, eventId, messageId, direction, at, "content-of-" + eventId);
    }

    static SessionEvent.MessageSeen message(
            String conversation,
            @Nullable String eventId,
            @Nullable String messageId,
            Direction direction,
            Instant at,
            @Nullable String contentHash) {
        return new SessionEvent.MessageSeen(conversation, at, eventId, messageId, direction, "web", contentHash, null);
    }

    static SessionEvent.StatusChanged status(String eventId, ConversationStatus status, Instant since) {
        return new SessionEvent.StatusChanged(
                CONVERSATION, since, eventId, status, since, "web", "content-of-" + eventId, null);
    }

    static SessionEvent.Disconnected disconnected(Instant at) {
        return new SessionEvent.Disconnected(CONVERSATION, at, "e-gone", "web", null, null);
    }

    static SessionEvent.Revoked revoked(Instant at) {
        return new SessionEvent.Revoked(CONVERSATION, at, "CONSENT_WITHDRAWN", "portal");
    }

    static SessionEvent.ContextRequested context(Instant at, String... pairs) {
        return new SessionEvent.ContextRequested(CONVERSATION, at, scalars(pairs), List.of());
    }

    static Map<String, JsonNode> scalars(String... pairs) {
        Map<String, JsonNode> context = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            context.put(pairs[i], new StringNode(pairs[i + 1]));
        }
        return context;
    }

    static SessionOutcome extended(SessionCommand command, @Nullable Instant expiresAt, Instant at) {
        return extended(command, command.conversationId(), expiresAt, at);
    }

    static SessionOutcome extended(SessionCommand command, String answered, @Nullable Instant expiresAt, Instant at) {
        return new SessionOutcome.Extended(
                command.commandId(), command.conversationId(), answered, expiresAt, 200, 1, at);
    }

    static SessionOutcome failed(SessionCommand command, ErrorCode code, @Nullable Integer retryAfter, Instant at) {
        return new SessionOutcome.CallFailed(
                command.commandId(), command.conversationId(), code, null, "it failed", retryAfter, 1, at);
    }

    static SessionOutcome gone(SessionCommand command, Instant at) {
        return new SessionOutcome.Gone(command.commandId(), command.conversationId(), 404, 1, at);
    }

    static SessionOutcome contextAccepted(SessionCommand command, Instant at) {
        return new SessionOutcome.ContextAccepted(command.commandId(), command.conversationId(), 200, 1, at);
    }

    static SessionOutcome closed(SessionCommand command, Instant at) {
        return new SessionOutcome.ConversationClosed(command.commandId(), command.conversationId(), 200, 1, at);
    }
}
