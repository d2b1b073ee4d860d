package io.guestflow.processor.sandbox.load;

import io.guestflow.processor.sandbox.load.Workload.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests when they are due and matches the answers, read committed. A result is timed when the poll that brought
 * it returns, before it is parsed.
 *
 * <p>Threading: one run at a time; a thread of its own reads.
 */
public final class LoadClient implements AutoCloseable {
    private static final Duration CONNECTS_WITHIN = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(100);
    /** A duplicate comes soon after the answer, if it comes. */
    private static final Duration DUPLICATES_WITHIN = Duration.ofMillis(300);

    private final Workload workload;
    private final Producer<byte[], byte[]> producer;
    private final Consumer<byte[], byte[]> consumer;
    private final String name = UUID.randomUUID().toString().substring(0, 8);
    private final CountDownLatch reading = new CountDownLatch(1);
    private final Thread reader;
    private int runs;

    private volatile @Nullable Ledger ledger;
    private volatile @Nullable RuntimeException failure;

    private LoadClient(String bootstrap, Workload workload) {
        this.workload = workload;
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        IsolationLevel.READ_COMMITTED.toString(),
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        this.reader = Thread.ofPlatform().daemon().name("load-results").start(this::read);
    }

    /** Returns when the reader stands at the end of the result topic, which must exist. */
    public static LoadClient connect(String bootstrap, Workload workload) {
        LoadClient client = new LoadClient(bootstrap, workload);
        try {
            if (!client.reading.await(CONNECTS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(
                        "the end of " + workload.resultTopic() + " was not reached within " + CONNECTS_WITHIN);
            }
            client.rethrow();
            return client;
        } catch (InterruptedException e) {
            client.close();
            throw new InterruptException(e);
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    /**
     * How one run goes.
     *
     * @param warmUp from the start on is not in the latencies
     * @param drain how long answers are waited for after the last request
     * @param giveUp breaks the run off as soon as one request waits longer; null never does
     */
    public record Plan(
            Arrivals arrivals,
            Duration warmUp,
            Duration drain,
            @Nullable Duration giveUp) {
        /** Runs to its end. */
        public static Plan of(Arrivals arrivals, Duration warmUp) {
            return new Plan(arrivals, warmUp, Duration.ofSeconds(40), null);
        }
    }

    /** Returns when every request is answered, or when that takes too long. */
    public LoadReport run(Plan plan) throws InterruptedException {
        RequestIds ids = new RequestIds(name + "-" + ++runs);
        Arrivals arrivals = plan.arrivals();
        Ledger run = new Ledger(ids, arrivals, System.nanoTime());
        ledger = run;
        for (int i = 0; i < arrivals.count(); i++) {
            // Made before it is due: that is the caller's work, not the system's.
            var record = workload.request(ids.of(i));
            waitUntil(run.dueAt(i));
            run.sent(i, System.nanoTime());
            producer.send(record, (metadata, failed) -> {
                if (failed != null) {
                    run.sendFailed();
                }
            });
            if (plan.giveUp() != null && run.lateBy(plan.giveUp(), System.nanoTime())) {
                break;
            }
            rethrow();
        }
        run.awaitAnswers(System.nanoTime() + plan.drain().toNanos());
        TimeUnit.MILLISECONDS.sleep(DUPLICATES_WITHIN.toMillis());
        rethrow();
        return run.report(plan.warmUp());
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ZERO);
    }

    private static void waitUntil(long nanos) throws InterruptedException {
        long left = nanos - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            left = nanos - System.nanoTime();
        }
    }

    private void read() {
        try (consumer) {
            List<TopicPartition> partitions = consumer.partitionsFor(workload.resultTopic(), CONNECTS_WITHIN).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            if (partitions.isEmpty()) {
                throw new IllegalStateException("there is no topic " + workload.resultTopic());
            }
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            // Seeking is lazy; without asking, what is sent before the first poll would be before "the end".
            partitions.forEach(consumer::position);
            reading.countDown();
            while (true) {
                var records = consumer.poll(POLL);
                long now = System.nanoTime();
                records.forEach(record -> match(record, now));
            }
        } catch (WakeupException closed) {
            // close() asked for it.
        } catch (RuntimeException e) {
            failure = e;
            reading.countDown();
        }
    }

    private void match(ConsumerRecord<byte[], byte[]> record, long at) {
        Ledger run = ledger;
        if (run == null) {
            return;
        }
        Answer answer = workload.answer(record);
        // What answers an earlier run of this client comes late, but was asked for.
        if (answer == null || (!run.answered(answer, at) && !answer.requestId().startsWith(name))) {
            run.unexpected();
        }
    }

    private void rethrow() {
        RuntimeException e = failure;
        if (e != null) {
            throw new IllegalStateException("reading " + workload.resultTopic() + " failed", e);
        }
    }
}
