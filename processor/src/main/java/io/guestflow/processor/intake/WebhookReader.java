package io.guestflow.processor.intake;

import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.contracts.codec.Problem;
import io.guestflow.contracts.codec.Problem.Defect;
import io.guestflow.contracts.codec.StrictJson;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.session.ConversationStatus;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.intake.EventTypes.Meaning;
import io.guestflow.processor.intake.WebhookReading.Ignored;
import io.guestflow.processor.intake.WebhookReading.Reason;
import io.guestflow.processor.intake.WebhookReading.Told;
import io.guestflow.processor.intake.WebhookReading.Unknown;
import io.guestflow.processor.wire.Uuids;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a webhook means: {@code (body, headers, time of the record) → reading}. Strict about the text (UTF-8, size, depth,
 * duplicate keys), loose about what is in it.
 *
 * <ul>
 *   <li>A message event is a message, in its direction.
 *   <li>Any event's snapshot of the case has a status, and since when; statuses are to be ordered by that time. The
 *       name {@code *StatusChanged} only says that there must be one.
 *   <li>A message event's snapshot is told on only if the case is over: that its webhook was lost must not keep a session
 *       alive, and any other status would be told twice for every message, to change nothing.
 * </ul>
 *
 * <p>Threading: immutable, may be shared.
 */
final class WebhookReader {
    /** What violations call a webhook. */
    static final String SCHEMA = "cxone-event";

    private final IntakeRules rules;
    private final GuestRefs refs;

    WebhookReader(IntakeRules rules, GuestRefs refs) {
        this.rules = rules;
        this.refs = refs;
    }

    /**
     * Reads one.
     *
     * @throws ContractViolation if it cannot be read, or does not hold the event itself
     */
    WebhookReading read(byte @Nullable [] body, Headers headers, Instant recordedAt) {
        ObjectNode object = StrictJson.object(SCHEMA, JsonCodec.MAX_BYTES, body);
        Envelope envelope = Envelope.of(headers, object);
        String type = type(envelope);
        Meaning meaning = type == null ? null : EventTypes.meaning(type);
        if (type == null || meaning == null) {
            return new Unknown();
        }
        if (meaning == Meaning.IN_S3) {
            throw new ContractViolation(
                    SCHEMA,
                    List.of(
                            new Problem(
                                    "eventType",
                                    Defect.TOO_LARGE,
                                    "must be the event itself: CXone put it into S3, and guestflow fetches nothing from there")));
        }
        ObjectNode payload = envelope.payload();
        WebhookShape shape = type.startsWith("conversation.") ? new FlatEvent(payload) : DigitalEvent.of(payload);
        String channelId = shape.channelId();
        if (channelId != null
                && !rules.channelsAllowed().isEmpty()
                && !rules.channelsAllowed().contains(channelId)) {
            return new Ignored(type, Reason.CHANNEL);
        }
        String conversationId = conversationId(shape);
        if (conversationId == null) {
            return new Ignored(type, Reason.NO_CONVERSATION);
        }
        Direction direction = direction(shape.direction());
        if (meaning == Meaning.MESSAGE && direction == null) {
            return new Ignored(type, Reason.NO_DIRECTION);
        }
        EventTimes times = new EventTimes(recordedAt);
        Instant at = times.first(shape.preciseTime(), shape.time(), envelope.time());
        Subject subject = new Subject(
                conversationId,
                at,
                eventId(envelope),
                channelId,
                refs.contentHash(Objects.requireNonNull(body, "null is no object")),
                guestRef(shape.guestId()));
        List<SessionEvent.OfWebhook> events = events(meaning, shape, direction, subject, times);
        return events.isEmpty() ? new Ignored(type, Reason.NOTHING_TOLD) : new Told(type, events, times.replaced());
    }

