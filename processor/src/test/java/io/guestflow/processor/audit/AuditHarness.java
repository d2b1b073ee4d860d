package io.guestflow.processor.audit;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topic;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.audit.AuditRecord;
import io.guestflow.contracts.audit.Chain;
import io.guestflow.contracts.audit.ChainCheck;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.factlog.FactLog;
import io.guestflow.processor.factlog.FilledFacts;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.facts.RefKey;
import io.guestflow.processor.runtime.FailedRecords;
import io.guestflow.processor.runtime.StreamsProperties;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The application of facts, built and configured as in production, with the topics as Java values. */
final class AuditHarness implements AutoCloseable {
    static final Instant START = Instant.parse("2026-11-22T07:00:00Z");
    static final GuestRefs REFS = new GuestRefs(new RefKey("k1", new byte[32]));

    /** One of each process that there was. */
    private final List<SimpleMeterRegistry> meters = new ArrayList<>();

    private final Path stateDir;
    private final List<TestRecord<byte[], byte[]>> records = new ArrayList<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private TopologyTestDriver driver;
    private Instant now = START;
    /** As the start finds them on the topic. */
    private Map<Integer, ChainEnd> chains = Map.of();

    AuditHarness(Path stateDir) {
        this.stateDir = stateDir;
        driver = driver(new FilledFacts.Contents());
    }

    private TopologyTestDriver driver(FilledFacts.Contents contents) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        meters.add(registry);
        FailedRecords failed = new FailedRecords(new DeadLetters(REFS), () -> now, registry);
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
                        failed)
                .of("guestflow-facts", StreamsProperties.Pace.DERIVED));
        properties.put(StreamsConfig.PROCESSOR_WRAPPER_CLASS_CONFIG, FilledFacts.class);
        properties.put(FilledFacts.CONFIG, contents);
        Topology topology = new Topology(new TopologyConfig(new StreamsConfig(properties)));
        FactLog.addTo(topology, REFS, (topic, partition) -> Optional.empty(), registry, AuditTopology.AUDIT);
        AtomicLong salt = new AtomicLong();
        AuditTopology.addTo(topology, () -> "salt-" + salt.incrementAndGet(), () -> chains, registry);
        contents.bind(topology.describe());
        return new TopologyTestDriver(topology, properties, now);
    }

    /** Ends the process and starts another one with what the stores held. */
    void restart() {
        takenOver(Duration.ZERO);
    }

    /** The same by an instance whose clock differs by so much. */
    void takenOver(Duration clock) {
        collect();
        FilledFacts.Contents contents = FilledFacts.Contents.of(driver);
        driver.close();
        chains = end(OptionalLong.empty());
        now = now.plus(clock);
        driver = driver(contents);
    }

    /** All state is lost; the chain may go on from its last record. */
    void restartWithoutState() {
        collect();
        driver.close();
        chains = end(OptionalLong.of(0));
        driver = driver(new FilledFacts.Contents());
    }

    /** As a process finds it whose stores hold something else. */
    void restartWithChain(byte[] head) {
        collect();
        driver.close();
        chains = end(OptionalLong.empty());
        FilledFacts.Contents contents = new FilledFacts.Contents();
        contents.put(AuditProcessor.CHAIN, Bytes.wrap("head".getBytes(StandardCharsets.UTF_8)), head);
        driver = driver(contents);
    }

    private Map<Integer, ChainEnd> end(OptionalLong lostAt) {
        if (records.isEmpty()) {
            return Map.of();
        }
        Chain last = AuditRecord.CODEC.read(records.getLast().value()).chain();
        return Map.of(0, new ChainEnd(new ChainHead(last.seq(), last.hash()), lostAt));
    }

    Instant now() {
        return now;
    }

    void advance(Duration by) {
        now = now.plus(by);
        driver.advanceWallClockTime(by);
    }

    void fact(Fact fact) {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        headers.add(RecordHeaders.SCHEMA, Fact.CODEC.schema().getBytes(StandardCharsets.UTF_8));
        raw(Fact.CODEC.write(fact), headers);
    }

    void raw(byte @Nullable [] value, Headers headers) {
        driver.createInputTopic(Topics.GUEST_FACTS.name(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>("some guest".getBytes(StandardCharsets.UTF_8), value, headers, now));
    }

    /** All records so far, whichever process wrote them. */
    List<TestRecord<byte[], byte[]>> records() {
        collect();
        return records;
    }

    List<AuditRecord> audited() {
        return records().stream()
                .map(record -> AuditRecord.CODEC.read(record.value()))
                .toList();
    }

    List<DeadLetter> deadLetters() {
        collect();
        return deadLetters;
    }

    /** What a check of the partition finds. */
    List<ChainCheck.Finding> findings() {
        ChainCheck check = new ChainCheck(0);
        List<ChainCheck.Finding> findings = new ArrayList<>();
        long offset = 0;
        for (TestRecord<byte[], byte[]> record : records()) {
            findings.addAll(check.accept(offset++, record.key(), record.value()));
        }
        findings.addAll(check.end());
        return findings;
    }

    double count(String meter, String... tags) {
        return meters.stream()
                .flatMap(registry -> registry.find(meter).tags(tags).counters().stream())
                .mapToDouble(Counter::count)
                .sum();
    }

    private void collect() {
        records.addAll(read(Topics.GUEST_AUDIT));
        read(Topics.GUEST_DEAD_LETTERS).forEach(record -> deadLetters.add(DeadLetter.CODEC.read(record.value())));
    }

    private List<TestRecord<byte[], byte[]>> read(Topic<?> topic) {
        return driver.createOutputTopic(topic.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    @Override
    public void close() {
        driver.close();
    }
}
