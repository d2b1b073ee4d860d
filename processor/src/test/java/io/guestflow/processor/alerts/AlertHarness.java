package io.guestflow.processor.alerts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topic;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.alerts.Alert;
import io.guestflow.contracts.alerts.AlertCounts;
import io.guestflow.contracts.alerts.AlertState;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.factlog.FactLog;
import io.guestflow.processor.runtime.FailedRecords;
import io.guestflow.processor.runtime.StreamsProperties;
import io.guestflow.processor.wire.FilledStores;
import io.guestflow.processor.wire.PartitionProgress;
import io.guestflow.processor.wire.PolledPartitions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** Alerts over the log of facts, configured as in production, with the topics as Java values. */
final class AlertHarness implements AutoCloseable {
    private final Path stateDir;
    private final int partitions;
    private final List<SimpleMeterRegistry> meters = new ArrayList<>();
    private final List<Alert> alerts = new ArrayList<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private AlertRules rules;
    private TopologyTestDriver driver;
    private Instant now = Given.START;
    private long unread;
    private long delivered;

    AlertHarness(AlertRules rules, Path stateDir) {
        this(rules, stateDir, 1);
    }

    /** @param partitions of facts; the first one runs here, for the others the test speaks: {@link #counts}, {@link #read} */
    AlertHarness(AlertRules rules, Path stateDir, int partitions) {
        this.rules = rules;
        this.stateDir = stateDir;
        this.partitions = partitions;
        driver = driver(Map.of());
    }

