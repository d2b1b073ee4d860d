package io.guestflow.processor.effects;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.failure.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * Writes redacted dead letters to {@code guest-dead-letters}.
 *
 * <p>Threading: any thread.
 */
public final class DeadLetterTopic implements DeadLetters {
    private static final byte[] SCHEMA = DeadLetter.CODEC.schema().getBytes(StandardCharsets.UTF_8);

    private final io.guestflow.processor.deadletter.DeadLetters letters;
    private final Producer<byte[], byte[]> producer;
    private final InstantSource clock;

    /** Writes with the given producer, which its owner closes. */
    public DeadLetterTopic(
            io.guestflow.processor.deadletter.DeadLetters letters,
            Producer<byte[], byte[]> producer,
            InstantSource clock) {
        this.letters = letters;
        this.producer = producer;
        this.clock = clock;
    }

    @Override
    public void write(ConsumerRecord<byte[], byte[]> record, ContractViolation violation) throws InterruptedException {
        DeadLetter letter = letters.of(
                new io.guestflow.processor.deadletter.DeadLetters.Failed(
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        record.timestamp(),
                        record.key(),
                        record.value()),
                violation,
                clock.instant());
        ProducerRecord<byte[], byte[]> written = new ProducerRecord<>(
                Topics.GUEST_DEAD_LETTERS.name(),
                io.guestflow.processor.deadletter.DeadLetters.key(letter),
                DeadLetter.CODEC.write(letter));
        written.headers().add(RecordHeaders.SCHEMA, SCHEMA);
        try {
            producer.send(written).get();
        } catch (ExecutionException failed) {
            throw new KafkaException("a dead letter could not be written", failed.getCause());
        }
    }
}
