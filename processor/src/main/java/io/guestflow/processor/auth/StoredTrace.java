package io.guestflow.processor.auth;

import io.guestflow.contracts.codec.Fields;
import io.guestflow.processor.wire.Trace;

/** A trace inside a stored entry. */
final class StoredTrace {
    private StoredTrace() {}

    static Trace read(Fields in) {
        return new Trace(in.optionalId("traceparent"), in.optionalId("correlationId"));
    }
}
