package io.guestflow.processor.factlog;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.wire.Origin;
import io.guestflow.processor.wire.Trace;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Reads facts, and hands each to everybody who derives something from it. */
final class FactReader extends ContextualProcessor<byte[], byte[], byte[], Object> {
    private final List<String> derivations;
    private final UnreadableRecords unreadable;
    private final FactMeters meters;

    FactReader(List<String> derivations, UnreadableRecords unreadable, FactMeters meters) {
        this.derivations = derivations;
        this.unreadable = unreadable;
        this.meters = meters;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (!isThisVersion(record.headers())) {
            // A newer writer's. It is not wrong, so it is no dead letter; whoever knows it reads it here later.
            meters.unknownVersion();
            return;
        }
        Source here = Origin.of(context());
        Fact fact;
        try {
            fact = Fact.CODEC.read(record.value());
        } catch (ContractViolation violation) {
            unreadable.tell(context(), record, here, violation);
            meters.deadLetter();
            return;
        }
        meters.read();
        ReadFact read = new ReadFact(fact, here, Trace.of(record.headers()));
        for (String derivation : derivations) {
            context().forward(new Record<byte[], Object>(record.key(), read, record.timestamp()), derivation);
        }
    }

    /** Without the header it is ours too: headers are what gets lost when somebody copies a topic. */
    private static boolean isThisVersion(Headers headers) {
        Header schema = headers.lastHeader(RecordHeaders.SCHEMA);
        return schema == null
                || schema.value() == null
                || Fact.CODEC.schema().equals(new String(schema.value(), StandardCharsets.UTF_8));
    }
}
