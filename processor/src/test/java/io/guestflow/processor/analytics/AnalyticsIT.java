package io.guestflow.processor.analytics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.analytics.MetricsWindow;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.factlog.FactLog;
import io.guestflow.processor.runtime.FailedRecords;
import io.guestflow.processor.runtime.MainConsumers;
import io.guestflow.processor.runtime.StreamsApplication;
import io.guestflow.processor.runtime.StreamsProperties;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.timers.FiringTime;
import io.guestflow.processor.wire.CommitPacer;
import io.guestflow.processor.wire.Partitions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What no test driver can show: partitions that are merged, a cache in front of the stores, and a restart from disk. */
@Tag("full")
@ExtendWith(SharedBroker.class)
class AnalyticsIT {
    private static final AnalyticsRules RULES = new AnalyticsRules(
            List.of(Duration.ofSeconds(5)), Duration.ofSeconds(1), false, false, 1_000, Duration.ofHours(1), Set.of());
    private static final int PARTITIONS = 3;
    private static final int FACTS = 600;
    private static final int CHANNELS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final KafkaSandbox kafka;

    @TempDir
    private Path stateDir;

    AnalyticsIT(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    @Test
    void windowsCloseWithoutTrafficAndALateFactAfterARestartBringsTheWholeWindowAgain() {
        kafka.createTopics(
                PARTITIONS,
                Topics.GUEST_FACTS.name(),
                Topics.GUEST_METRICS_PARTIALS.name(),
                Topics.GUEST_METRICS.name(),
                Topics.GUEST_DEAD_LETTERS.name());
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Instant at = Instant.now();
        StreamsApplication analytics = application(failure);
        analytics.start();
        try {
            for (int i = 0; i < FACTS; i++) {
                produce(i, at);
            }
            Map<String, MetricsWindow> last = windowsOf(FACTS);
            assertEquals(CHANNELS, last.size());
        } finally {
            assertTrue(analytics.close(Duration.ofSeconds(30), true), "closed in time");
        }
        produce(0, at);
        analytics = application(failure);
        analytics.start();
        try {
            Map<String, MetricsWindow> last = windowsOf(FACTS + 1);
            MetricsWindow revised = last.values().stream()
                    .filter(window -> window.channelId().equals("channel-0"))
                    .findFirst()
                    .orElseThrow();
            assertTrue(revised.revision() > 1, revised.toString());
            assertEquals(FACTS / CHANNELS + 1, revised.auth().succeeded());

            // What counts twice comes after what is right: so later windows are waited for, of all partitions and
            // channels.
            Instant later = Instant.now();
            for (int i = 0; i < PARTITIONS * CHANNELS; i++) {
                produce(i, later);
            }
            long before = windowsOf(FACTS + 1 + PARTITIONS * CHANNELS).values().stream()
                    .filter(window -> window.windowEnd().isBefore(later.minusSeconds(5)))
                    .mapToLong(window -> window.auth().succeeded())
                    .sum();
            assertEquals(FACTS + 1, before);
        } finally {
            assertTrue(analytics.close(Duration.ofSeconds(30), true), "closed in time");
        }
        assertEquals(null, failure.get());
    }

    private void produce(int i, Instant at) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                Topics.GUEST_FACTS.name(),
                i % PARTITIONS,
                null,
                Fact.CODEC.write(Given.succeeded(at, new Dimensions("channel-" + i % CHANNELS, null, null), i)));
        record.headers().add(RecordHeaders.SCHEMA, Fact.CODEC.schema().getBytes(UTF_8));
        kafka.produce(record);
    }

    /** The last revisions, once so many guests are in them. */
    private Map<String, MetricsWindow> windowsOf(int guests) {
        List<ConsumerRecord<String, String>> records = kafka.readCommitted(
                Topics.GUEST_METRICS.name(),
                "windows with " + guests + " guests",
                read -> last(read).values().stream()
                                .mapToLong(window -> window.auth().succeeded())
                                .sum()
                        == guests,
                PATIENCE);
        records.forEach(record -> assertEquals(
                Partitions.of(record.key().getBytes(UTF_8), PARTITIONS), record.partition(), record.key()));
        return last(records);
    }

    private static Map<String, MetricsWindow> last(List<ConsumerRecord<String, String>> records) {
        Map<String, MetricsWindow> last = new HashMap<>();
        records.forEach(record ->
                last.put(record.key(), MetricsWindow.CODEC.read(record.value().getBytes(UTF_8))));
        return last;
    }

    private StreamsApplication application(AtomicReference<Throwable> failure) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        MainConsumers consumers = MainConsumers.plain(CommitPacer.askingForNone());
        Topology topology = new Topology();
        FactLog.addTo(topology, Given.REFS, consumers, registry, AnalyticsTopology.PARTIAL);
        AnalyticsTopology.addTo(
                topology,
                RULES,
                Given.REFS,
                () -> PARTITIONS,
                consumers,
                FiringTime.sharedByThread(System::nanoTime),
                registry);
        StreamsProperties properties = new StreamsProperties(
                Map.of("bootstrap.servers", kafka.bootstrap()),
                "exactly_once_v2",
                stateDir,
                "analytics-it",
                1,
                Duration.ofSeconds(6),
                -1,
                16 << 20,
                new FailedRecords(new DeadLetters(Given.REFS), InstantSource.system(), registry));
        return new StreamsApplication(
                topology,
                properties.of("analytics-it", StreamsProperties.Pace.DERIVED),
                Duration.ofMillis(2),
                consumers,
                Time.SYSTEM,
                (line, cause) -> failure.compareAndSet(null, cause));
    }
}
