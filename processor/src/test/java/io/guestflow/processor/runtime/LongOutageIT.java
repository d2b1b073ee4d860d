package io.guestflow.processor.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.facts.RefKey;
import io.guestflow.processor.sandbox.broker.BrokerOptions;
import io.guestflow.processor.sandbox.broker.KafkaCluster;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.TopicReader;
import io.guestflow.processor.wire.CommitPacer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An outage that is several times as long as a producer waits for anything. Producers are less patient here than they are:
 * with 2 min for each wait it would take a quarter of an hour.
 */
@Tag("full")
@Timeout(180)
class LongOutageIT {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int PATIENCE_MS = 1_000;
    private static final Duration OUTAGE = Duration.ofSeconds(12);
    private static final int PARTITIONS = 3;
    private static final int RECORDS = 30;
    private static final String COUNTS = "counts";

    @TempDir
    private Path stateDir;

    private final List<String> fatal = new CopyOnWriteArrayList<>();
    private KafkaCluster broker;
    private KafkaSandbox kafka;

    /** How a broker is away. */
    private enum Away {
        KILLED,
        SILENT
    }

    @BeforeEach
    void start() {
        broker = KafkaCluster.start(1, BrokerOptions.fastStart());
        kafka = new KafkaSandbox(broker.bootstrap());
        kafka.createTopics(PARTITIONS, "in", "out", "ticks");
    }

    @AfterEach
    void stop() {
        kafka.close();
        broker.close();
    }

    @ParameterizedTest
    @EnumSource
    void whatWasUnderWayIsDoneAgainAndNothingIsLostOrTwice(Away away) throws Exception {
        StreamsApplication application = application();
        application.start();
        try (TopicReader out = kafka.readCommitted("out")) {
            send("before");
            out.awaitCount(RECORDS, SOON);
            // The middle of what it does with these.
            List<Future<RecordMetadata>> sent = IntStream.range(0, RECORDS)
                    .mapToObj(i -> kafka.send(record("meanwhile", i)))
                    .toList();
            sent.getLast().get(SOON.toSeconds(), TimeUnit.SECONDS);
            if (away == Away.KILLED) {
                broker.kill();
            } else {
                broker.pause();
            }
            await().pollDelay(OUTAGE).atMost(OUTAGE.multipliedBy(2)).until(() -> true);
            if (away == Away.KILLED) {
                broker.restart();
            } else {
                broker.resume();
            }
            send("after");

            assertEquals(3 * RECORDS, out.awaitCount(3 * RECORDS, SOON).size());
            for (int partition = 0; partition < PARTITIONS; partition++) {
                int each = partition;
                assertEquals(
                        IntStream.rangeClosed(1, 3 * RECORDS / PARTITIONS)
                                .boxed()
                                .toList(),
                        out.records().stream()
                                .filter(record -> record.partition() == each)
                                .map(record -> Integer.parseInt(record.value()))
                                .toList(),
                        "each record counted once, in its turn");
            }
            assertEquals(List.of(), fatal);
            await().atMost(SOON).until(application::isRunning);
        } finally {
            application.close(Duration.ofSeconds(10), true);
        }
    }

    private void send(String what) {
        IntStream.range(0, RECORDS).forEach(i -> kafka.produce(record(what, i)));
    }

    private static ProducerRecord<byte[], byte[]> record(String what, int number) {
        return new ProducerRecord<>("in", number % PARTITIONS, "k".getBytes(UTF_8), (what + number).getBytes(UTF_8));
    }

    private StreamsApplication application() {
        Topology topology = new Topology();
        topology.addSource(
                AutoOffsetReset.earliest(), "source", new StringDeserializer(), new StringDeserializer(), "in");
        topology.addProcessor("count", Counting::new, "source");
        topology.addStateStore(
                Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(COUNTS), Serdes.String(), Serdes.Integer()),
                "count");
        topology.addSink(
                "sink",
                "out",
                new StringSerializer(),
                new StringSerializer(),
                (topic, key, value, partitions) -> Optional.of(Set.of(Integer.parseInt(key))),
                "count");
        topology.addSink("ticks", "ticks", new StringSerializer(), new StringSerializer(), "count");
        Map<String, Object> properties = new StreamsProperties(
                        Map.of("bootstrap.servers", broker.bootstrap()),
                        StreamsConfig.EXACTLY_ONCE_V2,
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
                .of("outage", StreamsProperties.Pace.AWAITED);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_BLOCK_MS_CONFIG), PATIENCE_MS);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG), PATIENCE_MS / 2);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG), PATIENCE_MS);
        return new StreamsApplication(
                topology,
                properties,
                Duration.ofMillis(2),
                MainConsumers.gathering(new CommitPacer(System::nanoTime)),
                Time.SYSTEM,
                (line, failure) -> fatal.add(line));
    }

    /** Numbers the records of its partition, and says something now and then, asked or not. */
    private static final class Counting extends ContextualProcessor<String, String, String, String> {
        private KeyValueStore<String, Integer> counts;

        @SuppressWarnings("NullAway.Init") // init comes first.
        private Counting() {}

        @Override
        public void init(ProcessorContext<String, String> context) {
            super.init(context);
            counts = context.getStateStore(COUNTS);
            context.schedule(Duration.ofMillis(50), PunctuationType.WALL_CLOCK_TIME, now -> {
                counts.put("tick", Math.toIntExact(now % 1000));
                context.forward(new Record<>("0", "tick", now), "ticks");
            });
        }

        @Override
        public void process(Record<String, String> record) {
            Integer before = counts.get("count");
            int count = before == null ? 1 : before + 1;
            counts.put("count", count);
            context()
                    .forward(
                            new Record<>(
                                    Integer.toString(context().taskId().partition()),
                                    Integer.toString(count),
                                    record.timestamp()),
                            "sink");
        }
    }
}
