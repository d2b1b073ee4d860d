package io.guestflow.processor.intake;

import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.facts.Source;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.contracts.session.SessionRevocation;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.intake.IntakeMeters.Control;
import io.guestflow.processor.wire.CommitPacer;
import io.guestflow.processor.wire.Origin;
import io.guestflow.processor.wire.Routed;
import io.guestflow.processor.wire.Trace;
import io.guestflow.processor.wire.Uuids;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Reads which sessions are to end now. */
final class RevocationProcessor extends ContextualProcessor<byte[], byte[], byte[], Routed> {
    private final SessionEvents events;
    private final UnreadableRecords unreadable;
    private final CommitPacer commits;
    private final IntakeMeters meters;

    RevocationProcessor(SessionEvents events, UnreadableRecords unreadable, CommitPacer commits, IntakeMeters meters) {
        this.events = events;
        this.unreadable = unreadable;
        this.commits = commits;
        this.meters = meters;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Source here = Origin.of(context());
        try {
            SessionRevocation revocation = SessionRevocation.CODEC.read(record.value());
            Instant recordedAt = SessionEvents.recordedAt(
                    record, Instant.ofEpochMilli(context().currentSystemTimeMs()));
            events.send(
                    context(),
                    new SessionEvent.Revoked(
                            Uuids.lowerCase(revocation.conversationId()),
                            recordedAt,
                            revocation.reason(),
                            revocation.requestedBy()),
                    here,
                    Trace.of(record.headers()),
                    recordedAt);
            meters.control(here.topic(), Control.PASSED);
        } catch (ContractViolation violation) {
            unreadable.tell(context(), record, here, violation);
            meters.control(here.topic(), Control.UNREADABLE);
        }
        commits.processed(context());
    }
}
