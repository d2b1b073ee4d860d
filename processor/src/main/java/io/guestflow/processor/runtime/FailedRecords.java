package io.guestflow.processor.runtime;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.processor.deadletter.DeadLetterMeter;
import io.guestflow.processor.deadletter.DeadLetters;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what Kafka Streams' handlers are told into redacted dead letters. Streams' own dead letter setting stays unset:
 * it copies payload, exception message and stack trace.
 *
 * <p>Threading: any stream thread.
 */
public final class FailedRecords {
    /** Where handlers, which Kafka Streams makes by their class, find this in their configuration. */
    public static final String CONFIG = "guestflow.failed.records";

    private static final Logger LOG = LoggerFactory.getLogger(FailedRecords.class);

    private final DeadLetters deadLetters;
    private final InstantSource clock;
    private final DeadLetterMeter meter;

    /** For all applications of the process. */
    public FailedRecords(DeadLetters deadLetters, InstantSource clock, MeterRegistry registry) {
        this.deadLetters = deadLetters;
        this.clock = clock;
        this.meter = new DeadLetterMeter(registry);
    }

    static FailedRecords in(Map<String, ?> configs) {
        return (FailedRecords) Objects.requireNonNull(configs.get(CONFIG), CONFIG + " is not in the configuration");
    }

    ProducerRecord<byte[], byte[]> deadLetter(
            DeadLetter.Cause cause,
            ErrorHandlerContext context,
            byte @Nullable [] key,
            byte @Nullable [] value,
            Exception failure) {
        DeadLetter letter = deadLetters.of(
                cause,
                new DeadLetters.Failed(
                        String.valueOf(context.topic()),
                        context.partition(),
                        context.offset(),
                        context.timestamp(),
                        key,
                        value),
                clock.instant());
        meter.count(letter.topic());
        // The exception's message may quote the record; its type and place do not.
        LOG.error(
                "Dead letter ({}) for {}-{}@{} at {} of task {}: {}{}",
                cause,
                letter.topic(),
                letter.partition(),
                letter.offset(),
                context.processorNodeId(),
                context.taskId(),
                failure.getClass().getName(),
                place(failure));
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                Topics.GUEST_DEAD_LETTERS.name(), DeadLetters.key(letter), DeadLetter.CODEC.write(letter));
        record.headers().add(RecordHeaders.SCHEMA, DeadLetter.CODEC.schema().getBytes(StandardCharsets.UTF_8));
        return record;
    }

    private static String place(Exception failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return trace.length == 0 ? "" : " at " + trace[0];
    }
}
