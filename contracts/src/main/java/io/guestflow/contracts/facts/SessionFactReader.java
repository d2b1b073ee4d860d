package io.guestflow.contracts.facts;

import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.facts.Fact.ConversationMeasured;
import io.guestflow.contracts.facts.Fact.GuestLinked;
import io.guestflow.contracts.facts.Fact.MessageSeen;
import io.guestflow.contracts.facts.Fact.SessionEnded;
import io.guestflow.contracts.facts.Fact.SessionExpiring;
import io.guestflow.contracts.facts.Fact.SessionOpened;
import io.guestflow.contracts.facts.Fact.SessionRefreshed;

/** Reads the facts of sessions. */
final class SessionFactReader {
    private SessionFactReader() {}

    static SessionOpened opened(Fields in) {
        return new SessionOpened(
                in.id("factId"),
                in.time("at"),
                in.id("guestRef"),
                Dimensions.read(in.object("dimensions")),
                Source.read(in.object("source")),
                in.id("conversationId"),
                in.id("requestId"),
                in.count("attempt", 1),
                in.time("openedAt"),
                in.time("expiresAt"));
    }

    static SessionRefreshed refreshed(Fields in) {
        return new SessionRefreshed(
                in.id("factId"),
                in.time("at"),
                in.id("guestRef"),
                Dimensions.read(in.object("dimensions")),
                Source.read(in.object("source")),
                in.id("conversationId"),
                in.time("expiresAt"),
                in.time("previousExpiresAt"),
                in.count("refreshes", 0),
                in.count("calls", 0),
                in.flag("byAuthentication"),
                in.flag("expiresAtTold"));
    }

    static SessionExpiring expiring(Fields in) {
        return new SessionExpiring(
                in.id("factId"),
                in.time("at"),
                in.id("guestRef"),
                Dimensions.read(in.object("dimensions")),
                Source.read(in.object("source")),
                in.id("conversationId"),
                in.time("expiresAt"),
                in.optionalTime("lastActivityAt"));
    }

    static SessionEnded ended(Fields in) {
        return new SessionEnded(
                in.id("factId"),
                in.time("at"),
                in.id("guestRef"),
                Dimensions.read(in.object("dimensions")),
                Source.read(in.object("source")),
                in.id("conversationId"),
                in.oneOf("endReason", EndReason.class),
                in.time("openedAt"),
                in.time("endedAt"),
                in.whole("durationMs", 0, Fields.MAX_WHOLE),
                in.count("refreshes", 0),
                in.count("inbound", 0),
                in.count("outbound", 0),
                in.optionalId("replacedBy"),
                in.optionalTime("upstreamUntil"),
                in.optionalId("detail"));
    }

    static MessageSeen messageSeen(Fields in) {
        return new MessageSeen(
                in.id("factId"),
                in.time("at"),
                in.id("guestRef"),
                Dimensions.read(in.object("dimensions")),
                Source.read(in.object("source")),
                in.id("conversationId"),
                in.oneOf("direction", Direction.class));
    }

    static GuestLinked guestLinked(Fields in) {
        return new GuestLinked(
                in.id("factId"),
                in.time("at"),
                in.id("guestRef"),
                Dimensions.read(in.object("dimensions")),
                Source.read(in.object("source")),
                in.id("conversationId"),
                in.count("heldEvents", 0));
    }

    static ConversationMeasured measured(Fields in) {
        return new ConversationMeasured(
                in.id("factId"),
                in.time("at"),
                in.id("guestRef"),
                Dimensions.read(in.object("dimensions")),
                Source.read(in.object("source")),
                in.id("conversationId"),
                in.oneOf("state", Measurement.class),
                in.count("asked", 0),
                in.optionalWhole("durationMs", 0, Fields.MAX_WHOLE),
                in.optionalWhole("messages", 0, Integer.MAX_VALUE),
                in.optionalWhole("durationDifferenceMs", -Fields.MAX_WHOLE, Fields.MAX_WHOLE),
                in.optionalWhole("messagesDifference", -Fields.MAX_WHOLE, Fields.MAX_WHOLE));
    }
}
