package io.guestflow.processor.analytics;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.analytics.MetricsPartial;
import io.guestflow.contracts.analytics.MetricsWindow;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.factlog.FactLog;
import io.guestflow.processor.factlog.FilledFacts;
import io.guestflow.processor.runtime.FailedRecords;
import io.guestflow.processor.runtime.StreamsProperties;
import io.guestflow.processor.timers.FiringTime;
import io.guestflow.processor.wire.PartitionProgress;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
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
import java.util.TreeMap;
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

/**
 * The topology, built and configured as in production, with the topics as Java values. Time passes in steps. Everything
 * that was written to the topic of facts has been read, unless it is said to be behind.
 */
final class AnalyticsHarness implements AutoCloseable {
    private static final Duration STEP = Duration.ofMillis(200);
    private static final Duration LONG_STEP = Duration.ofSeconds(5);
    private static final Duration LONG = Duration.ofMinutes(10);
    /** One of each process that there was. */
    private final List<SimpleMeterRegistry> meters = new ArrayList<>();

    private AnalyticsRules rules;
    private final int partitions;
    private final FiringTime firingTime;
    private final Path stateDir;
    private final List<MetricsWindow> published = new ArrayList<>();
    private final List<Published> history = new ArrayList<>();
    private final List<MetricsPartial.Part> partials = new ArrayList<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private TopologyTestDriver driver;
    private Instant now = Given.START;
    private long delivered;
    private long unread;
    /** How many records the topic of facts has. */
    private long facts;

    /** A publication and when it was made. */
    record Published(Instant at, MetricsWindow window) {}

    /** What a transaction that is never committed leaves behind; to begin from once. */
    record Committed(FilledFacts.Contents stores, long facts, List<Published> history) {}

    AnalyticsHarness(AnalyticsRules rules, Path stateDir) {
        // However long they take: tests have no time.
        this(rules, stateDir, 1, FiringTime.fixed(Duration.ofDays(1), () -> 0));
    }

    /** @param partitions how many partitions of facts there are; all but the first are the test's */
    AnalyticsHarness(AnalyticsRules rules, Path stateDir, int partitions, FiringTime firingTime) {
        this.rules = rules;
        this.stateDir = stateDir;
        this.partitions = partitions;
        this.firingTime = firingTime;
        driver = driver(new FilledFacts.Contents());
    }

    private TopologyTestDriver driver(FilledFacts.Contents contents) {
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
        properties.put(StreamsConfig.PROCESSOR_WRAPPER_CLASS_CONFIG, FilledFacts.class);
        properties.put(FilledFacts.CONFIG, contents);
        Topology topology = new Topology(new TopologyConfig(new StreamsConfig(properties)));
        FactLog.addTo(
                topology, Given.REFS, (topic, partition) -> Optional.empty(), registry, AnalyticsTopology.PARTIAL);
        AnalyticsTopology.addTo(
                topology,
                rules,
                Given.REFS,
                () -> partitions,
                (topic, partition) ->
                        Optional.of(new PartitionProgress(OptionalLong.of(unread), delivered, Duration.ZERO)),
                firingTime,
                registry);
        contents.bind(topology.describe());
        TopologyTestDriver made = new TopologyTestDriver(topology, properties, now);
        // Its topics begin anew, the real one's offsets do not.
        Headers other = headers("guest-fact/999");
        for (long offset = 0; offset < facts; offset++) {
            made.createInputTopic(Topics.GUEST_FACTS.name(), new ByteArraySerializer(), new ByteArraySerializer())
                    .pipeInput(new TestRecord<>(null, new byte[0], other, Instant.EPOCH));
        }
        return made;
    }

    Instant now() {
        return now;
    }

    /** Ends the process and starts another one with what the stores held. */
    void restart() {
        moveToClock(now);
    }

    /** The same with other settings. */
    void restart(AnalyticsRules other) {
        rules = other;
        restart();
    }

    /** The same with an entry of a store damaged. */
    void restartDamaged(String store, Bytes key, byte[] value) {
        Committed all = committed();
        all.stores().put(store, key, value);
        begin(all, now);
    }

    /** The task moves to an instance whose clock says something else. */
    void moveToClock(Instant time) {
        begin(committed(), time);
    }

    /** What there is now, as a transaction that is committed now has it. */
    Committed committed() {
        collect();
        return new Committed(FilledFacts.Contents.of(driver), facts, history());
    }

    /** The process is killed: what came since the last commit is undone, and facts are read again from there. */
    void killed(Committed last) {
        begin(last, now);
    }

    /** Somebody resets the offsets of facts; the state stays. */
    void readAnewFrom(Committed then) {
        Committed all = committed();
        begin(new Committed(all.stores(), then.facts(), all.history()), now);
    }

    private void begin(Committed from, Instant time) {
        driver.close();
        now = time;
        facts = from.facts();
        history.clear();
        history.addAll(from.history());
        driver = driver(from.stores());
    }

    void advance(Duration by) {
        Instant until = now.plus(by);
        while (now.isBefore(until)) {
            Duration left = Duration.between(now, until);
            Duration most = left.compareTo(LONG) > 0 ? LONG_STEP : STEP;
            Duration step = left.compareTo(most) < 0 ? left : most;
            now = now.plus(step);
            driver.advanceWallClockTime(step);
            collect();
        }
    }

