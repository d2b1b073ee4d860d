package io.guestflow.processor.session;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.contracts.session.SessionOutcome;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.facts.RefreshAnswer;
import io.guestflow.processor.runtime.FailedRecords;
import io.guestflow.processor.runtime.StreamsProperties;
import io.guestflow.processor.timers.FiringTime;
import io.guestflow.processor.wire.FilledStores;
import io.guestflow.processor.wire.Origin;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.common.header.Headers;
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

/**
 * The topology, built and configured as in production, with the topics as Java values. Time passes in steps, and once a
 * second there is a mark of one intake partition that has read everything, unless the webhooks are said to lag.
 */
final class SessionHarness implements AutoCloseable {
    /** How much is done at a time must not hang on the machine that tests run on. */
    static final FiringTime ENDLESS = FiringTime.fixed(Duration.ofDays(1), System::nanoTime);

    private static final Duration STEP = Duration.ofMillis(500);
    private static final Duration LONG_STEP = Duration.ofSeconds(4);
    private static final Duration LONG = Duration.ofMinutes(20);
    private static final List<String> STORES =
            List.of(ConversationStore.LIVE, ConversationStore.HELD, SessionProcessor.TIMERS);

    /** One of each process that there was. */
    private final List<SimpleMeterRegistry> meters = new ArrayList<>();

    private final SessionRules rules;
    private final Path stateDir;
    private final List<TestRecord<byte[], byte[]>> sessions = new ArrayList<>();
    private final List<SessionCommand> commands = new ArrayList<>();
    private final List<Fact> facts = new ArrayList<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private TopologyTestDriver driver;
    private Instant now = Given.START;
    private @Nullable Instant webhooksStuckAt;
    private boolean marked = true;
    private long offset;

    SessionHarness(SessionRules rules, Path stateDir) {
        this.rules = rules;
        this.stateDir = stateDir;
        driver = driver(Map.of());
    }

