package io.guestflow.processor.measure;

import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.cxone.QueryOutcome;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.wire.Origin;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Reads what came of questions. */
final class OutcomeReader extends ContextualProcessor<byte[], byte[], byte[], Object> {
    private final UnreadableRecords unreadable;

    OutcomeReader(UnreadableRecords unreadable) {
        this.unreadable = unreadable;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Source here = Origin.of(context());
        QueryOutcome outcome;
        try {
            outcome = QueryOutcome.CODEC.read(record.value());
        } catch (ContractViolation violation) {
            unreadable.tell(context(), record, here, violation);
            return;
        }
        context()
                .forward(
                        new Record<byte[], Object>(record.key(), new Answered(outcome, here), record.timestamp()),
                        MeasureTopology.MEASURE);
    }
}
