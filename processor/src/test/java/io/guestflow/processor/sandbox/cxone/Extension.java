package io.guestflow.processor.sandbox.cxone;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One extension of a conversation: when it was made, until when it reached, and under which key it was asked for. */
public record Extension(
        Instant at, Instant expiresAt, @Nullable String idempotencyKey) {}
