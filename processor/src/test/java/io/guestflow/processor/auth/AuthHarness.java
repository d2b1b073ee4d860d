package io.guestflow.processor.auth;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.processor.context.AllowedKeys;
import io.guestflow.processor.context.ContextPolicy;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.facts.RefKey;
import io.guestflow.processor.runtime.FailedRecords;
import io.guestflow.processor.runtime.StreamsProperties;
import io.guestflow.processor.timers.FiringTime;
import io.guestflow.processor.wire.CommitPacer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The topology, built and configured as in production, with the topics as Java values. */
final class AuthHarness implements AutoCloseable {
    /** How much is done at a time must not hang on the machine that tests run on. */
    static final FiringTime ENDLESS = FiringTime.fixed(Duration.ofDays(1), System::nanoTime);

    static final Instant START = Instant.parse("2026-11-22T07:00:00.000Z");
    static final AuthRules RULES = new AuthRules(
            Duration.ofMinutes(15),
            Duration.ofSeconds(15),
            3,
            Set.of(),
            List.of(),
            false,
            Duration.ofSeconds(60),
            false);
    static final GuestRefs REFS = new GuestRefs(new RefKey("k1", new byte[32]));

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> requests;
    private final TestInputTopic<byte[], byte[]> outcomes;
    private final TestOutputTopic<byte[], byte[]> results;
    private final TestOutputTopic<byte[], byte[]> commands;
    private final TestOutputTopic<byte[], byte[]> facts;
    private final TestOutputTopic<byte[], byte[]> sessionEvents;
    private final TestOutputTopic<byte[], byte[]> rekeyed;
    private final TestOutputTopic<byte[], byte[]> deadLetters;
    private Instant now = START;

    AuthHarness(AuthRules rules, Path stateDir) {
        this(rules, stateDir, 1);
    }

    AuthHarness(AuthRules rules, Path stateDir, int partitions) {
        this(rules, stateDir, partitions, new ContextPolicy(AllowedKeys.DEFAULTS));
    }

    AuthHarness(AuthRules rules, Path stateDir, int partitions, ContextPolicy contextPolicy) {
        FailedRecords failed = new FailedRecords(new DeadLetters(REFS), () -> now, meters);
        CommitPacer commits = new CommitPacer(System::nanoTime);
        Properties properties = new Properties();
        properties.putAll(new StreamsProperties(
                        Map.of("bootstrap.servers", "127.0.0.1:1"),
                        rules.atLeastOnce() ? "at_least_once" : "exactly_once_v2",
                        stateDir,
                        "test",
                        1,
                        Duration.ofSeconds(6),
                        1,
                        16 << 20,
                        failed)
                .of("guestflow-auth", StreamsProperties.Pace.AWAITED));
        driver = new TopologyTestDriver(
                AuthTopology.build(rules, contextPolicy, REFS, () -> partitions, commits, ENDLESS, meters),
                properties,
                START);
        requests = driver.createInputTopic(
                Topics.GUEST_AUTH_REQUESTS.name(), new ByteArraySerializer(), new ByteArraySerializer());
        outcomes = driver.createInputTopic(
                Topics.CXONE_AUTH_OUTCOMES.name(), new ByteArraySerializer(), new ByteArraySerializer());
        results = output(Topics.GUEST_AUTH_RESULTS.name());
        commands = output(Topics.CXONE_AUTH_COMMANDS.name());
        facts = output(Topics.GUEST_FACTS.name());
        sessionEvents = output(Topics.SESSION_EVENTS.name());
        rekeyed = output(Topics.GUEST_AUTH_REQUESTS_REKEYED.name());
        deadLetters = output(Topics.GUEST_DEAD_LETTERS.name());
    }