    private TopologyTestDriver driver(Map<String, List<KeyValue<Bytes, byte[]>>> contents) {
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
                .of("guestflow-sessions", StreamsProperties.Pace.BULK));
        properties.put(StreamsConfig.PROCESSOR_WRAPPER_CLASS_CONFIG, FilledStores.class);
        properties.put(FilledStores.CONFIG, Map.of(SessionTopology.SESSION, contents));
        Topology topology = new Topology(new TopologyConfig(new StreamsConfig(properties)));
        SessionTopology.addTo(topology, rules, Given.REFS, ENDLESS, registry);
        return new TopologyTestDriver(topology, properties, now);
    }

    Instant now() {
        return now;
    }

    /** Ends the process and starts another one with what the stores held. */
    void restart() {
        restart(Duration.ZERO);
    }

    /** Ends the process and starts another one so much later. */
    void restart(Duration away) {
        collect();
        Map<String, List<KeyValue<Bytes, byte[]>>> contents = new HashMap<>();
        for (String name : STORES) {
            List<KeyValue<Bytes, byte[]>> entries = new ArrayList<>();
            KeyValueStore<Bytes, byte[]> store = driver.getKeyValueStore(name);
            try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
                all.forEachRemaining(entries::add);
            }
            contents.put(name, entries);
        }
        driver.close();
        now = now.plus(away);
        driver = driver(contents);
    }

    void advance(Duration by) {
        Instant until = now.plus(by);
        while (now.isBefore(until)) {
            Duration left = Duration.between(now, until);
            Duration most = left.compareTo(LONG) > 0 ? LONG_STEP : STEP;
            Duration step = left.compareTo(most) < 0 ? left : most;
            now = now.plus(step);
            if (now.toEpochMilli() % 1_000 < STEP.toMillis()) {
                mark();
            }
            driver.advanceWallClockTime(step);
        }
    }

    void advanceTo(Instant time) {
        advance(Duration.between(now, time));
    }

    /** From now on webhooks are not read. */
    void webhooksStop() {
        webhooksStuckAt = now;
    }

    void webhooksGoOn() {
        webhooksStuckAt = null;
    }

    /** From now on intake says nothing. */
    void marksStop() {
        marked = false;
    }

    private void mark() {
        if (!marked) {
            return;
        }
        event(new SessionEvent.Mark(now, 0, 1, webhooksStuckAt == null ? now : webhooksStuckAt));
    }

    void event(SessionEvent event) {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        headers.add(RecordHeaders.ORIGIN, Origin.text(new Source("cxone-events", 0, offset++)));
        rawEvent(SessionEvent.CODEC.write(event), headers);
    }

    void rawEvent(byte @Nullable [] value, Headers headers) {
        topic(Topics.SESSION_EVENTS.name()).pipeInput(new TestRecord<>(null, value, headers, now));
    }

    void outcome(SessionOutcome outcome) {
        outcome(outcome, now);
    }

    /** One that was written at that time. */
    void outcome(SessionOutcome outcome, Instant at) {
        topic(Topics.CXONE_SESSION_OUTCOMES.name())
                .pipeInput(new TestRecord<>(
                        outcome.conversationId().getBytes(StandardCharsets.UTF_8),
                        SessionOutcome.CODEC.write(outcome),
                        new org.apache.kafka.common.header.internals.RecordHeaders(),
                        at));
    }

    private TestInputTopic<byte[], byte[]> topic(String name) {
        return driver.createInputTopic(name, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** What was shown since the last look, null for a tombstone. */
    List<@Nullable Session> shown() {
        collect();
        List<@Nullable Session> all = new ArrayList<>();
        sessions.forEach(record -> all.add(record.value() == null ? null : Session.CODEC.read(record.value())));
        sessions.clear();
        return all;
    }

    /** The last that was shown since the last look. */
    Session lastShown() {
        List<@Nullable Session> all = shown();
        if (all.isEmpty()) {
            throw new AssertionError("nothing was shown");
        }
        return Objects.requireNonNull(all.getLast(), "a tombstone was shown");
    }

    List<SessionCommand> commands() {
        collect();
        List<SessionCommand> all = List.copyOf(commands);
        commands.clear();
        return all;
    }

    /** The one command that came since the last look. */
    <C extends SessionCommand> C command(Class<C> type) {
        List<SessionCommand> all = commands();
        if (all.size() != 1 || !type.isInstance(all.getFirst())) {
            throw new AssertionError("expected one " + type.getSimpleName() + ", got " + all);
        }
        return type.cast(all.getFirst());
    }

    List<Fact> facts() {
        collect();
        List<Fact> all = List.copyOf(facts);
        facts.clear();
        return all;
    }

    /** The facts of one kind that came since the last look; the others are dropped. */
    <F extends Fact> List<F> facts(Class<F> type) {
        return facts().stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<DeadLetter> deadLetters() {
        collect();
        return List.copyOf(deadLetters);
    }

    double events(Output.Fate fate) {
        return count("guestflow.session.events", "fate", fate.name());
    }

    double remarks(Output.Remark remark) {
        return count("guestflow.session.remarks", "what", remark.name());
    }

    double refreshes(RefreshAnswer answer) {
        return count("guestflow.session.refreshes", "answer", answer.name());
    }

    private double count(String name, String tag, String value) {
        return meters.stream()
                .mapToDouble(
                        registry -> registry.get(name).tag(tag, value).counter().count())
                .sum();
    }

    double gauge(String name) {
        return meters.getLast().get(name).gauge().value();
    }

    /** As if a version to come had written what is stored. */
    void changeVersionOfState() {
        KeyValueStore<Bytes, byte[]> live = driver.getKeyValueStore(ConversationStore.LIVE);
        List<KeyValue<Bytes, byte[]>> entries = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> all = live.all()) {
            all.forEachRemaining(entries::add);
        }
        for (KeyValue<Bytes, byte[]> entry : entries) {
            byte[] changed = entry.value.clone();
            changed[0] = Byte.MAX_VALUE;
            live.put(entry.key, changed);
        }
    }

    /** How many entries a store holds. */
    int stored(String name) {
        int count = 0;
        KeyValueStore<Bytes, byte[]> store = driver.getKeyValueStore(name);
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
            while (all.hasNext()) {
                // The timers' cursor is none.
                count += all.next().key.get().length == Long.BYTES && name.equals(SessionProcessor.TIMERS) ? 0 : 1;
            }
        }
        return count;
    }

    private void collect() {
        sessions.addAll(output(Topics.GUEST_SESSIONS.name()));
        output(Topics.CXONE_SESSION_COMMANDS.name()).forEach(r -> commands.add(read(SessionCommand.CODEC, r)));
        output(Topics.GUEST_FACTS.name()).forEach(r -> facts.add(read(Fact.CODEC, r)));
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
