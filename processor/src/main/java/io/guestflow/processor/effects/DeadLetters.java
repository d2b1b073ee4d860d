package io.guestflow.processor.effects;

import io.guestflow.contracts.codec.ContractViolation;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Where records go that cannot be read.
 *
 * <p>Threading: any thread; it may block.
 */
@FunctionalInterface
public interface DeadLetters {
    /**
     * Tells of the record, without its content. Returns when the broker has acknowledged it: the record counts as done
     * then.
     *
     * @throws InterruptedException if it was told to stop before that
     */
    void write(ConsumerRecord<byte[], byte[]> record, ContractViolation violation) throws InterruptedException;
}