    private TopologyTestDriver driver(Map<String, Map<String, List<KeyValue<Bytes, byte[]>>>> contents) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        meters.add(registry);
        FailedRecords failed = new FailedRecords(new DeadLetters(Given.REFS), () -> now, registry);
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
        properties.put(StreamsConfig.PROCESSOR_WRAPPER_CLASS_CONFIG, FilledStores.class);
        properties.put(FilledStores.CONFIG, contents);
        Topology topology = new Topology(new TopologyConfig(new StreamsConfig(properties)));
        PolledPartitions polled = (topic, partition) ->
                Optional.of(new PartitionProgress(OptionalLong.of(unread), delivered, Duration.ZERO));
        FactLog.addTo(topology, Given.REFS, polled, registry, AlertTopology.COUNTING);
        AlertTopology.addTo(topology, rules, Given.REFS, () -> partitions, polled, registry);
        return new TopologyTestDriver(topology, properties, now);
    }

    /** From now on there are facts in the partition that nobody has read. */
    void factsLieUnread() {
        unread = 1;
    }

    /** All that there are are read. */
    void factsAreRead() {
        unread = 0;
    }

    /** Ends the process and starts another one with what the stores held. */
    void restart() {
        takenOver(rules, Duration.ZERO);
    }

    /** The same under other rules, by an instance whose clock differs by so much. */
    void takenOver(AlertRules otherRules, Duration clock) {
        collect();
        Map<String, Map<String, List<KeyValue<Bytes, byte[]>>>> contents = Map.of(
                AlertTopology.COUNTING,
                Map.of(CountingProcessor.STORE, stored(CountingProcessor.STORE)),
                AlertTopology.JUDGING,
                Map.of(JudgingProcessor.STORE, stored(JudgingProcessor.STORE)));
        driver.close();
        now = now.plus(clock);
        rules = otherRules;
        driver = driver(contents);
    }

    Instant now() {
        return now;
    }

    /** As the clock goes, tick by tick. */
    void advance(Duration by) {
        Instant until = now.plus(by);
        Duration tick = Duration.ofMillis(rules.tickMs());
        while (now.isBefore(until)) {
            Duration left = Duration.between(now, until);
            Duration step = left.compareTo(tick) < 0 ? left : tick;
            now = now.plus(step);
            driver.advanceWallClockTime(step);
        }
    }

    /** Until the window that ends next, with the slot that is open now, is judged; not longer. */
    void untilJudged() {
        long slotMs = rules.slotMs();
        long endMs = rules.slotOf(now.toEpochMilli()) + slotMs;
        advance(Duration.ofMillis(endMs + rules.settledMs() - now.toEpochMilli()));
    }

    /** A wait in one leap: the process stood still. */
    void standStill(Duration by) {
        now = now.plus(by);
        driver.advanceWallClockTime(by);
    }

    void fact(Fact fact) {
        fact(fact, now);
    }

    /** One that was recorded then, and is read now. */
    void fact(Fact fact, Instant recordedAt) {
        delivered++;
        pipe(Topics.GUEST_FACTS, Fact.CODEC.write(fact), Fact.CODEC.schema(), recordedAt);
    }

    /** In the channel {@link Given#WEB}, now. */
    void attempts(int good, int bad) {
        facts(good, () -> Given.succeeded(now, Given.WEB));
        facts(bad, () -> Given.failed(now, Given.WEB));
    }

    void facts(int count, Supplier<Fact> each) {
        for (int i = 0; i < count; i++) {
            fact(each.get());
        }
    }

    /** As another partition of facts sends them. */
    void counts(AlertCounts counts) {
        pipe(Topics.GUEST_ALERT_COUNTS, AlertCounts.CODEC.write(counts), AlertCounts.CODEC.schema());
    }

    /** Another partition of facts is read until then. */
    void read(int partition, Instant until) {
        counts(new AlertCounts.Read(partition, until));
    }

    void pipe(Topic<?> topic, byte @Nullable [] value, String schema) {
        pipe(topic, value, schema, now);
    }

    private void pipe(Topic<?> topic, byte @Nullable [] value, String schema, Instant recordedAt) {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        headers.add(RecordHeaders.SCHEMA, schema.getBytes(StandardCharsets.UTF_8));
        driver.createInputTopic(topic.name(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>("key".getBytes(StandardCharsets.UTF_8), value, headers, recordedAt));
    }

    /** What was told since the last look, by key and then in its order. */
    List<Alert> alerts() {
        collect();
        List<Alert> told =
                alerts.stream().sorted(Comparator.comparing(Alert::key)).toList();
        alerts.clear();
        return told;
    }

    List<String> scopes() {
        return alerts().stream().map(Alert::scope).toList();
    }

    List<AlertState> states() {
        return alerts().stream().map(Alert::state).toList();
    }

    List<DeadLetter> deadLetters() {
        collect();
        return deadLetters;
    }

    List<KeyValue<Bytes, byte[]>> stored(String store) {
        List<KeyValue<Bytes, byte[]>> entries = new ArrayList<>();
        KeyValueStore<Bytes, byte[]> all = driver.getKeyValueStore(store);
        try (KeyValueIterator<Bytes, byte[]> iterator = all.all()) {
            iterator.forEachRemaining(entries::add);
        }
        return entries;
    }

    double count(String meter, String... tags) {
        return meters.stream()
                .flatMap(registry -> registry.find(meter).tags(tags).counters().stream())
                .mapToDouble(Counter::count)
                .sum();
    }

    /** Puts something into a store behind the back of whoever it belongs to. */
    void store(String store, Bytes key, byte[] value) {
        KeyValueStore<Bytes, byte[]> all = driver.getKeyValueStore(store);
        all.put(key, value);
    }

    /** Of the process before the one that runs. */
    double gaugeBefore(String meter, String... tags) {
        return meters.get(meters.size() - 2).get(meter).tags(tags).gauge().value();
    }

    /** Of the process that runs. */
    double gauge(String meter, String... tags) {
        return meters.getLast().get(meter).tags(tags).gauge().value();
    }

    private void collect() {
        read(Topics.GUEST_ALERTS).forEach(record -> {
            Alert alert = Alert.CODEC.read(record.value());
            assertEquals(alert.key(), new String(record.key(), StandardCharsets.UTF_8));
            assertEquals(
                    "guest-alert/1",
                    new String(record.headers().lastHeader(RecordHeaders.SCHEMA).value(), StandardCharsets.UTF_8));
            alerts.add(alert);
        });
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
