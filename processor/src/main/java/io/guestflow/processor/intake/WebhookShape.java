package io.guestflow.processor.intake;

import org.jspecify.annotations.Nullable;

/** Where a webhook has what is wanted of it. Nothing else is ever looked at, so nothing else can get out. */
sealed interface WebhookShape permits FlatEvent, DigitalEvent {
    @Nullable
    String idFrom(ConversationIdSource source);

    @Nullable
    String channelId();

    /** The guest by our own id. */
    @Nullable
    String guestId();

    @Nullable
    String messageId();

    @Nullable
    String direction();

    /** When it happened, by the more precise of two clocks. */
    @Nullable
    String preciseTime();

    @Nullable
    String time();

    /** The status in the snapshot that the event carries. */
    @Nullable
    String status();

    @Nullable
    String statusUpdatedAt();
}
