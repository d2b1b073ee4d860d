package io.guestflow.processor.effects.cxone;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What goes along with a call.
 *
 * @param deadline when the answer is worth nothing any more; nothing is sent that could not be answered by then
 * @param traceparent W3C trace context, sent on as it is
 */
public record CallContext(
        Instant deadline,
        @Nullable String traceparent,
        @Nullable String correlationId) {}
