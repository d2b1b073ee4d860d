package io.guestflow.processor.sandbox.demo;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Hands over what transactions committed to some topics, from their beginning on, record by record. It belongs to no
 * group and keeps nothing.
 *
 * <p>Threading: one thread of its own polls and calls the reader.
 */
final class Inbox implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread poller;
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

    /** @param topics must exist */
    Inbox(String bootstrap, List<String> topics, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        poller = Thread.ofPlatform().daemon().name("demo-inbox").start(() -> poll(topics, reader));
    }

    /** @throws IllegalStateException when reading has failed */
    void check() {
        RuntimeException e = failure.get();
        if (e != null) {
            throw new IllegalStateException("reading the answers failed: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            poller.join();
        } catch (InterruptedException e) {
            // It is a daemon and has been told; nobody needs to wait for it.
            Thread.currentThread().interrupt();
        }
    }

    private void poll(List<String> topics, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        try (consumer) {
            consumer.assign(topics.stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList());
            consumer.seekToBeginning(consumer.assignment());
            while (true) {
                consumer.poll(POLL).forEach(reader);
            }
        } catch (WakeupException closed) {
            // close() asked for it.
        } catch (RuntimeException e) {
            failure.set(e);
        }
    }
}
