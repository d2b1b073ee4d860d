package io.guestflow.processor.effects.cxone;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What goes along with a call.
 *
 * @param deadline when the answer is worth nothing any more; nothing is sent that could not be answered by then
 * @param traceparent W3C trace context, sent on as it is
 * @param guestWaits whether a guest waits for the answer; a call for which nobody waits goes after those
 */
public record CallContext(
        Instant deadline,
        @Nullable String traceparent,
        @Nullable String correlationId,
        boolean guestWaits) {

    /** A guest waits. */
    public CallContext(Instant deadline, @Nullable String traceparent, @Nullable String correlationId) {
        this(deadline, traceparent, correlationId, true);
    }

    /** The same, and nobody waits. */
    public CallContext inBackground() {
        return new CallContext(deadline, traceparent, correlationId, false);
    }

    Lane lane() {
        return guestWaits ? Lane.GUEST : Lane.REST;
    }
}
