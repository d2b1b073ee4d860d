package io.guestflow.processor.effects.cxone;

/** CXone holds the context of this conversation now. */
public record ContextAccepted(String conversationId) {}