    private TestOutputTopic<byte[], byte[]> output(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** A result as it lies on the topic. */
    record Answered(GuestAuthResult result, boolean replayed, Headers headers) {}

    Instant now() {
        return now;
    }

    void advance(Duration by) {
        driver.advanceWallClockTime(by);
        now = now.plus(by);
    }

    void request(String json) {
        request(json, now);
    }

    void request(String json, Instant at) {
        request(
                null,
                json.getBytes(StandardCharsets.UTF_8),
                at,
                new org.apache.kafka.common.header.internals.RecordHeaders());
    }

    void request(byte @Nullable [] key, byte @Nullable [] value, Instant at, Headers headers) {
        requests.pipeInput(new TestRecord<>(key, value, headers, at));
    }

    void outcome(AuthOutcome outcome) {
        outcomes.pipeInput(new TestRecord<>(
                outcome.guestId().getBytes(StandardCharsets.UTF_8),
                AuthOutcome.CODEC.write(outcome),
                new org.apache.kafka.common.header.internals.RecordHeaders(),
                now));
    }

    void rawOutcome(byte @Nullable [] value) {
        outcomes.pipeInput(
                new TestRecord<>(null, value, new org.apache.kafka.common.header.internals.RecordHeaders(), now));
    }

    List<Answered> answers() {
        return results.readRecordsToList().stream()
                .map(record -> new Answered(
                        GuestAuthResult.CODEC.read(record.value()),
                        record.headers().lastHeader(RecordHeaders.REPLAYED) != null,
                        record.headers()))
                .toList();
    }

    /** The one answer that came since the last look. */
    Answered answer() {
        List<Answered> all = answers();
        if (all.size() != 1) {
            throw new AssertionError("expected one answer, got " + all);
        }
        return all.getFirst();
    }

    List<AuthCommand> commands() {
        return read(commands, AuthCommand.CODEC);
    }

    List<TestRecord<byte[], byte[]>> rawCommands() {
        return commands.readRecordsToList();
    }

    AuthCommand.Authenticate command() {
        List<AuthCommand> all = commands();
        if (all.size() != 1 || !(all.getFirst() instanceof AuthCommand.Authenticate command)) {
            throw new AssertionError("expected one Authenticate, got " + all);
        }
        return command;
    }

    List<Fact> facts() {
        return read(facts, Fact.CODEC);
    }

    List<SessionEvent> sessionEvents() {
        return read(sessionEvents, SessionEvent.CODEC);
    }

    List<DeadLetter> deadLetters() {
        return read(deadLetters, DeadLetter.CODEC);
    }

    List<TestRecord<byte[], byte[]>> rekeyed() {
        return rekeyed.readRecordsToList();
    }

    double count(String meter) {
        return meters.find(meter).counters().stream()
                .mapToDouble(c -> c.count())
                .sum();
    }

    /** In seconds. */
    double timersLag() {
        return meters.get("guestflow.timers.lag").gauge().value();
    }

    double pending() {
        return meters.get("guestflow.auth.pending").gauge().value();
    }

    /** How many entries all stores hold, the timers' cursor aside. */
    int stored() {
        int count = 0;
        for (String name : List.of(RequestStore.PENDING, RequestStore.ENDED, GuestAuthProcessor.TIMERS)) {
            KeyValueStore<Bytes, byte[]> store = driver.getKeyValueStore(name);
            try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
                while (all.hasNext()) {
                    KeyValue<Bytes, byte[]> entry = all.next();
                    count += entry.key.get().length > Long.BYTES ? 1 : 0;
                }
            }
        }
        return count;
    }

    /** Makes that what is known of the end of a request cannot be read. */
    void breakEnded(String requestId, String guestId) {
        KeyValueStore<Bytes, byte[]> store = driver.getKeyValueStore(RequestStore.ENDED);
        store.put(new RequestKey(guestId, requestId).bytes(), new byte[] {1});
    }

    private static <T> List<T> read(TestOutputTopic<byte[], byte[]> topic, JsonCodec<T> codec) {
        return topic.readRecordsToList().stream()
                .map(record -> {
                    Headers headers = record.headers();
                    String schema =
                            new String(headers.lastHeader(RecordHeaders.SCHEMA).value(), StandardCharsets.UTF_8);
                    if (!schema.equals(codec.schema())) {
                        throw new AssertionError("schema header " + schema + " on " + codec.schema());
                    }
                    return codec.read(record.value());
                })
                .toList();
    }

    @Override
    public void close() {
        driver.close();
    }
}