    /** What all events of a webhook have in common. */
    private record Subject(
            String conversationId,
            Instant at,
            @Nullable String eventId,
            @Nullable String channelId,
            String contentHash,
            @Nullable String guestRef) {

        SessionEvent.MessageSeen message(@Nullable String messageId, Direction direction) {
            return new SessionEvent.MessageSeen(
                    conversationId, at, eventId, messageId, direction, channelId, contentHash, guestRef);
        }

        SessionEvent.StatusChanged status(ConversationStatus status, Instant since) {
            return new SessionEvent.StatusChanged(
                    conversationId, at, eventId, status, since, channelId, contentHash, guestRef);
        }

        /** Beside another event of the same id, which it must not be taken for a duplicate of. */
        SessionEvent.StatusChanged statusBesides(ConversationStatus status, Instant since) {
            return new SessionEvent.StatusChanged(
                    conversationId, at, null, status, since, channelId, contentHash, guestRef);
        }

        SessionEvent.Disconnected disconnected() {
            return new SessionEvent.Disconnected(conversationId, at, eventId, channelId, contentHash, guestRef);
        }
    }

    private static List<SessionEvent.OfWebhook> events(
            Meaning meaning, WebhookShape shape, @Nullable Direction direction, Subject subject, EventTimes times) {
        return switch (meaning) {
            case STARTED -> List.of(subject.status(ConversationStatus.OPEN, subject.at()));
            case ENDED -> List.of(subject.status(ConversationStatus.CLOSED, subject.at()));
            case DISCONNECTED -> List.of(subject.disconnected());
            case MESSAGE -> {
                List<SessionEvent.OfWebhook> events = new ArrayList<>(2);
                if (direction != null) {
                    events.add(subject.message(shape.messageId(), direction));
                }
                ConversationStatus status = status(shape.status());
                String since = shape.statusUpdatedAt();
                Instant credible = since == null ? null : times.credible(since);
                if (credible != null && (status == ConversationStatus.CLOSED || status == ConversationStatus.TRASHED)) {
                    events.add(subject.statusBesides(status, credible));
                }
                yield events;
            }
            case STATUS -> {
                ConversationStatus status = status(shape.status());
                String since = shape.statusUpdatedAt();
                yield status == null
                        ? List.of()
                        : List.of(subject.status(status, since == null ? subject.at() : times.first(since)));
            }
            case NOTHING, IN_S3 -> {
                ConversationStatus status = status(shape.status());
                String since = shape.statusUpdatedAt();
                // Without a time of its own a snapshot cannot be ordered: the event's time is not the status's.
                Instant credible = since == null ? null : times.credible(since);
                yield status == null || credible == null ? List.of() : List.of(subject.status(status, credible));
            }
        };
    }

    private static @Nullable String type(Envelope envelope) {
        ObjectNode payload = envelope.payload();
        return Loose.first(Loose.first(Loose.text(payload, "eventType"), Loose.text(payload, "type")), envelope.type());
    }

    private @Nullable String conversationId(WebhookShape shape) {
        for (ConversationIdSource source : rules.conversationIdFrom()) {
            String id = shape.idFrom(source);
            if (id != null) {
                return id;
            }
        }
        return null;
    }

    private static @Nullable String eventId(Envelope envelope) {
        String own = Loose.key(envelope.payload(), "eventId");
        return own != null || envelope.id() == null ? own : Uuids.lowerCase(envelope.id());
    }

    private @Nullable String guestRef(@Nullable String guestId) {
        return guestId == null ? null : refs.guestRef(guestId);
    }

    private static @Nullable Direction direction(@Nullable String text) {
        if ("inbound".equalsIgnoreCase(text)) {
            return Direction.INBOUND;
        }
        return "outbound".equalsIgnoreCase(text) ? Direction.OUTBOUND : null;
    }

    private static @Nullable ConversationStatus status(@Nullable String text) {
        if (text == null) {
            return null;
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "new" -> ConversationStatus.NEW;
            case "open" -> ConversationStatus.OPEN;
            case "pending" -> ConversationStatus.PENDING;
            case "escalated" -> ConversationStatus.ESCALATED;
            case "resolved" -> ConversationStatus.RESOLVED;
            case "closed" -> ConversationStatus.CLOSED;
            case "trashed" -> ConversationStatus.TRASHED;
            default -> ConversationStatus.UNKNOWN;
        };
    }
}
