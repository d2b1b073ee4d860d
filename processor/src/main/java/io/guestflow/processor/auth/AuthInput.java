package io.guestflow.processor.auth;

import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.wire.Trace;
import java.time.Instant;

/** What the state of a request changes by, besides time. */
sealed interface AuthInput {
    /** The record it came in. */
    Source source();

    /** The caller's trace. */
    Trace trace();

    /**
     * A request, new or repeated.
     *
     * @param sentAt the record's timestamp
     */
    record Request(RequestReading reading, Instant sentAt, Source source, Trace trace) implements AuthInput {}

    /** What came of a command. */
    record Outcome(AuthOutcome outcome, Source source, Trace trace) implements AuthInput {}
}
