package io.guestflow.processor.sandbox.cxone;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One call as the simulator saw it.
 *
 * @param status what it was answered, 0 = nothing
 * @param serviceNanos from the request read to the answer ready to be written, or to its end when it was spoilt
 */
public record Call(
        Instant arrivedAt,
        Endpoint endpoint,
        int status,
        @Nullable String idempotencyKey,
        long serviceNanos) {}
