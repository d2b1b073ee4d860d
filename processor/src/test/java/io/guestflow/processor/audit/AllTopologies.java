package io.guestflow.processor.audit;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topic;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.audit.AuditRecord;
import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.processor.auth.AuthRules;
import io.guestflow.processor.auth.AuthTopology;
import io.guestflow.processor.context.AllowedKeys;
import io.guestflow.processor.context.ContextPolicy;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.factlog.FactLog;
import io.guestflow.processor.factlog.FilledFacts;
import io.guestflow.processor.runtime.FailedRecords;
import io.guestflow.processor.runtime.StreamsProperties;
import io.guestflow.processor.session.SessionRules;
import io.guestflow.processor.session.SessionTopology;
import io.guestflow.processor.timers.FiringTime;
import io.guestflow.processor.wire.CommitPacer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * Authentication, sessions and the audit in one driver, one partition: what one writes the other reads. Restarts keep the
 * offsets, which facts are called by.
 */
final class AllTopologies implements AutoCloseable {
    static final Instant START = Instant.parse("2026-11-22T07:00:00Z");

    /** How much is done at a time must not hang on the machine that tests run on. */
    private static final FiringTime ENDLESS = FiringTime.fixed(Duration.ofDays(1), System::nanoTime);

    private static final AuthRules AUTH = new AuthRules(
            Duration.ofMinutes(15),
            Duration.ofSeconds(15),
            3,
            Set.of(),
            List.of(),
            false,
            Duration.ofSeconds(60),
            false);
    private static final SessionRules SESSIONS = new SessionRules(
            Duration.ofMinutes(5),
            Duration.ofHours(12),
            Duration.ofHours(2),
            false,
            Duration.ofHours(1),
            1_000,
            Duration.ofSeconds(60),
            false,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5));

    /** Stores of those that decide; the others' are never behind them. */
    private static final String DECIDING = "auth-|session-";

    private final Path stateDir;
    private final AtomicLong salt = new AtomicLong();
    private final List<Fact> facts = new ArrayList<>();
    private final List<TestRecord<byte[], byte[]>> factRecords = new ArrayList<>();
    private final List<TestRecord<byte[], byte[]>> audits = new ArrayList<>();
    private final List<AuthCommand> authCommands = new ArrayList<>();
    private final List<SessionCommand> sessionCommands = new ArrayList<>();
    /** How many records each topic has that is read. */
    private Map<String, Long> ends = new TreeMap<>();

    private Instant now = START;
    private TopologyTestDriver driver;

    /** The stores, the topics and the clock at one time. */
    record Moment(FilledFacts.Contents stores, Map<String, Long> ends, Instant now) {}

    AllTopologies(Path stateDir) {
        this.stateDir = stateDir;
        driver = driver(new FilledFacts.Contents());
    }

    private TopologyTestDriver driver(FilledFacts.Contents contents) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
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
                        new FailedRecords(new DeadLetters(AuditHarness.REFS), () -> now, registry))
                .of("guestflow-all", StreamsProperties.Pace.BULK));
        properties.put(StreamsConfig.PROCESSOR_WRAPPER_CLASS_CONFIG, FilledFacts.class);
        properties.put(FilledFacts.CONFIG, contents);
        Topology topology = new Topology(new TopologyConfig(new StreamsConfig(properties)));
        AuthTopology.addTo(
                topology,
                AUTH,
                new ContextPolicy(AllowedKeys.DEFAULTS),
                AuditHarness.REFS,
                () -> 1,
                CommitPacer.askingForNone(),
                ENDLESS,
                registry);
        SessionTopology.addTo(topology, SESSIONS, AuditHarness.REFS, ENDLESS, registry);
        FactLog.addTo(
                topology, AuditHarness.REFS, (topic, partition) -> Optional.empty(), registry, AuditTopology.AUDIT);
        AuditTopology.addTo(topology, () -> "salt-" + salt.incrementAndGet(), Map::of, registry);
        contents.bind(topology.describe());
        return new TopologyTestDriver(topology, properties, now);
    }

    Instant now() {
        return now;
    }

    Moment moment() {
        collect();
        return new Moment(FilledFacts.Contents.of(driver), new TreeMap<>(ends), now);
    }

    /** A process that finds all as it was then. */
    void restartAt(Moment moment) {
        collect();
        driver.close();
        now = moment.now();
        driver = driver(moment.stores().copy());
        ends = new TreeMap<>();
        // A driver counts offsets from 0 on: what cannot be read moves them and leads to nothing.
        moment.ends().forEach((topic, end) -> {
            // Nothing is called by the offsets of facts.
            if (topic.equals(Topics.GUEST_FACTS.name())) {
                return;
            }
            for (long offset = 0; offset < end; offset++) {
                pipe(topic, null, null);
            }
        });
        collectNothing();
        ends = new TreeMap<>(moment.ends());
    }

    /** What decides is as it was in a moment, what is derived from facts as it is now. */
    Moment deciding(Moment then) {
        Moment here = moment();
        return new Moment(
                FilledFacts.Contents.some(then.stores(), name -> decides(name))
                        .with(FilledFacts.Contents.some(here.stores(), name -> !decides(name))),
                then.ends(),
                then.now());
    }

    private static boolean decides(String store) {
        return java.util.regex.Pattern.compile(DECIDING).matcher(store).lookingAt();
    }

    void advance(Duration by) {
        now = now.plus(by);
        driver.advanceWallClockTime(by);
    }

    void pipe(Topic<?> topic, byte @Nullable [] value, @Nullable String origin) {
        pipe(topic.name(), value, origin);
    }

    private void pipe(String topic, byte @Nullable [] value, @Nullable String origin) {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        if (origin != null) {
            headers.add(RecordHeaders.ORIGIN, origin.getBytes(StandardCharsets.UTF_8));
        }
        ends.merge(topic, 1L, Long::sum);
        driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>("some key".getBytes(StandardCharsets.UTF_8), value, headers, now));
    }

    /** Facts that lie on their topic come again, as they are. */
    void readAgain(List<TestRecord<byte[], byte[]>> some) {
        some.forEach(record -> pipe(Topics.GUEST_FACTS, record.value(), null));
    }

    List<TestRecord<byte[], byte[]>> factRecords() {
        collect();
        return factRecords;
    }

    /** Those that came since the last look. */
    List<Fact> facts() {
        collect();
        List<Fact> all = List.copyOf(facts);
        facts.clear();
        return all;
    }

    List<AuthCommand> authCommands() {
        collect();
        List<AuthCommand> all = List.copyOf(authCommands);
        authCommands.clear();
        return all;
    }

    List<SessionCommand> sessionCommands() {
        collect();
        List<SessionCommand> all = List.copyOf(sessionCommands);
        sessionCommands.clear();
        return all;
    }

    List<TestRecord<byte[], byte[]>> audits() {
        collect();
        return audits;
    }

    List<AuditRecord> audited() {
        return audits().stream()
                .map(record -> AuditRecord.CODEC.read(record.value()))
                .toList();
    }

    private void collect() {
        for (TestRecord<byte[], byte[]> record : read(Topics.GUEST_FACTS)) {
            facts.add(Fact.CODEC.read(record.value()));
            factRecords.add(record);
        }
        read(Topics.SESSION_EVENTS);
        read(Topics.GUEST_AUTH_REQUESTS_REKEYED);
        audits.addAll(read(Topics.GUEST_AUDIT));
        read(Topics.CXONE_AUTH_COMMANDS).forEach(record -> authCommands.add(AuthCommand.CODEC.read(record.value())));
        read(Topics.CXONE_SESSION_COMMANDS)
                .forEach(record -> sessionCommands.add(SessionCommand.CODEC.read(record.value())));
    }

    private void collectNothing() {
        for (Topic<?> topic : List.of(Topics.GUEST_FACTS, Topics.SESSION_EVENTS, Topics.GUEST_AUDIT)) {
            if (!read(topic).isEmpty()) {
                throw new AssertionError("what cannot be read led to something on " + topic.name());
            }
        }
        read(Topics.GUEST_DEAD_LETTERS);
    }

    private List<TestRecord<byte[], byte[]>> read(Topic<?> topic) {
        List<TestRecord<byte[], byte[]>> written = driver.createOutputTopic(
                        topic.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
        if (Set.of(Topics.GUEST_FACTS, Topics.SESSION_EVENTS, Topics.GUEST_AUTH_REQUESTS_REKEYED)
                .contains(topic)) {
            ends.merge(topic.name(), (long) written.size(), Long::sum);
        }
        return written;
    }

    @Override
    public void close() {
        driver.close();
    }
}
