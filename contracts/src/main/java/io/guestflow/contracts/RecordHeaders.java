package io.guestflow.contracts;

/** The names of the Kafka record headers that the contracts define. */
public final class RecordHeaders {
    /** The contract of the value, {@code guest-auth-request/1}. */
    public static final String SCHEMA = "schema";
    /** W3C Trace Context, passed from request to command, HTTP call, outcome, result and fact. */
    public static final String TRACEPARENT = "traceparent";
    /** The caller's own correlation id, passed along like the trace. */
    public static final String CORRELATION_ID = "correlation-id";
    /** {@code true} on a result that was given before. */
    public static final String REPLAYED = "replayed";
    /** {@code topic/partition/offset} of the record that a re-keyed one was copied from. */
    public static final String ORIGIN = "origin";

    private RecordHeaders() {}
}
