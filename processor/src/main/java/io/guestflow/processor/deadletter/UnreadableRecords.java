package io.guestflow.processor.deadletter;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.facts.Source;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.processor.wire.Routed;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what cannot be processed to the dead letters, and lets the stream go on.
 *
 * <p>Threading: immutable, may be shared.
 */
public final class UnreadableRecords {
    private static final Logger LOG = LoggerFactory.getLogger(UnreadableRecords.class);

    private final DeadLetters deadLetters;
    private final DeadLetterMeter meter;
    private final String sink;

    /**
     * For the processors of one topology.
     *
     * @param sink the name of the node that writes dead letters, a child of each of them
     */
    public UnreadableRecords(DeadLetters deadLetters, MeterRegistry registry, String sink) {
        this.deadLetters = deadLetters;
        this.meter = new DeadLetterMeter(registry);
        this.sink = sink;
    }

    /** Forwards a dead letter, counts it and logs what is wrong with the record, never what is in it. */
    public void tell(
            ProcessorContext<byte[], ? super Routed> context,
            Record<byte[], byte[]> record,
            Source source,
            ContractViolation violation) {
        long now = context.currentSystemTimeMs();
        DeadLetter letter = deadLetters.of(
                new DeadLetters.Failed(
                        source.topic(),
                        source.partition(),
                        source.offset(),
                        record.timestamp(),
                        record.key(),
                        record.value()),
                violation,
                Instant.ofEpochMilli(now));
        send(context, letter);
        LOG.warn(
                "Dead letter for {}-{}@{}: {}",
                source.topic(),
                source.partition(),
                source.offset(),
                violation.getMessage());
    }

    /** Something of that store may be given up: to be called when a task begins. */
    public void expectGivenUp(ProcessorContext<byte[], ? super Routed> context, String store) {
        meter.expect(changelog(context, store));
    }

    /**
     * A timer, or something else that lies in a store, whose handling has failed too often. It is no record of a topic:
     * only its store can be told.
     */
    public void tellGivenUp(ProcessorContext<byte[], ? super Routed> context, String store, long dueMs) {
        send(
                context,
                deadLetters.of(
                        DeadLetter.Cause.PROCESSING,
                        new DeadLetters.Failed(
                                changelog(context, store), context.taskId().partition(), -1, dueMs, null, null),
                        Instant.ofEpochMilli(context.currentSystemTimeMs())));
    }

    private static String changelog(ProcessorContext<byte[], ? super Routed> context, String store) {
        return context.applicationId() + "-" + store + "-changelog";
    }

    private void send(ProcessorContext<byte[], ? super Routed> context, DeadLetter letter) {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        headers.add(RecordHeaders.SCHEMA, DeadLetter.CODEC.schema().getBytes(StandardCharsets.UTF_8));
        context.forward(
                new Record<>(
                        DeadLetters.key(letter),
                        new Routed(context.taskId().partition(), DeadLetter.CODEC.write(letter)),
                        context.currentSystemTimeMs(),
                        headers),
                sink);
        meter.count(letter.topic());
    }
}
