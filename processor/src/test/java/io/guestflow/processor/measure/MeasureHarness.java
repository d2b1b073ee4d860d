package io.guestflow.processor.measure;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.analytics.ConversationMetrics;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.contracts.cxone.QueryCommand;
import io.guestflow.contracts.cxone.QueryCommand.MeasureConversations;
import io.guestflow.contracts.cxone.QueryOutcome;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.factlog.FactLog;
import io.guestflow.processor.runtime.FailedRecords;
import io.guestflow.processor.runtime.StreamsProperties;
import io.guestflow.processor.timers.FiringTime;
import io.guestflow.processor.wire.FilledStores;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The topology behind the log of facts, built and configured as in production, with the topics as Java values. */
final class MeasureHarness implements AutoCloseable {
    /** How much is done at a time must not hang on the machine that tests run on. */
    private static final FiringTime ENDLESS = FiringTime.fixed(Duration.ofDays(1), System::nanoTime);

    private static final List<String> STORES = List.of(BatchStore.NAME, MeasureProcessor.TIMERS);

    private MeasureRules rules;
    private final Path stateDir;
    private final List<SimpleMeterRegistry> meters = new ArrayList<>();
    private final List<MeasureConversations> commands = new ArrayList<>();
    private final List<ConversationMetrics> metrics = new ArrayList<>();
    private final List<Fact.ConversationMeasured> facts = new ArrayList<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private TopologyTestDriver driver;
    private Instant now = Given.START;

    MeasureHarness(MeasureRules rules, Path stateDir) {
        this.rules = rules;
        this.stateDir = stateDir;
        driver = driver(Map.of());
        // Timers are held off at first.
        advance(MeasureProcessor.HOLD_OFF);
    }

