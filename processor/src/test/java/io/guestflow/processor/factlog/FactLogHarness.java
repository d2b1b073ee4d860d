package io.guestflow.processor.factlog;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topic;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.processor.audit.AuditTopology;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.facts.RefKey;
import io.guestflow.processor.runtime.FailedRecords;
import io.guestflow.processor.runtime.StreamsProperties;
import io.guestflow.processor.wire.PartitionProgress;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.BooleanSupplier;
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

/** The facts' reader, configured as in production, with two derivations that only collect, and the audit. */
final class FactLogHarness implements AutoCloseable {
    static final Instant START = Instant.parse("2026-11-22T07:00:00Z");
    static final Source SOURCE = new Source("some-topic", 7, 4711);
    private static final GuestRefs REFS = new GuestRefs(new RefKey("k1", new byte[32]));

    private final Path dir;
    private final List<FactRecord> read = new ArrayList<>();
    private final List<FactRecord> readByTheOther = new ArrayList<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private final List<TestRecord<byte[], byte[]>> audits = new ArrayList<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, new Clock() {
        @Override
        public long wallTime() {
            return now.toEpochMilli();
        }

        @Override
        public long monotonicTime() {
            return 0;
        }
    });

    /** The broker's clock and the instance's. */
    Instant appended = START;

    Instant now = START;
    /** What the consumer says. */
    Optional<PartitionProgress> progress = Optional.empty();
    /** What the audit has told of the last facts, before it all began. */
    Map<Integer, FactLog.Audited> audited = Map.of();
    /** Nobody reads who should. */
    boolean stands;
    /** A defect of ours in the audit. */
    boolean auditFails;
    /** The same in the derivation behind it. */
    boolean otherFails;

    private TopologyTestDriver driver;
    private boolean closed;

    FactLogHarness(Path dir) {
        this.dir = dir;
        driver = driver(new FilledFacts.Contents());
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
        FactLog.addTo(
                topology,
                REFS,
                new FactLog.Surroundings((topic, partition) -> progress, () -> audited, () -> stands),
                registry,
                "one",
                AuditTopology.AUDIT,
                "other");
        topology.addProcessor("one", FactLog.derivation(() -> new Collecting(read, () -> false)), FactLog.READER);
        AuditTopology.addTo(topology, this::salt, Map::of, registry);
        topology.addProcessor(
                "other", FactLog.derivation(() -> new Collecting(readByTheOther, () -> otherFails)), FactLog.READER);
        contents.bind(topology.describe());
        return new TopologyTestDriver(topology, properties, now);
    }

    private String salt() {
        if (auditFails) {
            throw new IllegalStateException("a defect");
        }
        return "salt";
    }

    void later(Duration by) {
        appended = appended.plus(by);
        now = now.plus(by);
        driver.advanceWallClockTime(by);
    }

    /** Ends the process and starts another one with what the stores held. */
    void restart() {
        restartWithout(null);
    }

    /** The same with what the stores held but for that one, which is lost. */
    void restartWithout(@Nullable String store) {
        collect();
        FilledFacts.Contents contents =
                FilledFacts.Contents.some(FilledFacts.Contents.of(driver), name -> !name.equals(store));
        driver.close();
        driver = driver(contents);
    }

    static Fact linked(String factId, String conversationId, int heldEvents) {
        return linked(factId, "k1.guest", conversationId, heldEvents);
    }

    static Fact linked(String factId, String guestRef, String conversationId, int heldEvents) {
        return linked(factId, guestRef, SOURCE, conversationId, heldEvents);
    }

    static Fact linked(String factId, String guestRef, Source source, String conversationId, int heldEvents) {
        return new Fact.GuestLinked(
                factId, START, guestRef, new Dimensions("c", null, null), source, conversationId, heldEvents);
    }

    void fact(Fact fact) {
        pipe(Fact.CODEC.write(fact), new org.apache.kafka.common.header.internals.RecordHeaders());
    }

    void raw(@Nullable String value, @Nullable String schema) {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        if (schema != null) {
            headers.add(RecordHeaders.SCHEMA, schema.getBytes(UTF_8));
        }
        pipe(value == null ? null : value.getBytes(UTF_8), headers);
    }

    void pipe(byte @Nullable [] value, Headers headers) {
        driver.createInputTopic(Topics.GUEST_FACTS.name(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>("some guest".getBytes(UTF_8), value, headers, appended));
    }

    List<FactRecord> read() {
        return read;
    }

    List<FactRecord> readByTheOther() {
        return readByTheOther;
    }

    List<Fact> told() {
        return read.stream()
                .filter(FactRecord.Told.class::isInstance)
                .map(record -> ((FactRecord.Told) record).fact())
                .toList();
    }

    List<DeadLetter> deadLetters() {
        collect();
        return deadLetters;
    }

    List<TestRecord<byte[], byte[]>> audits() {
        collect();
        return audits;
    }

    double count(String became) {
        return registry.counter("guestflow.facts.derived", "became", became).count();
    }

    Duration lag() {
        return Duration.ofMillis(
                Math.round(registry.get("guestflow.facts.lag").gauge().value() * 1_000));
    }

    private void collect() {
        written(Topics.GUEST_DEAD_LETTERS).forEach(record -> deadLetters.add(DeadLetter.CODEC.read(record.value())));
        audits.addAll(written(Topics.GUEST_AUDIT));
    }

    private List<TestRecord<byte[], byte[]>> written(Topic<?> topic) {
        return driver.createOutputTopic(topic.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            driver.close();
        }
    }

    private static final class Collecting extends ContextualProcessor<byte[], Object, byte[], Object> {
        private final List<FactRecord> read;
        private final BooleanSupplier fails;

        Collecting(List<FactRecord> read, BooleanSupplier fails) {
            this.read = read;
            this.fails = fails;
        }

        @Override
        public void process(Record<byte[], Object> record) {
            if (record.value() instanceof FactRecord.Told && fails.getAsBoolean()) {
                throw new IllegalStateException("a defect");
            }
            read.add((FactRecord) record.value());
        }
    }
}
