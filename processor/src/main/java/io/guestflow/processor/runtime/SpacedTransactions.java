package io.guestflow.processor.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka Streams' clients as they are, except that a producer leaves a {@link TransactionGap} and is waited for once in each
 * transaction, and that main consumers are those of {@link MainConsumers}.
 *
 * <p>Threading: a producer belongs to one stream thread.
 */
final class SpacedTransactions implements KafkaClientSupplier {
    private static final Logger LOG = LoggerFactory.getLogger(SpacedTransactions.class);

    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    private final TransactionGap gap;
    private final MainConsumers mainConsumers;
    private volatile boolean configured;

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
        while (true) {
            try {
                Producer<byte[], byte[]> producer = new SpacedProducer(config, gap);
                configured = true;
                return producer;
            } catch (KafkaException refused) {
                // What it is configured with has been good before; but the name of a broker that is away may be gone,
                // too.
                if (!configured || !(refused.getCause() instanceof ConfigException)) {
                    throw refused;
                }
                LOG.warn(
                        "No producer can be made: {}. It is tried again",
                        refused.getCause().getMessage());
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(BETWEEN_TRIES);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
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
        private final FailedSends failed = new FailedSends();
        private final boolean transactional;
        private boolean inTransaction;
        /** It is given up: another producer takes its place. Callbacks look at it. */
        private volatile boolean lost;

        SpacedProducer(Map<String, Object> config, TransactionGap gap) {
            super(config, new ByteArraySerializer(), new ByteArraySerializer());
            this.gap = gap;
            this.transactional = config.containsKey(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        }

        /** Called when there is a first record to send, so nobody waits who has nothing to say. */
        @Override
        public void beginTransaction() {
            if (lost) {
                throw givenUp();
            }
            gap.await();
            super.beginTransaction();
            failed.transactionBegins();
            inTransaction = true;
        }

        /**
         * Kafka Streams asks before each record for a sink. From within a processor it would take a failure for the
         * processor's own, and end; so brokers that are away are waited for here. A topic that they do not know is a failure.
         */
        @Override
        public List<PartitionInfo> partitionsFor(String topic) {
            while (true) {
                try {
                    return super.partitionsFor(topic);
                } catch (TimeoutException late) {
                    // What a broker said is its cause.
                    if (late.getCause() != null) {
                        throw late;
                    }
                    LOG.warn(
                            "No broker tells the partitions of {}: {}. They are asked again", topic, late.getMessage());
                }
            }
        }

        @Override
        public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
            if (!transactional) {
                return super.send(record, callback);
            }
            try {
                return super.send(record, (metadata, failure) -> {
                    Exception told = failure == null ? null : told(failure);
                    if (callback != null) {
                        callback.onCompletion(metadata, told);
                    }
                });
            } catch (KafkaException refused) {
                // Of what a send throws, Kafka Streams looks at the cause.
                throw loss(refused)
                        .map(loss -> new KafkaException(loss.getMessage(), loss))
                        .orElse(refused);
            }
        }

        private Exception told(Exception failure) {
            // Its tasks have begun again, or are about to: what they hear of its end must not make them do so once
            // more.
            return lost ? new TransactionAbortedException() : failed.told(failure);
        }

        private static InvalidProducerEpochException givenUp() {
            return new InvalidProducerEpochException("its transaction was given up");
        }

        private Optional<InvalidProducerEpochException> loss(KafkaException failure) {
            Optional<InvalidProducerEpochException> loss = lost ? Optional.of(givenUp()) : failed.loss(failure);
            if (loss.isPresent()) {
                lost = true;
            }
            return loss;
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
            try {
                super.flush();
                super.sendOffsetsToTransaction(offsets, groupMetadata);
            } catch (KafkaException e) {
                throw loss(e).<KafkaException>map(loss -> loss).orElse(e);
            }
        }

        @Override
        public void commitTransaction() {
            try {
                super.commitTransaction();
            } catch (KafkaException e) {
                throw loss(e).<KafkaException>map(loss -> loss).orElse(e);
            }
            inTransaction = false;
            gap.begins();
        }

        @Override
        public void abortTransaction() {
            // Whatever comes of it, nobody counts on what was sent.
            inTransaction = false;
            if (lost) {
                // To wait for brokers that are away does no good. Of a fenced producer Kafka Streams expects this.
                throw givenUp();
            }
            try {
                super.abortTransaction();
            } catch (TimeoutException late) {
                // Kafka Streams goes on as if it were aborted, and it may not begin another one before it is.
                lost = true;
                throw late;
            }
        }
    }
}
