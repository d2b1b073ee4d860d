package io.guestflow.processor.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The configuration of a Kafka Streams application where somebody waits for the answer. Under exactly-once,
 * latency is decided by when the commit happens: processors request one when they forward something awaited; the
 * intervals here are what comes behind. At least once, records are visible when they are sent.
 *
 * @param client what the operator passes through to every client: addresses, security
 * @param guarantee {@code exactly_once_v2} or {@code at_least_once}
 * @param instanceId makes members static, so that a restart does not rebalance
 * @param sessionTimeout after which a dead member's work is taken over
 * @param replication of internal topics; -1 is the broker's default
 * @param rocksDbBytes what all state stores together may use
 */
public record StreamsProperties(
        Map<String, Object> client,
        String guarantee,
        Path stateDir,
        String instanceId,
        int threads,
        Duration sessionTimeout,
        int replication,
        long rocksDbBytes,
        FailedRecords failedRecords) {
    /** How often an application commits, and how long it waits for records. */
    public enum Pace {
        /** Somebody waits for what it writes. */
        AWAITED(10, 5, 0, 16 << 10, BUFFER, 1, 0),
        /**
         * Many records matter more than the time that one of them takes: fewer, larger transactions and requests. What is
         * not sent by then, because a batch is full, is sent with the commit.
         */
        BULK(300, 20, 1_000, 128 << 10, BUFFER, 128 << 10, 0),
        /**
         * The same, where most records change what another one has just changed. What is awaited asks for its commit; the
         * interval bounds how often the rest is written. A transaction has some 160 partitions, each with a batch of its own
         * that is not full: producers have twice the usual room for them.
         */
        DERIVED(2_000, 20, 1_000, 128 << 10, 2 * BUFFER, 128 << 10, 8L << 20);

        private final int commitIntervalMs;
        private final int pollMs;
        /** A commit does not wait for it: it sends what there is. */
        private final int lingerMs;

        private final int batchBytes;
        /** Of each producer: what waits to be sent. A stream thread that finds no room stands until there is some. */
        private final long bufferBytes;
        /** What a fetch waits for, and not longer than {@link #FETCH_MAX_WAIT_MS}. */
        private final int fetchMinBytes;
        /**
         * Of all threads together, for the stores that are made to be cached. Kafka Streams counts keys and values; each
         * entry keeps besides, on the heap, the record during which it was put, as it was read.
         */
        private final long cacheBytes;

        Pace(
                int commitIntervalMs,
                int pollMs,
                int lingerMs,
                int batchBytes,
                long bufferBytes,
                int fetchMinBytes,
                long cacheBytes) {
            this.commitIntervalMs = commitIntervalMs;
            this.pollMs = pollMs;
            this.lingerMs = lingerMs;
            this.batchBytes = batchBytes;
            this.bufferBytes = bufferBytes;
            this.fetchMinBytes = fetchMinBytes;
            this.cacheBytes = cacheBytes;
        }
    }

    /** Kafka's default. */
    private static final long BUFFER = 32L << 20;

    /** Its constant is deprecated from the start: with Kafka 5 there is no other way. */
    private static final String GLOBAL_EXCEPTION_HANDLER_CONFIG = "processing.exception.handler.global.enabled";

    /** No record waits for it, each commit holds up its thread, and a crash has so much done twice. */
    private static final int COMMIT_INTERVAL_AT_LEAST_ONCE_MS = 100;

    private static final int FETCH_MAX_WAIT_MS = 100;

    /**
     * Kafka Streams adds it to the time of now: with the greatest number the sum is past already, and a task fails at its
     * second timeout.
     */
    private static final long FOR_EVER_MS = Duration.ofDays(36_500).toMillis();

    private static final int TRANSACTION_TIMEOUT_MS = 10_000;
    private static final int MAX_BLOCK_MS = 120_000;
    /**
     * The least that it is. Kafka Streams would wait for ever, and a record for a topic that was deleted never arrives: its thread
     * would stand in a flush, without a poll and without a word. By then brokers that are there have long aborted the
     * transaction.
     */
    private static final int TRANSACTIONAL_DELIVERY_TIMEOUT_MS = 120_000;

    /** Kafka's default. */
    private static final int REQUEST_TIMEOUT_MS = 30_000;

    private static final int RETRY_BACKOFF_MS = 5;
    private static final int RETRY_BACKOFF_MAX_MS = 100;

    /** For the application of that name. */
    public Map<String, Object> of(String applicationId, Pace pace) {
        Map<String, Object> all = new HashMap<>(client);
        all.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
        all.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee);
        all.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        all.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
        all.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, 1);
        all.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, replication);
        all.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        boolean exactlyOnce = StreamsConfig.EXACTLY_ONCE_V2.equals(guarantee);
        all.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                exactlyOnce ? pace.commitIntervalMs : COMMIT_INTERVAL_AT_LEAST_ONCE_MS);
        all.put(StreamsConfig.POLL_MS_CONFIG, pace.pollMs);
        // Whatever is there is processed: waiting for the other topics would cost latency, and order between topics is
        // nothing the state machine relies on.
        all.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, -1L);
        // A broker that is away is waited for.
        all.put(StreamsConfig.TASK_TIMEOUT_MS_CONFIG, FOR_EVER_MS);
        all.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, pace.cacheBytes);
        all.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        all.put(BoundedRocksDb.MEMORY_CONFIG, rocksDbBytes);
        all.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, UndeserializableRecords.class);
        all.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, UnprocessableRecords.class);
        // There is no global store; without it Kafka Streams warns at every start.
        all.put(GLOBAL_EXCEPTION_HANDLER_CONFIG, true);
        all.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, UnproducibleRecords.class);
        all.put(FailedRecords.CONFIG, failedRecords);
        all.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);

        // The other protocol knows no static members, and makes consumers of its own.
        all.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
        all.put(mainConsumer(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), instanceId);
        all.put(mainConsumer(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), (int) sessionTimeout.toMillis());
        all.put(mainConsumer(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), (int) sessionTimeout.toMillis() / 3);

        all.put(mainConsumer(ConsumerConfig.FETCH_MIN_BYTES_CONFIG), pace.fetchMinBytes);
        if (pace.fetchMinBytes > 1) {
            all.put(mainConsumer(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), FETCH_MAX_WAIT_MS);
        }

        all.put(producer(ProducerConfig.LINGER_MS_CONFIG), exactlyOnce ? pace.lingerMs : 0);
        if (!client.containsKey(ProducerConfig.BATCH_SIZE_CONFIG)) {
            all.put(producer(ProducerConfig.BATCH_SIZE_CONFIG), pace.batchBytes);
        }
        if (!client.containsKey(ProducerConfig.BUFFER_MEMORY_CONFIG)) {
            all.put(producer(ProducerConfig.BUFFER_MEMORY_CONFIG), pace.bufferBytes);
        }
        all.put(producer(ProducerConfig.ACKS_CONFIG), "all");
        all.put(producer(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), RETRY_BACKOFF_MS);
        all.put(producer(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG), RETRY_BACKOFF_MAX_MS);
        all.put(producer(ProducerConfig.MAX_BLOCK_MS_CONFIG), MAX_BLOCK_MS);
        if (exactlyOnce) {
            all.put(producer(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), TRANSACTION_TIMEOUT_MS);
            all.put(producer(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG), transactionalDeliveryTimeoutMs(pace));
        } else {
            // At least once means that what was processed is written whenever the broker comes back.
            all.put(producer(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG), Integer.MAX_VALUE);
        }
        all.put(StreamsConfig.topicPrefix(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG), "CreateTime");
        return all;
    }

    /** A producer insists on time for one request. */
    private int transactionalDeliveryTimeoutMs(Pace pace) {
        Object request = client.getOrDefault(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        return Math.max(TRANSACTIONAL_DELIVERY_TIMEOUT_MS, Integer.parseInt(request.toString()) + pace.lingerMs);
    }

    private static String mainConsumer(String name) {
        return StreamsConfig.mainConsumerPrefix(name);
    }

    private static String producer(String name) {
        return StreamsConfig.producerPrefix(name);
    }
}
