package io.guestflow.processor.effects.cxone;

/**
 * Ends a conversation.
 *
 * @param idempotencyKey the same for every attempt
 */
public record CloseConversation(String conversationId, String idempotencyKey) {}
