package io.guestflow.processor.intake;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * CXone's digital envelope. The conversation is {@code data.case}, {@code data.contact} where the newer name is used, and
 * {@code data.consumerContact} in answers to the guest's side. Events without any of them still have some of its ids in
 * {@code data.message} or {@code data.thread}.
 *
 * @param envelope what has the event's own times
 * @param conversation the case by any of its names
 */
record DigitalEvent(
        ObjectNode envelope,
        ObjectNode data,
        @Nullable ObjectNode conversation,
        @Nullable ObjectNode message,
        @Nullable ObjectNode thread)
        implements WebhookShape {

    static DigitalEvent of(ObjectNode payload) {
        // A CloudEvent whose own attributes tell the type may carry the members of data only.
        ObjectNode inner = Loose.object(payload, "data");
        ObjectNode data = inner == null ? payload : inner;
        ObjectNode conversation = Loose.object(data, "case");
        if (conversation == null) {
            conversation = Loose.object(data, "contact");
        }
        if (conversation == null) {
            conversation = Loose.object(data, "consumerContact");
        }
        return new DigitalEvent(
                payload, data, conversation, Loose.object(data, "message"), Loose.object(data, "thread"));
    }

    @Override
    public @Nullable String idFrom(ConversationIdSource source) {
        return switch (source) {
            case CONVERSATION_ID ->
                Loose.first(Loose.key(data, "conversationId"), Loose.key(envelope, "conversationId"));
            case CASE_ID -> Loose.first(Loose.key(conversation, "id"), Loose.key(message, "contactNumber"));
            case CONTACT_ID, CUSTOMER_CONTACT_ID, INTERACTION_ID ->
                Loose.first(Loose.key(conversation, source.field()), Loose.key(data, source.field()));
            case THREAD_ID -> {
                String external = Loose.first(
                        Loose.key(conversation, "threadIdOnExternalPlatform"),
                        Loose.first(
                                Loose.key(message, "threadIdOnExternalPlatform"),
                                Loose.key(thread, "idOnExternalPlatform")));
                yield external != null
                        ? external
                        : Loose.first(
                                Loose.key(conversation, "threadId"),
                                Loose.first(Loose.key(message, "threadId"), Loose.key(thread, "id")));
            }
        };
    }

    @Override
    public @Nullable String channelId() {
        String named = Loose.id(Loose.object(data, "channel"), "id");
        return Loose.first(named, Loose.id(conversation, "channelId"));
    }

    /** CXone's ids of end users are CXone's: which of them is ours, if any, differs from tenant to tenant. */
    @Override
    public @Nullable String guestId() {
        return null;
    }

    /** The same in {@code MessageSent} and {@code MessageCreated} of one message. */
    @Override
    public @Nullable String messageId() {
        return Loose.first(Loose.key(message, "idOnExternalPlatform"), Loose.key(message, "id"));
    }

    @Override
    public @Nullable String direction() {
        return Loose.text(message, "direction");
    }

    @Override
    public @Nullable String preciseTime() {
        return Loose.text(envelope, "createdAtWithMilliseconds");
    }

    @Override
    public @Nullable String time() {
        return Loose.text(envelope, "createdAt");
    }

    @Override
    public @Nullable String status() {
        return Loose.text(conversation, "status");
    }

    @Override
    public @Nullable String statusUpdatedAt() {
        return Loose.text(conversation, "statusUpdatedAt");
    }
}
