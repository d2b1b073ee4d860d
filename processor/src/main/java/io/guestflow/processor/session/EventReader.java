package io.guestflow.processor.session;

import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.facts.Source;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.wire.Origin;
import io.guestflow.processor.wire.Trace;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Reads what sessions must know of. */
final class EventReader extends ContextualProcessor<byte[], byte[], byte[], Object> {
    private final UnreadableRecords unreadable;

    EventReader(UnreadableRecords unreadable) {
        this.unreadable = unreadable;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Source here = Origin.of(context());
        SessionEvent event;
        try {
            event = SessionEvent.CODEC.read(record.value());
        } catch (ContractViolation violation) {
            unreadable.tell(context(), record, here, violation);
            return;
        }
        Arrival arrival = switch (event) {
            case SessionEvent.Mark mark -> new Arrival.OfMark(mark);
            case SessionEvent.OfConversation happened ->
                new Arrival.OfConversation(
                        new SessionInput.Event(happened, Origin.before(record.headers(), here)),
                        Trace.of(record.headers()));
        };
        context()
                .forward(
                        new Record<byte[], Object>(record.key(), arrival, record.timestamp()), SessionTopology.SESSION);
    }
}
