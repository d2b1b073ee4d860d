package io.guestflow.processor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.facts.RefKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What reaches the clients in the end, Kafka Streams' own overrides included: the guarantees stand on these. */
class StreamsPropertiesTest {
    @Test
    void membersAreStaticAndFoundDeadAfterTheSessionTimeout() {
        Map<String, Object> consumer = consumer("exactly_once_v2");

        // Kafka Streams adds the thread's number.
        assertEquals("instance-7-1", consumer.get(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG));
        assertEquals(6_000, consumer.get(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG));
        assertEquals(2_000, consumer.get(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG));
    }

    @Test
    void exactlyOnceReadsWhatWasCommittedAndGivesUpATransactionAfterTenSeconds() {
        assertEquals("read_committed", consumer("exactly_once_v2").get(ConsumerConfig.ISOLATION_LEVEL_CONFIG));

        Map<String, Object> producer = producer("exactly_once_v2");
        assertEquals(10_000, producer.get(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG));
        assertEquals("all", producer.get(ProducerConfig.ACKS_CONFIG));
        assertEquals(0, producer.get(ProducerConfig.LINGER_MS_CONFIG));
    }

    @Test
    void exactlyOnceARecordThatCannotArriveIsGivenUpAfterTwoMinutes() {
        assertEquals(120_000, producer("exactly_once_v2").get(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG));
    }

    @ParameterizedTest
    @CsvSource({"60000, 120000", "240000, 241000"})
    void aRequestMayTakeAsLongAsTheOperatorSays(String request, int delivery) {
        Map<String, Object> producer = config(
                        StreamsProperties.Pace.DERIVED,
                        Map.of(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, request, "security.protocol", "PLAINTEXT"))
                .getProducerConfigs("client");

        assertEquals(delivery, producer.get(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG));
        producer.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "any");
        // It refuses a time for delivery that has no room for a request.
        new KafkaProducer<>(producer, new ByteArraySerializer(), new ByteArraySerializer()).close(Duration.ZERO);
    }

    @Test
    void atLeastOnceWaitsForTheBrokerAsLongAsItTakes() {
        Map<String, Object> producer = producer("at_least_once");

        assertEquals(Integer.MAX_VALUE, producer.get(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG));
        assertEquals("all", producer.get(ProducerConfig.ACKS_CONFIG));
    }

    @Test
    void aTaskThatCannotGoOnIsWaitedForYearsWhateverTheTime() {
        long timeoutMs = config("exactly_once_v2").getLong(StreamsConfig.TASK_TIMEOUT_MS_CONFIG);

        // As Kafka Streams reckons; it does not look whether that runs over.
        long deadlineMs = System.currentTimeMillis() + timeoutMs;
        assertTrue(
                deadlineMs > System.currentTimeMillis() + Duration.ofDays(365).toMillis());
    }

    @Test
    void atLeastOnceCommitsForTheSakeOfCrashesOnlyAndExactlyOnceForVisibility() {
        assertEquals(100L, config("at_least_once").getLong(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG));
        assertEquals(10L, config("exactly_once_v2").getLong(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG));
    }

    @Test
    void whatNobodyWaitsForGoesInLargeBatchesUnlessTheOperatorSaysHowLarge() {
        Map<String, Object> producer =
                config(StreamsProperties.Pace.BULK, Map.of()).getProducerConfigs("client");
        assertEquals(1_000, producer.get(ProducerConfig.LINGER_MS_CONFIG));
        assertEquals(128 << 10, producer.get(ProducerConfig.BATCH_SIZE_CONFIG));

        assertEquals(
                "1000",
                config(StreamsProperties.Pace.BULK, Map.of(ProducerConfig.BATCH_SIZE_CONFIG, "1000"))
                        .getProducerConfigs("client")
                        .get(ProducerConfig.BATCH_SIZE_CONFIG));

        assertEquals(
                64L << 20,
                config(StreamsProperties.Pace.DERIVED, Map.of())
                        .getProducerConfigs("client")
                        .get(ProducerConfig.BUFFER_MEMORY_CONFIG));
        assertEquals(
                "100000000",
                config(StreamsProperties.Pace.DERIVED, Map.of(ProducerConfig.BUFFER_MEMORY_CONFIG, "100000000"))
                        .getProducerConfigs("client")
                        .get(ProducerConfig.BUFFER_MEMORY_CONFIG));
    }

    @Test
    void whatChangesOverAndOverIsCachedBetweenCommits() {
        StreamsConfig derived = config(StreamsProperties.Pace.DERIVED, Map.of());
        assertEquals(8L << 20, derived.getLong(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG));
        assertEquals(2_000L, derived.getLong(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG));
        assertEquals(
                0L,
                config(StreamsProperties.Pace.BULK, Map.of()).getLong(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG));
    }

    @Test
    void theOperatorsClientSettingsReachEveryClient() {
        assertEquals("SASL_SSL", consumer("exactly_once_v2").get("security.protocol"));
        assertEquals("SASL_SSL", producer("exactly_once_v2").get("security.protocol"));
    }

    @Test
    void kafkaStreamsOwnDeadLetterTopicStaysUnsetBecauseItCopiesPayloads() {
        assertNull(config("exactly_once_v2").getString(StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG));
    }

    private static Map<String, Object> consumer(String guarantee) {
        return config(guarantee).getMainConsumerConfigs("guestflow-auth", "client", 1);
    }

    private static Map<String, Object> producer(String guarantee) {
        return config(guarantee).getProducerConfigs("client");
    }

    private static StreamsConfig config(String guarantee) {
        return config(guarantee, StreamsProperties.Pace.AWAITED, Map.of());
    }

    private static StreamsConfig config(StreamsProperties.Pace pace, Map<String, Object> client) {
        return config("exactly_once_v2", pace, client);
    }

    private static StreamsConfig config(String guarantee, StreamsProperties.Pace pace, Map<String, Object> more) {
        Map<String, Object> client = new HashMap<>(more);
        client.put("bootstrap.servers", "127.0.0.1:1");
        client.putIfAbsent("security.protocol", "SASL_SSL");
        Properties all = new Properties();
        all.putAll(new StreamsProperties(
                        client,
                        guarantee,
                        Path.of("target", "state"),
                        "instance-7",
                        1,
                        Duration.ofSeconds(6),
                        -1,
                        64L << 20,
                        new FailedRecords(
                                new DeadLetters(new GuestRefs(new RefKey("k1", new byte[32]))),
                                InstantSource.system(),
                                new SimpleMeterRegistry()))
                .of("guestflow-auth", pace));
        return new StreamsConfig(all);
    }
}
