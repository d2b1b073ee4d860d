package io.guestflow.processor.intake;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.facts.Source;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.processor.wire.MarkedPartition;
import io.guestflow.processor.wire.Origin;
import io.guestflow.processor.wire.Partitions;
import io.guestflow.processor.wire.Routed;
import io.guestflow.processor.wire.Trace;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.IntSupplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Sends session events: each to the partition of its conversation, so that one task owns the conversation, whatever the
 * webhook or the control record was keyed by.
 *
 * <p>Threading: immutable, may be shared.
 */
final class SessionEvents {
    private static final byte[] SCHEMA = SessionEvent.CODEC.schema().getBytes(StandardCharsets.UTF_8);

    private final IntSupplier partitions;

    SessionEvents(IntSupplier partitions) {
        this.partitions = partitions;
    }

    /** Sends what came of a record, which was recorded then. */
    void send(
            ProcessorContext<byte[], Routed> context,
            SessionEvent.OfConversation event,
            Source origin,
            Trace trace,
            Instant recordedAt) {
        byte[] key = event.conversationId().getBytes(StandardCharsets.UTF_8);
        Headers headers = headers();
        headers.add(RecordHeaders.ORIGIN, Origin.text(origin));
        trace.addTo(headers);
        context.forward(
                new Record<>(
                        key,
                        new Routed(Partitions.of(key, partitions.getAsInt()), SessionEvent.CODEC.write(event)),
                        recordedAt.toEpochMilli(),
                        headers),
                IntakeTopology.EVENTS_SINK);
    }

    /** Tells how far this partition's webhooks have been read: one of the tasks of sessions, which tells the others. */
    void mark(ProcessorContext<byte[], Routed> context, Instant readUntil, Instant now) {
        int all = partitions.getAsInt();
        int own = context.taskId().partition();
        byte[] key = ("mark/" + own).getBytes(StandardCharsets.UTF_8);
        byte[] value = SessionEvent.CODEC.write(new SessionEvent.Mark(now, own, all, readUntil));
        context.forward(
                new Record<>(key, new Routed(MarkedPartition.NUMBER, value), now.toEpochMilli(), headers()),
                IntakeTopology.EVENTS_SINK);
    }

    /**
     * When a record was recorded. One that says nothing credible (very old clients write no time, and a topic that is not
     * set up as it should be has its producers' times) counts as recorded now.
     */
    static Instant recordedAt(Record<?, ?> record, Instant now) {
        Instant told = Instant.ofEpochMilli(record.timestamp());
        return record.timestamp() > 0 && !told.isAfter(now.plus(EventTimes.AHEAD)) ? told : now;
    }

    private static Headers headers() {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        headers.add(RecordHeaders.SCHEMA, SCHEMA);
        return headers;
    }
}
