package io.guestflow.processor.sandbox.webhooks;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One webhook before it is written.
 *
 * @param eventId the sender's id: a duplicate has the same one
 * @param messageId of the message that it is about, null if it is about none
 */
public record Webhook(
        Talk talk,
        Happening happening,
        String eventId,
        @Nullable String messageId,
        Instant at) {}
