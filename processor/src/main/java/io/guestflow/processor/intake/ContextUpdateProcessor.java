package io.guestflow.processor.intake;

import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.facts.Source;
import io.guestflow.contracts.session.ContextUpdate;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.processor.context.ContextPolicy;
import io.guestflow.processor.context.Screening;
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

/** Reads context for running conversations, and lets through what the policy lets through. */
final class ContextUpdateProcessor extends ContextualProcessor<byte[], byte[], byte[], Routed> {
    private final IntakeRules rules;
    private final ContextPolicy policy;
    private final SessionEvents events;
    private final UnreadableRecords unreadable;
    private final CommitPacer commits;
    private final IntakeMeters meters;

    ContextUpdateProcessor(
            IntakeRules rules,
            ContextPolicy policy,
            SessionEvents events,
            UnreadableRecords unreadable,
            CommitPacer commits,
            IntakeMeters meters) {
        this.rules = rules;
        this.policy = policy;
        this.events = events;
        this.unreadable = unreadable;
        this.commits = commits;
        this.meters = meters;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Source here = Origin.of(context());
        meters.control(here.topic(), screened(record, here));
        commits.processed(context());
    }

    private Control screened(Record<byte[], byte[]> record, Source here) {
        ContextUpdate update;
        try {
            update = ContextUpdate.CODEC.read(record.value());
        } catch (ContractViolation violation) {
            unreadable.tell(context(), record, here, violation);
            return Control.UNREADABLE;
        }
        Screening screening = policy.screen(update.context());
        if (rules.rejectContext() && !screening.dropped().isEmpty()) {
            return Control.REFUSED;
        }
        if (screening.accepted().isEmpty()) {
            // There is nothing that the bot could be given.
            return Control.EMPTY;
        }
        Instant recordedAt =
                SessionEvents.recordedAt(record, Instant.ofEpochMilli(context().currentSystemTimeMs()));
        events.send(
                context(),
                new SessionEvent.ContextRequested(
                        Uuids.lowerCase(update.conversationId()),
                        recordedAt,
                        screening.accepted(),
                        screening.dropped()),
                here,
                Trace.of(record.headers()),
                recordedAt);
        return Control.PASSED;
    }
}
