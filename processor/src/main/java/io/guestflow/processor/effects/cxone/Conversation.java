package io.guestflow.processor.effects.cxone;

import java.time.Instant;

/** A conversation as CXone told it; {@code expiresAt} is CXone's word, by CXone's clock. */
public record Conversation(String id, Instant expiresAt) {}
