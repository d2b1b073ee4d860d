package io.guestflow.processor.sandbox.webhooks;

import org.jspecify.annotations.Nullable;

/**
 * A conversation that webhooks are about.
 *
 * @param guestId what the flat shape may tell of the guest; null if it does not
 */
public record Talk(
        String conversationId, String channelId, @Nullable String guestId) {}
