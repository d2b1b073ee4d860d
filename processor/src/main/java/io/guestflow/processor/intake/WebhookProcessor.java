package io.guestflow.processor.intake;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.wire.CommitPacer;
import io.guestflow.processor.wire.Origin;
import io.guestflow.processor.wire.PartitionProgress;
import io.guestflow.processor.wire.PolledPartitions;
import io.guestflow.processor.wire.ReadMark;
import io.guestflow.processor.wire.Routed;
import io.guestflow.processor.wire.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * The shell around {@link WebhookReader}: reads webhooks, sends what they tell, and once a second says how far it is.
 *
 * <p>Threading: one for a task, on its stream thread.
 */
final class WebhookProcessor implements Processor<byte[], byte[], byte[], Routed> {
    static final Duration MARK_EVERY = Duration.ofSeconds(1);

    private final WebhookReader reader;
    private final SessionEvents events;
    private final UnreadableRecords unreadable;
    private final PolledPartitions polled;
    private final CommitPacer commits;
    private final IntakeMeters meters;

    private ProcessorContext<byte[], Routed> context;
    private ReadMark mark;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    WebhookProcessor(
            WebhookReader reader,
            SessionEvents events,
            UnreadableRecords unreadable,
            PolledPartitions polled,
            CommitPacer commits,
            IntakeMeters meters) {
        this.reader = reader;
        this.events = events;
        this.unreadable = unreadable;
        this.polled = polled;
        this.commits = commits;
        this.meters = meters;
    }

    @Override
    public void init(ProcessorContext<byte[], Routed> context) {
        this.context = context;
        this.mark = new ReadMark(progress());
        context.schedule(MARK_EVERY, PunctuationType.WALL_CLOCK_TIME, timestamp -> mark());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Source here = Origin.of(context);
        Instant now = now();
        Instant recordedAt = SessionEvents.recordedAt(record, now);
        // Before the rest: a record that fails has been processed all the same.
        mark.processed(recordedAt, now);
        try {
            switch (reader.read(record.value(), record.headers(), recordedAt)) {
                case WebhookReading.Told told -> {
                    Trace trace = Trace.of(record.headers());
                    told.events().forEach(event -> events.send(context, event, here, trace, recordedAt));
                    meters.passed(told.type());
                    meters.timesReplaced(told.timesReplaced());
                }
                case WebhookReading.Ignored ignored -> meters.ignored(ignored.type(), ignored.reason());
                case WebhookReading.Unknown ignored -> meters.unknown();
            }
        } catch (ContractViolation violation) {
            unreadable.tell(context, record, here, violation);
            meters.deadLetter(violation);
        }
        commits.processed(context);
    }

    private void mark() {
        Instant now = now();
        mark.readUntil(progress(), now).ifPresent(readUntil -> events.mark(context, readUntil, now));
    }

    private Optional<PartitionProgress> progress() {
        return polled.progress(Topics.CXONE_EVENTS.name(), context.taskId().partition());
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
