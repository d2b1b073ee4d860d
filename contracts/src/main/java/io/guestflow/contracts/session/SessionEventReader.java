package io.guestflow.contracts.session;

import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.Source;
import io.guestflow.contracts.session.SessionEvent.ContextRequested;
import io.guestflow.contracts.session.SessionEvent.Disconnected;
import io.guestflow.contracts.session.SessionEvent.Mark;
import io.guestflow.contracts.session.SessionEvent.MessageSeen;
import io.guestflow.contracts.session.SessionEvent.Opened;
import io.guestflow.contracts.session.SessionEvent.Revoked;
import io.guestflow.contracts.session.SessionEvent.StatusChanged;

/** Reads the variants; a kind that it does not know is a violation of {@code kind}. */
final class SessionEventReader {
    private SessionEventReader() {}

    static SessionEvent read(Fields in) {
        return switch (in.text("kind", Fields.MAX_ID)) {
            case "Opened" -> opened(in);
            case "MessageSeen" -> messageSeen(in);
            case "StatusChanged" -> statusChanged(in);
            case "Disconnected" -> disconnected(in);
            case "ContextRequested" ->
                new ContextRequested(
                        in.id("conversationId"),
                        in.time("at"),
                        in.scalars("context"),
                        in.objects("contextDropped", ContextDrop::read));
            case "Revoked" ->
                new Revoked(
                        in.id("conversationId"),
                        in.time("at"),
                        in.text("reason", SessionRevocation.MAX_REASON),
                        in.id("requestedBy"));
            case "Mark" ->
                new Mark(
                        in.time("at"),
                        in.count("intakePartition", 0),
                        in.count("intakePartitions", 1),
                        in.time("readUntil"));
            default -> throw in.unknownKind();
        };
    }

    private static Opened opened(Fields in) {
        return new Opened(
                in.id("conversationId"),
                in.time("at"),
                in.id("guestId"),
                in.count("guestPartition", 0),
                in.id("requestId"),
                in.count("attempt", 1),
                in.id("requestRef"),
                in.id("channelId"),
                Dimensions.read(in.object("dimensions")),
                Consent.read(in.object("consent")),
                in.time("expiresAt"),
                Source.read(in.object("source")));
    }

    private static MessageSeen messageSeen(Fields in) {
        return new MessageSeen(
                in.id("conversationId"),
                in.time("at"),
                in.optionalId("eventId"),
                in.optionalId("messageId"),
                in.oneOf("direction", Direction.class),
                in.optionalId("channelId"),
                in.optionalId("contentHash"),
                in.optionalId("guestRef"));
    }

    private static StatusChanged statusChanged(Fields in) {
        return new StatusChanged(
                in.id("conversationId"),
                in.time("at"),
                in.optionalId("eventId"),
                in.oneOf("status", ConversationStatus.class),
                in.time("statusUpdatedAt"),
                in.optionalId("channelId"),
                in.optionalId("contentHash"),
                in.optionalId("guestRef"));
    }

    private static Disconnected disconnected(Fields in) {
        return new Disconnected(
                in.id("conversationId"),
                in.time("at"),
                in.optionalId("eventId"),
                in.optionalId("channelId"),
                in.optionalId("contentHash"),
                in.optionalId("guestRef"));
    }
}
