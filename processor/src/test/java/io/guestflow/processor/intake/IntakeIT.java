package io.guestflow.processor.intake;

import static io.guestflow.processor.intake.Webhooks.RULES;
import static io.guestflow.processor.intake.Webhooks.bytes;
import static io.guestflow.processor.intake.Webhooks.flat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.contracts.session.SessionEvent.Mark;
import io.guestflow.processor.context.AllowedKeys;
import io.guestflow.processor.context.ContextPolicy;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.runtime.FailedRecords;
import io.guestflow.processor.runtime.MainConsumers;
import io.guestflow.processor.runtime.StreamsApplication;
import io.guestflow.processor.runtime.StreamsProperties;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.session.SessionRules;
import io.guestflow.processor.session.SessionTopology;
import io.guestflow.processor.timers.FiringTime;
import io.guestflow.processor.wire.CommitPacer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What no test driver can show: that a real consumer's lag and Kafka Streams' buffers lead to marks that are true. */
@ExtendWith(SharedBroker.class)
class IntakeIT {
    private static final SessionRules SESSIONS = new SessionRules(
            Duration.ofMinutes(5),
            Duration.ofHours(12),
            Duration.ofHours(2),
            false,
            Duration.ofHours(1),
            10_000,
            Duration.ofSeconds(60),
            false,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5));
    private static final int PARTITIONS = 2;
    private static final int WEBHOOKS = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    /** What a consumer knows of its lag is as old as the answer to its last fetch. */
    private static final Duration ON_ITS_WAY = Duration.ofSeconds(2);

    private final KafkaSandbox kafka;

    @TempDir
    private Path stateDir;

    IntakeIT(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    @Test
    void marksFollowTheWebhooksAndCatchUpWithNowWhenAllAreRead() {
        kafka.createTopics(
                PARTITIONS,
                Topics.CXONE_EVENTS.name(),
                Topics.GUEST_CONTEXT_UPDATES.name(),
                Topics.GUEST_SESSION_REVOCATIONS.name(),
                Topics.SESSION_EVENTS.name(),
                Topics.CXONE_SESSION_OUTCOMES.name(),
                Topics.CXONE_SESSION_COMMANDS.name(),
                Topics.GUEST_SESSIONS.name(),
                Topics.GUEST_FACTS.name(),
                Topics.GUEST_DEAD_LETTERS.name());
        for (int i = 0; i < WEBHOOKS; i++) {
            String body =
                    i % 10 == 0 ? "not JSON" : flat("conversation.ended", "").replace("conv-1", "conv-" + i);
            kafka.produce(new ProducerRecord<>(Topics.CXONE_EVENTS.name(), i % PARTITIONS, null, bytes(body)));
        }
        AtomicReference<Throwable> failure = new AtomicReference<>();
        StreamsApplication intake = application(failure);
        intake.start();
        try {
            assertMarksReach(Instant.now().plus(ON_ITS_WAY), WEBHOOKS * 9 / 10);
            // At rest, and once more.
            kafka.produce(
                    new ProducerRecord<>(Topics.CXONE_EVENTS.name(), 0, null, bytes(flat("conversation.started", ""))));
            assertMarksReach(Instant.now().plus(ON_ITS_WAY), WEBHOOKS * 9 / 10 + 1);
        } finally {
            assertTrue(intake.close(Duration.ofSeconds(30), true), "closed in time");
        }
        assertEquals(null, failure.get());
    }

    /** Every partition hears how far webhooks are read, behind all events that were recorded before. */
    private void assertMarksReach(Instant time, int events) {
        List<ConsumerRecord<String, String>> records = kafka.readCommitted(
                Topics.SESSION_EVENTS.name(),
                "marks of every partition that reach " + time,
                read -> {
                    for (int partition = 0; partition < PARTITIONS; partition++) {
                        List<String> of = partition == 0 ? List.of("0", "1") : List.of("all");
                        for (String which : of) {
                            if (!marks(read, partition, which)
                                    .anyMatch(mark -> !mark.readUntil().isBefore(time))) {
                                return false;
                            }
                        }
                    }
                    return true;
                },
                PATIENCE);
        long sent = records.stream()
                .filter(record -> !record.key().startsWith("mark/"))
                .count();
        assertEquals(events, sent, "all events lie before such a mark");
    }

    private static Stream<Mark> marks(List<ConsumerRecord<String, String>> records, int partition, String of) {
        return records.stream()
                .filter(record ->
                        record.partition() == partition && record.key().equals("mark/" + of))
                .map(record -> (Mark) SessionEvent.CODEC.read(bytes(record.value())));
    }

    private StreamsApplication application(AtomicReference<Throwable> failure) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        CommitPacer commits = new CommitPacer(System::nanoTime);
        MainConsumers consumers = MainConsumers.plain(commits);
        Topology topology = new Topology();
        IntakeTopology.addTo(
                topology,
                RULES,
                new ContextPolicy(AllowedKeys.DEFAULTS),
                Webhooks.REFS,
                () -> PARTITIONS,
                consumers,
                commits,
                registry);
        SessionTopology.addTo(topology, SESSIONS, Webhooks.REFS, FiringTime.sharedByThread(System::nanoTime), registry);
        StreamsProperties properties = new StreamsProperties(
                Map.of("bootstrap.servers", kafka.bootstrap()),
                "exactly_once_v2",
                stateDir,
                "intake-it",
                1,
                Duration.ofSeconds(6),
                -1,
                16 << 20,
                new FailedRecords(new DeadLetters(Webhooks.REFS), InstantSource.system(), registry));
        return new StreamsApplication(
                topology,
                properties.of("intake-it", StreamsProperties.Pace.BULK),
                Duration.ofMillis(2),
                consumers,
                Time.SYSTEM,
                (line, cause) -> failure.compareAndSet(null, cause));
    }
}
