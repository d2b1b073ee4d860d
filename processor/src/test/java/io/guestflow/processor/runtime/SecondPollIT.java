package io.guestflow.processor.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Members that come and go while many a rebalance falls into a second poll, because the gap is so long. */
@Timeout(180)
@Tag("full")
@ExtendWith(SharedBroker.class)
class SecondPollIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration GAP = Duration.ofMillis(20);
    private static final int PARTITIONS = 4;
    private static final int COMINGS = 5;
    private static final int MEANWHILE = 500;

    @TempDir
    private Path dir;

    private final KafkaSandbox kafka;
    private final List<String> fatal = new CopyOnWriteArrayList<>();

    SecondPollIT(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    @Test
    void membersThatComeAndGoLoseNothingRepeatNothingAndKeepTheOrder() throws InterruptedException, ExecutionException {
        kafka.createTopics(PARTITIONS, "second", "second-out");
        AtomicBoolean over = new AtomicBoolean();
        try (TopicReader out = kafka.readCommitted("second-out");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long sent;
            try (Running stays = new Running("stays")) {
                stays.awaitRunning();
                Future<Long> load = threads.submit(() -> send(over));
                try {
                    for (int i = 0; i < COMINGS; i++) {
                        try (Running comes = new Running("comes-" + i)) {
                            comes.awaitRunning();
                            awaitMore(out);
                        }
                        awaitMore(out);
                    }
                } finally {
                    over.set(true);
                }
                sent = load.get();
                out.awaitCount(Math.toIntExact(sent), SOON);
            }
            var byPartition = new TreeMap<Integer, List<Long>>();
            out.records()
                    .forEach(record -> byPartition
                            .computeIfAbsent(record.partition(), ignored -> new ArrayList<>())
                            .add(Long.valueOf(record.value())));
            assertEquals(PARTITIONS, byPartition.size());
            byPartition.forEach((partition, numbers) -> assertEquals(
                    LongStream.range(0, sent / PARTITIONS).boxed().toList(), numbers, "partition " + partition));
            assertEquals(List.of(), fatal);
        }
    }

    private void awaitMore(TopicReader out) {
        int before = out.records().size();
        await().atMost(SOON).until(() -> out.records().size() > before + MEANWHILE);
    }

    /** Some hundreds a second, the same numbers to each partition. */
    private long send(AtomicBoolean over) throws InterruptedException {
        long number = 0;
        while (!over.get()) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                byte[] value = Long.toString(number).getBytes(UTF_8);
                kafka.send(new ProducerRecord<>("second", partition, null, value));
            }
            number++;
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return number * PARTITIONS;
    }

    private final class Running implements AutoCloseable {
        private final StreamsApplication application;

        Running(String instance) {
            CommitPacer commits = new CommitPacer(System::nanoTime);
            Topology topology = new Topology();
            topology.addSource(
                    AutoOffsetReset.earliest(),
                    "source",
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer(),
                    "second");
            topology.addProcessor("pass", () -> new Passing(commits), "source");
            topology.addSink(
                    "sink",
                    "second-out",
                    new ByteArraySerializer(),
                    new ByteArraySerializer(),
                    (topic, key, value, partitions) -> Optional.of(Set.of((int) key[0])),
                    "pass");
            Map<String, Object> properties = new StreamsProperties(
                            Map.of("bootstrap.servers", kafka.bootstrap()),
                            "exactly_once_v2",
                            dir.resolve(instance),
                            instance,
                            1,
                            Duration.ofSeconds(6),
                            1,
                            16 << 20,
                            new FailedRecords(
                                    new DeadLetters(new GuestRefs(new RefKey("k1", new byte[32]))),
                                    InstantSource.system(),
                                    new SimpleMeterRegistry()))
                    .of("second-poll", StreamsProperties.Pace.AWAITED);
            application = new StreamsApplication(
                    topology,
                    properties,
                    GAP,
                    MainConsumers.gathering(commits),
                    Time.SYSTEM,
                    (line, failure) -> fatal.add(line));
            application.start();
        }

        void awaitRunning() throws InterruptedException {
            assertEquals(true, application.awaitRunning(SOON));
        }

        @Override
        public void close() {
            application.close(Duration.ofSeconds(10), true);
        }
    }

    /** The partition number becomes the key: what leaves lies where it came from. */
    private static final class Passing extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
        private final CommitPacer commits;

        Passing(CommitPacer commits) {
            this.commits = commits;
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            context()
                    .forward(
                            record.withKey(new byte[] {(byte) context().taskId().partition()}));
            commits.request(context());
            commits.processed(context());
        }
    }
}
