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
 * Sends records that are not what their contract says to the dead letters, and lets the stream go on.
 *
 * <p>Threading: may be shared by tasks; each call is for the stream thread of the context's task.
 */
public final class UnreadableRecords {
    private static final Logger LOG = LoggerFactory.getLogger(UnreadableRecords.class);

    private final DeadLetters deadLetters;
    private final MeterRegistry registry;
    private final String sink;

    /** Dead letters go to the sink of that name. */
    public UnreadableRecords(DeadLetters deadLetters, MeterRegistry registry, String sink) {
        this.deadLetters = deadLetters;
        this.registry = registry;
        this.sink = sink;
    }

    /** Makes a dead letter of the record, which was read from {@code source}. */
    public void tell(
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
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        headers.add(RecordHeaders.SCHEMA, DeadLetter.CODEC.schema().getBytes(StandardCharsets.UTF_8));
        context.forward(
                new Record<byte[], Object>(
                        DeadLetters.key(letter),
                        new Routed(context.taskId().partition(), DeadLetter.CODEC.write(letter)),
                        now,
                        headers),
                sink);
        registry.counter("guestflow.dead.letters", "topic", source.topic()).increment();
        LOG.warn(
                "Dead letter for {}-{}@{}: {}",
                source.topic(),
                source.partition(),
                source.offset(),
                violation.getMessage());
    }
}
