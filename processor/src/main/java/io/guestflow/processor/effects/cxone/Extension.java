package io.guestflow.processor.effects.cxone;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What CXone answered to an extending call, as it said it: whether that is an extension is for the caller to tell.
 *
 * @param conversationId the conversation that the guest has now; another one than was meant if that one was gone
 * @param expiresAt its end by CXone's clock, which may lie in the past; null if CXone told none that can be read
 */
public record Extension(String conversationId, @Nullable Instant expiresAt) {}
