package io.guestflow.processor.factlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topic.Timestamps;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.factlog.FactRecord.Passed;
import io.guestflow.processor.factlog.FactRecord.Told;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.facts.RefKey;
import io.guestflow.processor.runtime.FailedRecords;
import io.guestflow.processor.runtime.StreamsProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FactLogTest {
    private static final Instant START = Instant.parse("2026-11-22T07:00:00Z");
    private static final GuestRefs REFS = new GuestRefs(new RefKey("k1", new byte[32]));
    private static final Source SOURCE = new Source("some-topic", 7, 4711);

    @TempDir
    Path dir;

    private final List<FactRecord> read = new ArrayList<>();
    private final List<FactRecord> readByTheOther = new ArrayList<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    /** The broker's clock and the instance's. */
    private Instant appended = START;

    private Instant now = START;
    private TopologyTestDriver driver;

    @BeforeEach
    void start() {
        driver = driver(new FilledFacts.Contents());
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void everyDerivationIsToldOfEveryRecord() {
        fact(linked("a", "conv-1", 1));
        raw("{\"not\":\"ours\"}", "guest-fact/2");
        raw("{\"kind\":\"OfLaterTimes\",\"not\":\"known yet\"}", "guest-fact/1");
        raw("{\"kind\":\"GuestLinked\"}", "guest-fact/1");
        raw("{\"kind\":7}", null);
        raw("not json", null);
        raw(null, null);
        fact(linked("a", "conv-1", 1));

        assertInstanceOf(Told.class, read.getFirst());
        assertEquals(7, read.stream().filter(Passed.class::isInstance).count());
        assertEquals(read, readByTheOther);
        assertEquals(
                List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L),
                read.stream().map(each -> each.at().offset()).toList());
        assertEquals(4, deadLetters().size());
        assertEquals(1, count("told"));
        assertEquals(1, count("known"));
        assertEquals(1, count("unknown.version"));
        assertEquals(1, count("unknown.kind"));
        assertEquals(4, count("dead.letter"));
    }

    @Test
    void aFactIsToldWithItsPlaceItsTraceAndItsRecord() {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        headers.add(RecordHeaders.CORRELATION_ID, "c-1".getBytes(UTF_8));
        Fact fact = linked("a", "conv-1", 1);
        pipe(Fact.CODEC.write(fact), headers);

        Told told = (Told) read.getFirst();
        assertEquals(fact, told.fact());
        assertEquals(new Source("guest-facts", 0, 0), told.at());
        assertEquals("c-1", told.trace().correlationId());
        assertEquals(Fact.CODEC.write(fact).length, told.raw().value().length);
    }

    @Test
    void messagesAreToldAsOftenAsTheyCome() {
        Fact message = new Fact.MessageSeen(
                "m", START, "k1.guest", new Dimensions("c", null, null), SOURCE, "conv-1", Direction.INBOUND);
        fact(message);
        fact(message);

        assertEquals(2, count("told"));
    }

    @Test
    void whatMayDifferWhenAFactIsDecidedAgainMakesNoOtherFact() {
        fact(linked("a", "conv-1", 1));
        fact(linked("a", "conv-1", 2));

        assertEquals(1, count("known"));
        assertEquals(List.of(), deadLetters());
    }

    @Test
    void anotherFactUnderAnIdThatIsKnownIsADeadLetterAndNotToldAndNotQuoted() {
        fact(linked("a", "conv-1", 1));
        fact(linked("a", "a-secret", 1));
        fact(linked("a", "conv-1", 1));

        assertInstanceOf(Passed.class, read.get(1));
        DeadLetter letter = deadLetters().getFirst();
        assertEquals(1, letter.offset());
        assertEquals("factId", letter.problems().getFirst().field());
        assertFalse(new String(DeadLetter.CODEC.write(letter), UTF_8).contains("a-secret"));
        assertEquals(1, count("id.reused"));
        assertEquals(1, count("known"));
    }

    @Test
    void aFactIsKnownForNineDaysFromTheLastTimeThatItCame() {
        fact(linked("a", "conv-1", 1));
        for (int i = 0; i < 4; i++) {
            later(FactLog.REMEMBERED.minusSeconds(1));
            restart();
            fact(linked("a", "conv-1", 1));
        }
        assertEquals(4, count("known"));

        later(FactLog.REMEMBERED.plus(KnownFacts.PERIOD));
        fact(linked("a", "conv-1", 1));
        assertEquals(2, count("told"));
    }

    /** By the broker's time, which also moves the deletion of the topic. */
    @Test
    void aFactIsKnownForLongerThanItLiesOnItsTopic() {
        Duration day = Duration.ofDays(1);
        assertEquals(Timestamps.LOG_APPEND_TIME, Topics.GUEST_FACTS.timestamps());
        assertTrue(FactLog.REMEMBERED.compareTo(
                        Topics.GUEST_FACTS.retention().plus(day).plus(day))
                >= 0);
    }

    @Test
    void anInstanceWhoseClockIsWrongForgetsNothing() {
        for (Duration wrong : List.of(Duration.ofDays(30), Duration.ofDays(-30), Duration.ofDays(365))) {
            for (int i = 0; i < 20; i++) {
                fact(linked("before-" + wrong + i, "conv-1", 1));
            }
            now = now.plus(wrong);
            restart();
            fact(linked("meanwhile-" + wrong, "conv-1", 1));
            now = now.minus(wrong);
            restart();
            later(Duration.ofMinutes(1));
            for (int i = 0; i < 20; i++) {
                fact(linked("before-" + wrong + i, "conv-1", 1));
            }
            fact(linked("meanwhile-" + wrong, "conv-1", 1));
        }
        assertEquals(63, count("told"));
        assertEquals(63, count("known"));
    }

    @Test
    void aRecordFromTheFutureForgetsNothing() {
        fact(linked("a", "conv-1", 1));
        appended = START.plus(Duration.ofDays(400));
        fact(linked("future", "conv-1", 1));
        appended = START;
        fact(linked("a", "conv-1", 1));
        fact(linked("future", "conv-1", 1));

        assertEquals(2, count("told"));
        assertEquals(2, count("known"));
    }

    /** Copies of two times, read again from the beginning when time has gone on. */
    @Test
    void factsThatAreReadAgainFromTheBeginningAreKnown() {
        fact(linked("a", "conv-1", 1));
        later(Duration.ofDays(8));
        fact(linked("a", "conv-1", 1));
        Instant second = appended;
        later(Duration.ofDays(8));
        fact(linked("b", "conv-1", 1));
        restart();
        appended = START;
        fact(linked("a", "conv-1", 1));
        appended = second;
        fact(linked("a", "conv-1", 1));

        assertEquals(2, count("told"));
        assertEquals(3, count("known"));
    }

    private void later(Duration by) {
        appended = appended.plus(by);
        now = now.plus(by);
        driver.advanceWallClockTime(by);
    }

    private void restart() {
        deadLetters();
        FilledFacts.Contents contents = FilledFacts.Contents.of(driver);
        driver.close();
        driver = driver(contents);
    }

    private TopologyTestDriver driver(FilledFacts.Contents contents) {
        Properties properties = new Properties();
        properties.putAll(new StreamsProperties(
                        Map.of("bootstrap.servers", "127.0.0.1:1"),
                        "exactly_once_v2",
                        dir,
                        "test",
                        1,
                        Duration.ofSeconds(6),
                        1,
                        16 << 20,
                        new FailedRecords(new DeadLetters(REFS), () -> now, registry))
                .of("guestflow-facts", StreamsProperties.Pace.DERIVED));
        properties.put(StreamsConfig.PROCESSOR_WRAPPER_CLASS_CONFIG, FilledFacts.class);
        properties.put(FilledFacts.CONFIG, contents);
        Topology topology = new Topology(new TopologyConfig(new StreamsConfig(properties)));
        FactLog.addTo(topology, REFS, registry, "one", "other");
        topology.addProcessor("one", () -> new Collecting(read), FactLog.READER);
        topology.addProcessor("other", () -> new Collecting(readByTheOther), FactLog.READER);
        contents.bind(topology.describe());
        return new TopologyTestDriver(topology, properties, now);
    }

    private static Fact linked(String factId, String conversationId, int heldEvents) {
        return new Fact.GuestLinked(
                factId, START, "k1.guest", new Dimensions("c", null, null), SOURCE, conversationId, heldEvents);
    }

    private void fact(Fact fact) {
        pipe(Fact.CODEC.write(fact), new org.apache.kafka.common.header.internals.RecordHeaders());
    }

    private void raw(@Nullable String value, @Nullable String schema) {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        if (schema != null) {
            headers.add(RecordHeaders.SCHEMA, schema.getBytes(UTF_8));
        }
        pipe(value == null ? null : value.getBytes(UTF_8), headers);
    }

    private void pipe(byte @Nullable [] value, Headers headers) {
        driver.createInputTopic(Topics.GUEST_FACTS.name(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>("some guest".getBytes(UTF_8), value, headers, appended));
    }

    private List<DeadLetter> deadLetters() {
        driver.createOutputTopic(
                        Topics.GUEST_DEAD_LETTERS.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList()
                .forEach(record -> deadLetters.add(DeadLetter.CODEC.read(record.value())));
        return deadLetters;
    }

    private double count(String became) {
        return registry.counter("guestflow.facts.derived", "became", became).count();
    }

    private static final class Collecting extends ContextualProcessor<byte[], Object, byte[], Object> {
        private final List<FactRecord> read;

        Collecting(List<FactRecord> read) {
            this.read = read;
        }

        @Override
        public void process(Record<byte[], Object> record) {
            read.add((FactRecord) record.value());
        }
    }
}
