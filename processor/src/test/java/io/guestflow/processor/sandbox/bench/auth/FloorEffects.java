package io.guestflow.processor.sandbox.bench.auth;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Effects without an effect: each command, read committed, becomes an outcome in the same partition number, written by an
 * idempotent producer without linger; offsets are committed as often as the processor does, after 32 outcomes or 100 ms.
 *
 * <p>Threading: one thread polls and sends; it ends with the process, and the process with it if it fails.
 */
final class FloorEffects {
    private static final Duration COMMIT_EVERY = Duration.ofMillis(100);
    private static final int ENOUGH = 32;
    private static final int BATCH = 64;

    private final Consumer<byte[], byte[]> consumer;
    private final Producer<byte[], byte[]> producer;
    private final FloorRecords outcomes;
    private final CountDownLatch assigned = new CountDownLatch(1);
    private final AtomicInteger complete = new AtomicInteger();

    FloorEffects(String bootstrap, RecordSizes sizes) {
        this.outcomes = new FloorRecords(sizes.get(Hop.OUTCOMES));
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.GROUP_ID_CONFIG,
                        "bench-floor-effects",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        IsolationLevel.READ_COMMITTED.toString(),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        BATCH),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.LINGER_MS_CONFIG,
                        0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    void start() {
        Thread.ofPlatform().name("floor-effects").start(this::run);
    }

    void awaitAssigned() throws InterruptedException {
        assigned.await();
    }

    private void run() {
        try {
            consumer.subscribe(List.of(Hop.COMMANDS.floor()), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                    assigned.countDown();
                }

                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                    // There is one member: nobody takes anything away.
                }
            });
            long committedAt = System.nanoTime();
            while (true) {
                consumer.poll(COMMIT_EVERY).forEach(this::pass);
                boolean due = System.nanoTime() - committedAt >= COMMIT_EVERY.toNanos();
                if (complete.get() >= ENOUGH || (due && complete.get() > 0)) {
                    committedAt = System.nanoTime();
                    complete.set(0);
                    consumer.commitAsync();
                }
            }
        } catch (RuntimeException broken) {
            FloorMain.fatal("the floor's effects broke", broken);
        }
    }

    private void pass(ConsumerRecord<byte[], byte[]> command) {
        var outcome = new ProducerRecord<>(
                Hop.OUTCOMES.floor(), command.partition(), null, command.key(), outcomes.value(), outcomes.headers());
        producer.send(outcome, (metadata, failure) -> {
            if (failure != null) {
                FloorMain.fatal("the floor lost an outcome", failure);
            }
            complete.incrementAndGet();
        });
    }
}
