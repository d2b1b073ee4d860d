package io.guestflow.processor.intake;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The flat shape: everything stands at the top, under its own name. */
record FlatEvent(ObjectNode payload) implements WebhookShape {
    @Override
    public @Nullable String idFrom(ConversationIdSource source) {
        return Loose.key(payload, source.field());
    }

    @Override
    public @Nullable String channelId() {
        return Loose.id(payload, "channelId");
    }

    @Override
    public @Nullable String guestId() {
        return Loose.id(payload, "guestId");
    }

    @Override
    public @Nullable String messageId() {
        return Loose.key(payload, "messageId");
    }

    @Override
    public @Nullable String direction() {
        return Loose.text(payload, "direction");
    }

    @Override
    public @Nullable String preciseTime() {
        return Loose.text(payload, "occurredAt");
    }

    @Override
    public @Nullable String time() {
        return Loose.text(payload, "createdAt");
    }

    @Override
    public @Nullable String status() {
        return null;
    }

    @Override
    public @Nullable String statusUpdatedAt() {
        return null;
    }
}
