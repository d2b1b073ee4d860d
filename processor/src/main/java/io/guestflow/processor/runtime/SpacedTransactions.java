package io.guestflow.processor.runtime;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Kafka Streams' clients as they are, except that a producer leaves a gap between two transactions, and that main
 * consumers can be asked how far they are.
 *
 * <p>A commit is answered before its markers are written. A record of the next transaction that comes earlier is refused
 * ({@code CONCURRENT_TRANSACTIONS}), and the broker itself tries again only after
 * {@code add.partitions.to.txn.retry.backoff.ms}, 20 ms by default (KAFKA-18654, KAFKA-20000). A thread that commits on
 * demand runs into that at almost every commit; waiting for the markers, some 2 ms, is the quicker way.
 *
 * <p>Threading: a producer belongs to one stream thread.
 */
final class SpacedTransactions implements KafkaClientSupplier {
    private final Duration gap;
    private final MainConsumers mainConsumers;

    /**
     * Zero leaves no gap.
     *
     * @param mainConsumers makes the consumers that stream threads poll
     */
    SpacedTransactions(Duration gap, MainConsumers mainConsumers) {
        this.gap = gap;
        this.mainConsumers = mainConsumers;
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new SpacedProducer(config, gap);
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return mainConsumers.consumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return getRestoreConsumer(config);
    }

    private static final class SpacedProducer extends KafkaProducer<byte[], byte[]> {
        private final long gapNanos;
        private long notBefore = System.nanoTime();

        SpacedProducer(Map<String, Object> config, Duration gap) {
            super(config, new ByteArraySerializer(), new ByteArraySerializer());
            this.gapNanos = gap.toNanos();
        }

        /** Called when there is a first record to send, so nobody waits who has nothing to say. */
        @Override
        public void beginTransaction() {
            // Once: a park that ends early costs what it would have saved, and no more.
            LockSupport.parkNanos(notBefore - System.nanoTime());
            super.beginTransaction();
        }

        @Override
        public void commitTransaction() {
            super.commitTransaction();
            notBefore = System.nanoTime() + gapNanos;
        }
    }
}
