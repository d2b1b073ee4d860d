package io.guestflow.processor.effects.cxone;

/** CXone has ended this conversation. */
public record ConversationClosed(String conversationId) {}