    void advanceTo(Instant time) {
        advance(Duration.between(now, time));
    }

    /** From now on facts lie unread. */
    void behind() {
        unread = 1;
    }

    /** They are read. */
    void caughtUp() {
        unread = 0;
    }

    void fact(Fact fact) {
        fact(Fact.CODEC.write(fact), headers(Fact.CODEC.schema()), now);
    }

    void fact(byte @Nullable [] value, Headers headers) {
        fact(value, headers, now);
    }

    /** A fact that an instance has written whose clock said so. */
    void factWrittenAt(Fact fact, Instant writtenAt) {
        fact(Fact.CODEC.write(fact), headers(Fact.CODEC.schema()), writtenAt);
    }

    private void fact(byte @Nullable [] value, Headers headers, Instant writtenAt) {
        delivered++;
        facts++;
        pipe(Topics.GUEST_FACTS.name(), new TestRecord<>(null, value, headers, writtenAt));
    }

    private static Headers headers(String schema) {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        headers.add(RecordHeaders.SCHEMA, schema.getBytes(StandardCharsets.UTF_8));
        return headers;
    }

    /** What another partition of facts has sent. */
    void partial(MetricsPartial partial) {
        partial(MetricsPartial.CODEC.write(partial));
    }

    void partial(byte[] value) {
        partial(value, MetricsPartial.CODEC.schema());
    }

    void partial(byte[] value, String schema) {
        pipe(Topics.GUEST_METRICS_PARTIALS.name(), new TestRecord<>(null, value, headers(schema), now));
    }

    private void pipe(String topic, TestRecord<byte[], byte[]> record) {
        driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(record);
        collect();
    }

    /** What was published since the last look. */
    List<MetricsWindow> published() {
        List<MetricsWindow> all = List.copyOf(published);
        published.clear();
        return all;
    }

    /** The one window that was published since the last look. */
    MetricsWindow window() {
        List<MetricsWindow> all = published();
        if (all.size() != 1) {
            throw new AssertionError("expected one window, got " + all);
        }
        return all.getFirst();
    }

    /** Everything that was ever published, in its order. */
    List<Published> history() {
        return List.copyOf(history);
    }

    /** The last revision of each key. */
    Map<String, MetricsWindow> last() {
        Map<String, MetricsWindow> last = new TreeMap<>();
        history.forEach(published -> last.put(published.window().key(), published.window()));
        return last;
    }

    /** What was sent to be merged since the last look. */
    List<MetricsPartial.Part> partials() {
        List<MetricsPartial.Part> all = List.copyOf(partials);
        partials.clear();
        return all;
    }

    List<DeadLetter> deadLetters() {
        return List.copyOf(deadLetters);
    }

    double facts(AnalyticsMeters.Fate fate) {
        return count("guestflow.analytics.facts", "fate", fate.name());
    }

    double dropped(AnalyticsMeters.Stage stage) {
        return count("guestflow.analytics.dropped", "what", stage.name());
    }

    double timersFailed() {
        return count("guestflow.timers.failed", "application", "analytics");
    }

    private double count(String name, String tag, String value) {
        return meters.stream()
                .mapToDouble(
                        registry -> registry.get(name).tag(tag, value).counter().count())
                .sum();
    }

    /** All that a store knows of windows, or all timers in it. */
    List<KeyValue<Bytes, byte[]>> left(String name) {
        // What belongs to the task itself begins with zeros.
        return entries(name).stream()
                .filter(entry -> ByteBuffer.wrap(entry.key.get()).getLong() != 0)
                .toList();
    }

    private List<KeyValue<Bytes, byte[]>> entries(String name) {
        List<KeyValue<Bytes, byte[]>> entries = new ArrayList<>();
        KeyValueStore<Bytes, byte[]> store = driver.getKeyValueStore(name);
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
            all.forEachRemaining(entries::add);
        }
        return entries;
    }

    private void collect() {
        output(Topics.GUEST_METRICS_PARTIALS.name()).forEach(r -> {
            if (read(MetricsPartial.CODEC, r) instanceof MetricsPartial.Part part) {
                partials.add(part);
            }
        });
        output(Topics.GUEST_METRICS.name()).forEach(r -> {
            MetricsWindow window = read(MetricsWindow.CODEC, r);
            if (!window.key().equals(new String(r.key(), StandardCharsets.UTF_8))) {
                throw new AssertionError("key " + new String(r.key(), StandardCharsets.UTF_8) + " of " + window);
            }
            published.add(window);
            history.add(new Published(now, window));
        });
        output(Topics.GUEST_DEAD_LETTERS.name()).forEach(r -> deadLetters.add(read(DeadLetter.CODEC, r)));
    }

    private List<TestRecord<byte[], byte[]>> output(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    private static <T> T read(JsonCodec<T> codec, TestRecord<byte[], byte[]> record) {
        String schema =
                new String(record.headers().lastHeader(RecordHeaders.SCHEMA).value(), StandardCharsets.UTF_8);
        if (!schema.equals(codec.schema())) {
            throw new AssertionError("schema header " + schema + " on " + codec.schema());
        }
        return codec.read(record.value());
    }

    @Override
    public void close() {
        driver.close();
    }
}
