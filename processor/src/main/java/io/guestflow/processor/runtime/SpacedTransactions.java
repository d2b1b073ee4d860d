package io.guestflow.processor.runtime;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Kafka Streams' clients as they are, except that a producer leaves a {@link TransactionGap} and is waited for once in each
 * transaction, and that main consumers are those of {@link MainConsumers}.
 *
 * <p>Threading: a producer belongs to one stream thread.
 */
final class SpacedTransactions implements KafkaClientSupplier {
    private final TransactionGap gap;
    private final MainConsumers mainConsumers;

    /**
     * Zero leaves no gap.
     *
     * @param mainConsumers makes the consumers that stream threads poll
     */
    SpacedTransactions(Duration gap, MainConsumers mainConsumers) {
        this.gap = new TransactionGap(gap);
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
        return mainConsumers.consumer(config, gap);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return getRestoreConsumer(config);
    }

    /**
     * A commit of Kafka Streams flushes once for each task, one after the other: with a cache, whose records are sent only
     * then, each flush waits for round trips of its own. What matters is that all records have arrived before the transaction
     * is committed, so that is waited for once, before its offsets are sent.
     *
     * <p>Threading: its stream thread.
     */
    private static final class SpacedProducer extends KafkaProducer<byte[], byte[]> {
        private final TransactionGap gap;
        private boolean inTransaction;

        SpacedProducer(Map<String, Object> config, TransactionGap gap) {
            super(config, new ByteArraySerializer(), new ByteArraySerializer());
            this.gap = gap;
        }

        /** Called when there is a first record to send, so nobody waits who has nothing to say. */
        @Override
        public void beginTransaction() {
            gap.await();
            super.beginTransaction();
            inTransaction = true;
        }

        @Override
        public void flush() {
            if (!inTransaction) {
                super.flush();
            }
        }

        @Override
        public void sendOffsetsToTransaction(
                Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata groupMetadata) {
            super.flush();
            try {
                super.sendOffsetsToTransaction(offsets, groupMetadata);
            } catch (KafkaException e) {
                throw FailedSends.asFlushWouldHaveToldThem(e);
            }
        }

        @Override
        public void commitTransaction() {
            try {
                super.commitTransaction();
            } catch (KafkaException e) {
                throw FailedSends.asFlushWouldHaveToldThem(e);
            }
            inTransaction = false;
            gap.begins();
        }

        @Override
        public void abortTransaction() {
            // Whatever comes of it, nobody counts on what was sent.
            inTransaction = false;
            super.abortTransaction();
        }
    }
}
