package io.guestflow.processor.sandbox.broker;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Collects all records of one topic, from its beginning on, in the background; the topic may be created later. It
 * belongs to no group and so disturbs none.
 *
 * <p>Threading: one thread polls; any thread may look and wait.
 */
public final class TopicReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long LOOK_AGAIN_MS = 50;

    private final String topic;
    private final Consumer<String, String> consumer;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread poller;

    // Guarded by this.
    private final List<ConsumerRecord<String, String>> records = new ArrayList<>();
    private @Nullable RuntimeException failure;

    TopicReader(String bootstrap, String topic, IsolationLevel isolation) {
        this.topic = topic;
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        isolation.toString(),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        // A broker that a test stopped is asked again at once when it is back.
                        ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                        200),
                new StringDeserializer(),
                new StringDeserializer());
        this.poller = Thread.ofPlatform().daemon().name("read-" + topic).start(this::poll);
    }

    /** What has been read by now, in the order of each partition. */
    public synchronized List<ConsumerRecord<String, String>> records() {
        rethrow();
        return List.copyOf(records);
    }

    /**
     * Waits until {@code enough} holds for all records read so far.
     *
     * @param what names the condition in the error
     * @return those records
     * @throws AssertionError when it does not hold in time; says how many records each partition brought
     */
    public synchronized List<ConsumerRecord<String, String>> await(
            String what, Predicate<? super List<ConsumerRecord<String, String>>> enough, Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        while (true) {
            List<ConsumerRecord<String, String>> now = records();
            if (enough.test(now)) {
                return now;
            }
            long leftMs = (deadline - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                throw new AssertionError(topic + ": no " + what + " within " + within.toMillis() + " ms; read "
                        + now.size() + " records, by partition " + byPartition(now));
            }
            try {
                wait(leftMs);
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }
    }

    /** Waits for at least {@code count} records. */
    public List<ConsumerRecord<String, String>> awaitCount(int count, Duration within) {
        return await(count + " records", all -> all.size() >= count, within);
    }

    @Override
    public void close() {
        closed.countDown();
        consumer.wakeup();
        try {
            poller.join();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void poll() {
        try (consumer) {
            consumer.assign(partitions());
            consumer.seekToBeginning(consumer.assignment());
            while (true) {
                var batch = new ArrayList<ConsumerRecord<String, String>>();
                consumer.poll(POLL).forEach(batch::add);
                add(batch);
            }
        } catch (WakeupException e) {
            // close() asked for it.
        } catch (InterruptedException e) {
            fail(new InterruptException(e));
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private Collection<TopicPartition> partitions() throws InterruptedException {
        List<PartitionInfo> known = consumer.partitionsFor(topic);
        while (known.isEmpty()) {
            // An unknown topic is answered at once; asking without a pause would cost the broker a core.
            closed.await(LOOK_AGAIN_MS, TimeUnit.MILLISECONDS);
            known = consumer.partitionsFor(topic);
        }
        return known.stream().map(p -> new TopicPartition(topic, p.partition())).toList();
    }

    private synchronized void add(List<ConsumerRecord<String, String>> batch) {
        if (!batch.isEmpty()) {
            records.addAll(batch);
            notifyAll();
        }
    }

    private synchronized void fail(RuntimeException e) {
        failure = e;
        notifyAll();
    }

    private void rethrow() {
        if (failure != null) {
            throw new IllegalStateException("reading " + topic + " failed", failure);
        }
    }

    private static Map<Integer, Long> byPartition(List<ConsumerRecord<String, String>> records) {
        return records.stream().collect(groupingBy(ConsumerRecord::partition, TreeMap::new, counting()));
    }
}
