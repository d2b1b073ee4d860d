package io.guestflow.processor.sandbox.bench.analytics;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Puts a backlog on topics while a warm processor stands at their ends: what lies in an open transaction is read by nobody
 * before it is released, and then all of it is there at once. What is measured is the reader alone.
 *
 * <p>Threading: one thread.
 */
final class HeldProducer implements AutoCloseable {
    /** The most that brokers allow unless told otherwise; a backlog must be written by then. */
    private static final int HELD_AT_MOST_MS = 900_000;

    private final Producer<byte[], byte[]> producer;

    /** @param name no other producer has it */
    HeldProducer(String bootstrap, String name) {
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        name,
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                        HELD_AT_MOST_MS,
                        ProducerConfig.LINGER_MS_CONFIG,
                        20,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        256 * 1024,
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        64L << 20),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
    }

    /** From now on what is sent is held. */
    Producer<byte[], byte[]> hold() {
        producer.beginTransaction();
        return producer;
    }

    /** Returns when the broker has all of it. */
    void flush() {
        producer.flush();
    }

    /** Now it can be read. */
    void release() {
        producer.commitTransaction();
    }

    /** What is held still will never be read. */
    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
