package io.guestflow.processor.sandbox.bench.sessions;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionCommand;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Hands over what the processor publishes of sessions and what it commands for them, committed, with the time at which it
 * could be read: what a record says of its own time is not asked.
 *
 * <p>Threading: one thread of its own reads and calls the listener.
 */
final class Watch implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration CONNECTS_WITHIN = Duration.ofSeconds(60);

    /** Who is told. */
    interface Listener {
        /** A session's record; null values are not told. */
        default void session(Session session, int partition, Instant readAt) {}

        /** A command. */
        default void command(SessionCommand command, Instant readAt) {}
    }

    private final Consumer<byte[], byte[]> consumer;
    private final InstantSource clock;
    private final CountDownLatch reading = new CountDownLatch(1);
    private final Thread reader;
    private volatile Listener listener = new Listener() {};
    private volatile @Nullable RuntimeException failure;

    private Watch(String bootstrap, InstantSource clock) {
        this.clock = clock;
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        IsolationLevel.READ_COMMITTED.toString(),
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        5_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        this.reader = Thread.ofPlatform().daemon().name("bench-watch").start(this::read);
    }

    /** Returns when it stands at the end of the topics, which must exist. */
    static Watch start(String bootstrap, InstantSource clock) throws InterruptedException {
        Watch watch = new Watch(bootstrap, clock);
        if (!watch.reading.await(CONNECTS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
            watch.close();
            throw new IllegalStateException("the ends of the sessions' topics were not reached");
        }
        watch.check();
        return watch;
    }

    /** From now on this one is told. */
    void tell(Listener next) {
        listener = next;
    }

    /** @throws IllegalStateException when reading has failed */
    void check() {
        RuntimeException e = failure;
        if (e != null) {
            throw new IllegalStateException("reading the sessions' topics failed", e);
        }
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try (consumer) {
            List<TopicPartition> partitions = Stream.of(
                            Topics.GUEST_SESSIONS.name(), Topics.CXONE_SESSION_COMMANDS.name())
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            partitions.forEach(consumer::position);
            reading.countDown();
            while (true) {
                var records = consumer.poll(POLL);
                Instant now = clock.instant();
                records.forEach(record -> tell(record, now));
            }
        } catch (WakeupException closed) {
            // close() asked for it.
        } catch (RuntimeException e) {
            failure = e;
            reading.countDown();
        }
    }

    private void tell(ConsumerRecord<byte[], byte[]> record, Instant now) {
        if (record.topic().equals(Topics.CXONE_SESSION_COMMANDS.name())) {
            listener.command(SessionCommand.CODEC.read(record.value()), now);
        } else if (record.value() != null) {
            listener.session(Session.CODEC.read(record.value()), record.partition(), now);
        }
    }
}
