package io.guestflow.processor.factlog;

import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.wire.Trace;
import org.apache.kafka.streams.processor.api.Record;

/**
 * What a record of {@code guest-facts} is to those who derive something from facts. There is one for every record, so that
 * whoever marks how far facts are read marks the others too.
 */
public sealed interface FactRecord {
    /** Where it lies on {@code guest-facts}. */
    Source at();

    /**
     * A fact that was not told before to whom it is handed, or that it failed on then; of messages, which nobody remembers,
     * every one.
     *
     * @param fact under an id that no other fact has: where it came with another's, not the one that the record says
     * @param trace of the request that led to it
     * @param raw the record as it was read
     */
    record Told(Fact fact, Source at, Trace trace, Record<byte[], byte[]> raw) implements FactRecord {}

    /** Anything else: a fact that was told already, a version or a kind of later times, or nothing that can be read. */
    record Passed(Source at) implements FactRecord {}
}
