package io.guestflow.processor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.facts.RefKey;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.internals.DefaultErrorHandlerContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the handlers do that every application is configured with, in a topology that fails on purpose. */
class StreamsHandlersTest {
    private static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");
    private static final String SECRET = "mallory@example.com";

    @TempDir
    private Path stateDir;

    @Test
    void aRecordThatADefectFailsOnIsARedactedDeadLetterAndTheStreamGoesOn() {
        try (Driver driver = new Driver(stateDir, value -> {
            if (value.contains(SECRET)) {
                throw new IllegalStateException("cannot process " + value);
            }
        })) {
            driver.in.pipeInput("k", "poison " + SECRET);
            driver.in.pipeInput("k", "fine");

            assertEquals(List.of("fine"), driver.out.readValuesToList());
            DeadLetter letter = driver.onlyDeadLetter(DeadLetter.Cause.PROCESSING);
            assertEquals(0, letter.offset());
            assertEquals("poison ".length() + SECRET.length(), letter.valueBytes());
        }
    }

    @Test
    void aRecordThatCannotBeDeserializedIsARedactedDeadLetterAndTheStreamGoesOn() {
        UndeserializableRecords handler = new UndeserializableRecords();
        handler.configure(Map.of(FailedRecords.CONFIG, failedRecords(new SimpleMeterRegistry())));
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>("in", 3, 17, new byte[] {1}, SECRET.getBytes(StandardCharsets.UTF_8));

        DeserializationExceptionHandler.Response response = handler.handleError(
                new DefaultErrorHandlerContext(
                        null, "in", 3, 17, new RecordHeaders(), "source", new TaskId(0, 3), 5, null, null),
                record,
                new IllegalArgumentException("cannot deserialize " + SECRET));

        assertEquals(DeserializationExceptionHandler.Result.RESUME, response.result());
        byte[] value = response.deadLetterQueueRecords().getFirst().value();
        assertFalse(new String(value, StandardCharsets.UTF_8).contains("mallory"), "content leaked");
        DeadLetter letter = DeadLetter.CODEC.read(value);
        assertEquals(DeadLetter.Cause.DESERIALIZATION, letter.cause());
        assertEquals(17, letter.offset());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"at_least_once, RESUME", "exactly_once_v2, FAIL"})
    void aRecordThatTheBrokerWillNeverTakeIsGivenUpWhereNoTransactionIsLostWithIt(
            String guarantee, ProductionExceptionHandler.Result tooLarge) {
        var registry = new SimpleMeterRegistry();
        UnproducibleRecords handler = new UnproducibleRecords();
        handler.configure(Map.of(
                FailedRecords.CONFIG, failedRecords(registry), StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee));
        ErrorHandlerContext context = new DefaultErrorHandlerContext(
                null, "in", 3, 17, new RecordHeaders(), "sink", new TaskId(0, 3), 5, null, null);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("out", new byte[] {1});

        ProductionExceptionHandler.Response response =
                handler.handleError(context, record, new RecordTooLargeException());
        assertEquals(tooLarge, response.result());
        boolean goesOn = tooLarge == ProductionExceptionHandler.Result.RESUME;
        assertEquals(goesOn ? 1 : 0, response.deadLetterQueueRecords().size());
        assertEquals(
                goesOn ? 1 : 0,
                registry.get("guestflow.dead.letters").counters().stream()
                        .mapToDouble(Counter::count)
                        .sum(),
                "a dead letter that is never written is not counted");
        assertEquals(
                ProductionExceptionHandler.Result.RETRY,
                handler.handleError(context, record, new TimeoutException()).result());
        assertEquals(
                ProductionExceptionHandler.Result.FAIL,
                handler.handleError(context, record, new TopicAuthorizationException("out"))
                        .result());
    }

    @Test
    void kafkasOwnFailureIsNotTheRecordsFaultAndEndsTheApplication() {
        try (Driver driver = new Driver(stateDir, value -> {
            throw new KafkaException("the broker says no");
        })) {
            assertThrows(StreamsException.class, () -> driver.in.pipeInput("k", "fine"));
        }
    }

    private static FailedRecords failedRecords(SimpleMeterRegistry registry) {
        return new FailedRecords(new DeadLetters(new GuestRefs(new RefKey("k1", new byte[32]))), () -> NOW, registry);
    }

    /** in → the check → out, configured as in production. */
    private static final class Driver implements AutoCloseable {
        private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
        private final TopologyTestDriver driver;
        final TestInputTopic<String, String> in;
        final TestOutputTopic<String, String> out;
        private final TestOutputTopic<byte[], byte[]> deadLetters;

        Driver(Path stateDir, Consumer<String> check) {
            Topology topology = new Topology();
            topology.addSource("source", new StringDeserializer(), new StringDeserializer(), "in");
            topology.addProcessor("check", () -> new Checked(check), "source");
            topology.addSink("sink", "out", new StringSerializer(), new StringSerializer(), "check");
            Properties properties = new Properties();
            properties.putAll(new StreamsProperties(
                            Map.of("bootstrap.servers", "127.0.0.1:1"),
                            "exactly_once_v2",
                            stateDir,
                            "test",
                            1,
                            Duration.ofSeconds(6),
                            1,
                            16 << 20,
                            failedRecords(registry))
                    .of("test", StreamsProperties.Pace.AWAITED));
            driver = new TopologyTestDriver(topology, properties, NOW);
            in = driver.createInputTopic("in", new StringSerializer(), new StringSerializer());
            out = driver.createOutputTopic("out", new StringDeserializer(), new StringDeserializer());
            deadLetters = driver.createOutputTopic(
                    Topics.GUEST_DEAD_LETTERS.name(),
                    Serdes.ByteArray().deserializer(),
                    Serdes.ByteArray().deserializer());
        }

        DeadLetter onlyDeadLetter(DeadLetter.Cause cause) {
            List<KeyValue<byte[], byte[]>> all = deadLetters.readKeyValuesToList();
            assertEquals(1, all.size());
            assertFalse(new String(all.getFirst().value, StandardCharsets.UTF_8).contains("mallory"), "content leaked");
            DeadLetter letter = DeadLetter.CODEC.read(all.getFirst().value);
            assertEquals(cause, letter.cause());
            assertEquals("in", letter.topic());
            assertEquals(
                    1,
                    registry.get("guestflow.dead.letters")
                            .tag("topic", "in")
                            .counter()
                            .count());
            return letter;
        }

        @Override
        public void close() {
            driver.close();
        }
    }

    private static final class Checked extends ContextualProcessor<String, String, String, String> {
        private final Consumer<String> check;

        Checked(Consumer<String> check) {
            this.check = check;
        }

        @Override
        public void process(Record<String, String> record) {
            check.accept(record.value());
            context().forward(record);
        }
    }
}
