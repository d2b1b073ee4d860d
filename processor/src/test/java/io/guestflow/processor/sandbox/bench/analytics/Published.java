package io.guestflow.processor.sandbox.bench.analytics;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.analytics.MetricsWindow;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
 * Reads {@code guest-metrics} from its beginning, committed, and keeps each key's last revision with the times at which
 * records could be read: what a record says of its own time is not asked.
 *
 * <p>Threading: one thread of its own reads; any thread may ask.
 */
final class Published implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration CONNECTS_WITHIN = Duration.ofSeconds(60);
    private static final long LOOK_EVERY_MS = 100;

    private final Consumer<byte[], byte[]> consumer;
    private final InstantSource clock;
    private final CountDownLatch reading = new CountDownLatch(1);
    private final Thread reader;
    private volatile @Nullable RuntimeException failure;

    // Guarded by this.
    private final Map<String, Row> rows = new HashMap<>();
    private final List<Reading.Look> looks = new ArrayList<>();
    private long counted;
    private long messages;
    private long records;

    /**
     * A window of a channel.
     *
     * @param counted facts in the last revision
     * @param records how many revisions there were
     * @param firstCounted facts in the first of them
     * @param firstReadAt when that could be read
     * @param completeAt when the first that has as many as the last could be read
     */
    record Row(
            Instant windowEnd,
            long counted,
            long messages,
            int records,
            long firstCounted,
            Instant firstReadAt,
            Instant completeAt) {

        /** Its first revision. */
        static Row first(Instant windowEnd, long counted, long messages, Instant readAt) {
            return new Row(windowEnd, counted, messages, 1, counted, readAt, readAt);
        }

        /** With one more. */
        Row revised(long countedNow, long messagesNow, Instant readAt) {
            return new Row(
                    windowEnd,
                    countedNow,
                    messagesNow,
                    records + 1,
                    firstCounted,
                    firstReadAt,
                    countedNow == counted ? completeAt : readAt);
        }
    }

    private Published(String bootstrap, InstantSource clock) {
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
        this.reader = Thread.ofPlatform().daemon().name("bench-published").start(this::read);
    }

    /** Returns when it reads; the topic must exist. */
    static Published start(String bootstrap, InstantSource clock) throws InterruptedException {
        Published published = new Published(bootstrap, clock);
        if (!published.reading.await(CONNECTS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
            published.close();
            throw new IllegalStateException("guest-metrics could not be read");
        }
        published.check();
        return published;
    }

    /** Facts in all last revisions. */
    synchronized long counted() {
        return counted;
    }

    /** Messages in all last revisions. */
    synchronized long messages() {
        return messages;
    }

    /** Records by now. */
    synchronized long records() {
        return records;
    }

    /**
     * How the last revisions came to so many facts more.
     *
     * @param before how many they had when it began
     */
    synchronized Reading since(long begunNanos, long before, long facts) {
        List<Reading.Look> since = new ArrayList<>();
        since.add(new Reading.Look(begunNanos, 0));
        for (Reading.Look look : looks) {
            if (look.nanos() > begunNanos
                    && look.done() - before > since.getLast().done()) {
                since.add(new Reading.Look(look.nanos(), look.done() - before));
            }
        }
        return new Reading(facts, List.copyOf(since));
    }

    /** What is known of a key by now. */
    synchronized @Nullable Row row(String key) {
        return rows.get(key);
    }

    /** Whether the last revisions came to so many facts in time; not more, either. */
    synchronized boolean awaitCounted(long facts, Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        while (counted != facts) {
            check();
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            wait(LOOK_EVERY_MS);
        }
        return true;
    }

    /** @throws IllegalStateException when reading has failed */
    void check() {
        RuntimeException e = failure;
        if (e != null) {
            throw new IllegalStateException("reading guest-metrics failed", e);
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
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.GUEST_METRICS.name()).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            partitions.forEach(consumer::position);
            reading.countDown();
            while (true) {
                var read = consumer.poll(POLL);
                Instant now = clock.instant();
                read.forEach(record -> take(record, now));
                if (!read.isEmpty()) {
                    look();
                }
            }
        } catch (WakeupException closed) {
            // close() asked for it.
        } catch (RuntimeException e) {
            failure = e;
            reading.countDown();
        }
    }

    private synchronized void look() {
        looks.add(new Reading.Look(System.nanoTime(), counted));
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Instant readAt) {
        MetricsWindow window = MetricsWindow.CODEC.read(record.value());
        long messagesNow = window.messages().inbound() + window.messages().outbound();
        long countedNow = window.auth().attempts()
                + window.sessions().opened()
                + window.sessions().refreshed()
                + window.sessions().expired()
                + window.sessions().closed()
                + messagesNow;
        synchronized (this) {
            Row before = rows.get(window.key());
            rows.put(
                    window.key(),
                    before == null
                            ? Row.first(window.windowEnd(), countedNow, messagesNow, readAt)
                            : before.revised(countedNow, messagesNow, readAt));
            counted += countedNow - (before == null ? 0 : before.counted);
            messages += messagesNow - (before == null ? 0 : before.messages);
            records++;
        }
    }
}