    private TopologyTestDriver driver(Map<String, List<KeyValue<Bytes, byte[]>>> contents) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        meters.add(registry);
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
                        new FailedRecords(new DeadLetters(Given.REFS), () -> now, registry))
                .of("guestflow-facts", StreamsProperties.Pace.DERIVED));
        properties.put(StreamsConfig.PROCESSOR_WRAPPER_CLASS_CONFIG, FilledStores.class);
        properties.put(FilledStores.CONFIG, Map.of(MeasureTopology.MEASURE, contents));
        Topology topology = new Topology(new TopologyConfig(new StreamsConfig(properties)));
        FactLog.addTo(topology, Given.REFS, (topic, partition) -> Optional.empty(), registry, MeasureTopology.MEASURE);
        MeasureTopology.addTo(topology, rules, Given.REFS, ENDLESS, registry);
        return new TopologyTestDriver(topology, properties, now);
    }

    Instant now() {
        return now;
    }

    void advance(Duration by) {
        now = now.plus(by);
        driver.advanceWallClockTime(by);
    }

    /** As {@link #restart()}, with other rules. */
    void restart(MeasureRules others) {
        rules = others;
        restart();
    }

    /** Ends the process and starts another one with what the stores held. */
    void restart() {
        collect();
        Map<String, List<KeyValue<Bytes, byte[]>>> contents = new HashMap<>();
        for (String name : STORES) {
            contents.put(name, entries(name));
        }
        driver.close();
        driver = driver(contents);
    }

    /** Ends the process and starts another one that finds nothing. */
    void loseState() {
        collect();
        driver.close();
        driver = driver(Map.of());
    }

    /** What no defect of ours may do. */
    void damage(long batch, int index) {
        Bytes key = Bytes.wrap(ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                .putLong(batch)
                .putInt(index)
                .array());
        KeyValueStore<Bytes, byte[]> stored = driver.getKeyValueStore(BatchStore.NAME);
        if (stored.delete(key) == null) {
            throw new AssertionError("there is no " + index + " in batch " + batch);
        }
    }

    private List<KeyValue<Bytes, byte[]>> entries(String store) {
        List<KeyValue<Bytes, byte[]>> entries = new ArrayList<>();
        KeyValueStore<Bytes, byte[]> stored = driver.getKeyValueStore(store);
        try (KeyValueIterator<Bytes, byte[]> all = stored.all()) {
            all.forEachRemaining(entries::add);
        }
        return entries;
    }

    /** How many entries there are of batches and their conversations. */
    int stored() {
        return entries(BatchStore.NAME).size() - 1;
    }

    void ended(String conversationId) {
        fact(Given.ended(conversationId, now));
    }

    void fact(Fact fact) {
        pipe(Topics.GUEST_FACTS.name(), fact.guestRef(), Fact.CODEC, fact);
    }

    void outcome(QueryOutcome outcome) {
        pipe(Topics.CXONE_QUERY_OUTCOMES.name(), outcome.commandId(), QueryOutcome.CODEC, outcome);
    }

    /** CXone has just these, with figures that are one second and one message more than ours. */
    void answer(MeasureConversations command, String... conversationIds) {
        outcome(new QueryOutcome.Measured(
                command.commandId(),
                List.of(conversationIds).stream().map(Given::figures).toList(),
                1,
                1,
                now));
    }

    /** CXone answers it with that status. */
    void refuse(MeasureConversations command, ErrorCode code, int status) {
        outcome(new QueryOutcome.CallFailed(command.commandId(), code, status, "refused", null, 1, now));
    }

    void rawOutcome(byte @Nullable [] value) {
        topic(Topics.CXONE_QUERY_OUTCOMES.name()).pipeInput(new TestRecord<>(null, value, now));
    }

    private <T> void pipe(String name, String key, JsonCodec<T> codec, T value) {
        topic(name).pipeInput(new TestRecord<>(key.getBytes(StandardCharsets.UTF_8), codec.write(value), now));
    }

    private TestInputTopic<byte[], byte[]> topic(String name) {
        return driver.createInputTopic(name, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Since the last look. */
    List<MeasureConversations> commands() {
        collect();
        List<MeasureConversations> all = List.copyOf(commands);
        commands.clear();
        return all;
    }

    /** The one command since the last look. */
    MeasureConversations command() {
        List<MeasureConversations> all = commands();
        if (all.size() != 1) {
            throw new AssertionError("one command was expected, not " + all);
        }
        return all.getFirst();
    }

    /** Since the last look. */
    List<ConversationMetrics> metrics() {
        collect();
        List<ConversationMetrics> all = List.copyOf(metrics);
        metrics.clear();
        return all;
    }

    /** Since the last look. */
    List<Fact.ConversationMeasured> facts() {
        collect();
        List<Fact.ConversationMeasured> all = List.copyOf(facts);
        facts.clear();
        return all;
    }

    List<DeadLetter> deadLetters() {
        collect();
        return List.copyOf(deadLetters);
    }

    double became(String what) {
        return meters.stream()
                .mapToDouble(registry -> registry.get("guestflow.measure.conversations")
                        .tag("became", what)
                        .counter()
                        .count())
                .sum();
    }

    double ignoredOutcomes() {
        return meters.stream()
                .mapToDouble(registry -> registry.get("guestflow.measure.outcomes.ignored")
                        .counter()
                        .count())
                .sum();
    }

    double pending() {
        return meters.getLast().get("guestflow.measure.pending").gauge().value();
    }

    private void collect() {
        output(Topics.CXONE_QUERY_COMMANDS.name())
                .forEach(r -> commands.add((MeasureConversations) read(QueryCommand.CODEC, r)));
        output(Topics.GUEST_CONVERSATION_METRICS.name()).forEach(r -> metrics.add(read(ConversationMetrics.CODEC, r)));
        output(Topics.GUEST_FACTS.name()).forEach(r -> facts.add((Fact.ConversationMeasured) read(Fact.CODEC, r)));
        output(Topics.GUEST_DEAD_LETTERS.name()).forEach(r -> deadLetters.add(read(DeadLetter.CODEC, r)));
    }

    private List<TestRecord<byte[], byte[]>> output(String topic) {
        TestOutputTopic<byte[], byte[]> output =
                driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        return output.readRecordsToList();
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
