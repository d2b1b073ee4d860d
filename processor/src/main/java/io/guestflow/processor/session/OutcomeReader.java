package io.guestflow.processor.session;

import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.facts.Source;
import io.guestflow.contracts.session.SessionOutcome;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.wire.Origin;
import io.guestflow.processor.wire.Trace;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Reads what came of commands. */
final class OutcomeReader extends ContextualProcessor<byte[], byte[], byte[], Object> {
    private final UnreadableRecords unreadable;

    OutcomeReader(UnreadableRecords unreadable) {
        this.unreadable = unreadable;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Source here = Origin.of(context());
        SessionOutcome outcome;
        try {
            outcome = SessionOutcome.CODEC.read(record.value());
        } catch (ContractViolation violation) {
            unreadable.tell(context(), record, here, violation);
            return;
        }
        Arrival arrival =
                new Arrival.OfConversation(new SessionInput.Outcome(outcome, here), Trace.of(record.headers()));
        context()
                .forward(
                        new Record<byte[], Object>(record.key(), arrival, record.timestamp()), SessionTopology.SESSION);
    }
}
