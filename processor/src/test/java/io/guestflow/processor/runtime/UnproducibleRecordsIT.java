package io.guestflow.processor.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.facts.RefKey;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.sandbox.broker.TopicReader;
import io.guestflow.processor.wire.CommitPacer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What comes of a record that a producer does not take, on a real broker: a transaction has a say in it. */
@Timeout(180)
@ExtendWith(SharedBroker.class)
class UnproducibleRecordsIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String LARGE = "large";

    @TempDir
    private Path stateDir;

    private final KafkaSandbox kafka;
    private final List<String> fatal = new CopyOnWriteArrayList<>();

    UnproducibleRecordsIT(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    @BeforeAll
    static void topics(KafkaSandbox kafka) {
        kafka.createTopics(1, Topics.GUEST_DEAD_LETTERS.name(), "alo", "alo-out", "eos", "eos-out");
    }

    @Test
    void atLeastOnceItIsADeadLetterAndTheStreamGoesOn() {
        try (TopicReader out = kafka.readCommitted("alo-out");
                TopicReader dead = kafka.readCommitted(Topics.GUEST_DEAD_LETTERS.name());
                Running running = new Running("alo", "at_least_once")) {
            kafka.produce("alo", "k", LARGE);
            kafka.produce("alo", "k", "fine");

            assertEquals("fine", out.awaitCount(1, SOON).getFirst().value());
            DeadLetter letter = DeadLetter.CODEC.read(
                    dead.awaitCount(1, SOON).getFirst().value().getBytes(UTF_8));
            assertEquals(DeadLetter.Cause.PRODUCTION, letter.cause());
            assertEquals("alo", letter.topic());
            assertTrue(running.application.isRunning());
        }
    }

    @Test
    void exactlyOnceTheTransactionCannotBeSavedAndTheApplicationEnds() {
        try (TopicReader out = kafka.readCommitted("eos-out");
                TopicReader dead = kafka.readCommitted(Topics.GUEST_DEAD_LETTERS.name());
                Running running = new Running("eos", "exactly_once_v2")) {
            kafka.produce("eos", "k", LARGE);
            kafka.produce("eos", "k", "fine");

            await().atMost(SOON).until(() -> !fatal.isEmpty());

            assertTrue(fatal.getFirst().startsWith("eos cannot go on: "), fatal.getFirst());
            assertEquals(0, out.records().size(), "nothing is skipped");
            assertTrue(
                    dead.records().stream().noneMatch(letter -> letter.key().startsWith("eos/")),
                    "and nothing is told that is not so");
        }
    }

    /** in → out, where one value becomes larger than a producer takes. */
    private final class Running implements AutoCloseable {
        final StreamsApplication application;

        Running(String in, String guarantee) {
            Topology topology = new Topology();
            topology.addSource(
                    AutoOffsetReset.earliest(), "source", new StringDeserializer(), new StringDeserializer(), in);
            topology.addProcessor("grow", Growing::new, "source");
            topology.addSink("sink", in + "-out", new StringSerializer(), new StringSerializer(), "grow");
            Map<String, Object> properties = new StreamsProperties(
                            Map.of("bootstrap.servers", kafka.bootstrap()),
                            guarantee,
                            stateDir,
                            "test",
                            1,
                            Duration.ofSeconds(6),
                            1,
                            16 << 20,
                            new FailedRecords(
                                    new DeadLetters(new GuestRefs(new RefKey("k1", new byte[32]))),
                                    InstantSource.system(),
                                    new SimpleMeterRegistry()))
                    .of(in, StreamsProperties.Pace.AWAITED);
            application = new StreamsApplication(
                    topology,
                    properties,
                    Duration.ofMillis(2),
                    MainConsumers.gathering(new CommitPacer(System::nanoTime)),
                    Time.SYSTEM,
                    (line, failure) -> fatal.add(line));
            application.start();
        }

        @Override
        public void close() {
            application.close(Duration.ofSeconds(10), true);
        }
    }

    private static final class Growing extends ContextualProcessor<String, String, String, String> {
        @Override
        public void process(Record<String, String> record) {
            context().forward(record.value().equals(LARGE) ? record.withValue(LARGE.repeat(1 << 20)) : record);
        }
    }
}
