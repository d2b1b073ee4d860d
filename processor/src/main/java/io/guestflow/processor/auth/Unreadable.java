package io.guestflow.processor.auth;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.facts.Source;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.wire.Routed;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends what cannot be processed to the dead letters, and lets the stream go on. */
final class Unreadable {
    private static final Logger LOG = LoggerFactory.getLogger(Unreadable.class);

    private final DeadLetters deadLetters;
    private final AuthMeters meters;

    Unreadable(DeadLetters deadLetters, AuthMeters meters) {
        this.deadLetters = deadLetters;
        this.meters = meters;
    }

    void tell(
            ProcessorContext<byte[], Object> context,
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

    /** A timer whose handling has failed too often. It is no record of a topic: only its store can be told. */
    void tellGivenUp(ProcessorContext<byte[], Object> context, String changelog, long dueMs) {
        send(
                context,
                deadLetters.of(
                        DeadLetter.Cause.PROCESSING,
                        new DeadLetters.Failed(changelog, context.taskId().partition(), -1, dueMs, null, null),
                        Instant.ofEpochMilli(context.currentSystemTimeMs())));
    }

    private void send(ProcessorContext<byte[], Object> context, DeadLetter letter) {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        headers.add(RecordHeaders.SCHEMA, DeadLetter.CODEC.schema().getBytes(StandardCharsets.UTF_8));
        context.forward(
                new Record<byte[], Object>(
                        DeadLetters.key(letter),
                        new Routed(context.taskId().partition(), DeadLetter.CODEC.write(letter)),
                        context.currentSystemTimeMs(),
                        headers),
                AuthTopology.DEAD_LETTERS_SINK);
        meters.deadLetter(letter.topic());
    }
}
