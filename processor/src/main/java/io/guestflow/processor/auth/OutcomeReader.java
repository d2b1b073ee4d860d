package io.guestflow.processor.auth;

import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.wire.CommitPacer;
import io.guestflow.processor.wire.Origin;
import io.guestflow.processor.wire.Trace;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Reads what came of commands. */
final class OutcomeReader extends ContextualProcessor<byte[], byte[], byte[], Object> {
    private final UnreadableRecords unreadable;
    private final CommitPacer commits;

    OutcomeReader(UnreadableRecords unreadable, CommitPacer commits) {
        this.unreadable = unreadable;
        this.commits = commits;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Source here = Origin.of(context());
        try {
            AuthOutcome outcome = AuthOutcome.CODEC.read(record.value());
            context()
                    .forward(
                            new Record<byte[], Object>(
                                    record.key(),
                                    new AuthInput.Outcome(outcome, here, Trace.of(record.headers())),
                                    record.timestamp()),
                            AuthTopology.GUEST_AUTH);
        } catch (ContractViolation violation) {
            unreadable.tell(context(), record, here, violation);
        }
        commits.processed(context());
    }
}
