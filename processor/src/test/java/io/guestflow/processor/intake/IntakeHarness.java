package io.guestflow.processor.intake;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topic;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.processor.context.AllowedKeys;
import io.guestflow.processor.context.ContextPolicy;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.runtime.FailedRecords;
import io.guestflow.processor.runtime.StreamsProperties;
import io.guestflow.processor.wire.CommitPacer;
import io.guestflow.processor.wire.PartitionProgress;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** Intake, built and configured as in production; the consumer's lag is the test's to say. */
final class IntakeHarness implements AutoCloseable {
    static final Instant START = Webhooks.RECORDED;
    static final int PARTITIONS = 4;

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final TopologyTestDriver driver;
    private final TestOutputTopic<byte[], byte[]> events;
    private final TestOutputTopic<byte[], byte[]> deadLetters;
    private Instant now = START;
    private OptionalLong lag = OptionalLong.empty();
    private long delivered;

    IntakeHarness(IntakeRules rules, Path stateDir) {
        FailedRecords failed = new FailedRecords(new DeadLetters(Webhooks.REFS), () -> now, meters);
        CommitPacer commits = new CommitPacer(System::nanoTime);
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
                .of("guestflow-sessions", StreamsProperties.Pace.BULK));
        driver = new TopologyTestDriver(topology(rules, commits), properties, START);
        events = output(Topics.SESSION_EVENTS);
        deadLetters = output(Topics.GUEST_DEAD_LETTERS);
    }

    Topology topology(IntakeRules rules, CommitPacer commits) {
        Topology topology = new Topology();
        IntakeTopology.addTo(
                topology,
                rules,
                new ContextPolicy(AllowedKeys.DEFAULTS),
                Webhooks.REFS,
                () -> PARTITIONS,
                (topic, partition) -> topic.equals(Topics.CXONE_EVENTS.name()) && partition == 0
                        ? Optional.of(new PartitionProgress(lag, delivered, Duration.ZERO))
                        : Optional.empty(),
                commits,
                meters);
        return topology;
    }

    /** What the consumer would say. */
    void progress(long lag, long delivered) {
        this.lag = OptionalLong.of(lag);
        this.delivered = delivered;
    }

    void webhook(String body, String... headers) {
        send(Topics.CXONE_EVENTS, Webhooks.bytes(body), Webhooks.headers(headers));
    }

    void send(Topic<?> topic, byte @Nullable [] value, Headers headers) {
        send(topic, value, headers, now);
    }

    void send(Topic<?> topic, byte @Nullable [] value, Headers headers, Instant at) {
        driver.createInputTopic(topic.name(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(Webhooks.bytes("some key"), value, headers, at));
    }

    void advance(Duration by) {
        now = now.plus(by);
        driver.advanceWallClockTime(by);
    }

    /** A session event as it lies on its topic. */
    record Sent(
            SessionEvent event,
            String key,
            Instant recordedAt,
            @Nullable String origin,
            byte[] value,
            Headers headers) {}

    List<Sent> sent() {
        return events.readRecordsToList().stream()
                .map(record -> {
                    Header origin = record.headers().lastHeader(RecordHeaders.ORIGIN);
                    return new Sent(
                            SessionEvent.CODEC.read(record.value()),
                            new String(record.key(), StandardCharsets.UTF_8),
                            record.getRecordTime(),
                            origin == null ? null : new String(origin.value(), StandardCharsets.UTF_8),
                            record.value(),
                            record.headers());
                })
                .toList();
    }

    List<DeadLetter> deadLetters() {
        return rawDeadLetters().stream()
                .map(record -> DeadLetter.CODEC.read(record.value()))
                .toList();
    }

    List<TestRecord<byte[], byte[]>> rawDeadLetters() {
        return deadLetters.readRecordsToList();
    }

    double count(String meter, String... tags) {
        return meters.find(meter).tags(tags).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private TestOutputTopic<byte[], byte[]> output(Topic<?> topic) {
        return driver.createOutputTopic(topic.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public void close() {
        driver.close();
    }
}
