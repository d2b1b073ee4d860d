package io.guestflow.processor.sandbox.webhooks;

import io.guestflow.processor.sandbox.load.LoadReport;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Delivers webhooks as gateways do: each is put on the topic when it is due, 5 ms later at most, whatever becomes of it, in
 * any partition.
 *
 * <p>Threading: one run at a time.
 */
public final class WebhookLoad implements AutoCloseable {
    /** Kafka's default: who forwards webhooks has no reason to ask for another. */
    private static final int LINGER_MS = 5;
    /** What is due within it is sent at its end: a thread that wakes for each takes processors from who is measured. */
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final WebhookBodies bodies;
    /** 0 until the first delivery. */
    private int partitions;

    /**
     * To the topic, which must exist.
     *
     * @param bodies writes them
     */
    public WebhookLoad(String bootstrap, String topic, WebhookBodies bodies) {
        this(
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrap,
                                ProducerConfig.ACKS_CONFIG,
                                "all",
                                ProducerConfig.LINGER_MS_CONFIG,
                                LINGER_MS,
                                ProducerConfig.BATCH_SIZE_CONFIG,
                                128 * 1024),
                        new ByteArraySerializer(),
                        new ByteArraySerializer()),
                topic,
                bodies);
    }

    /** The same over a producer of somebody's own, perhaps in a transaction; it is closed with this. */
    public WebhookLoad(Producer<byte[], byte[]> producer, String topic, WebhookBodies bodies) {
        this.producer = producer;
        this.topic = topic;
        this.bodies = bodies;
    }

    /**
     * What was delivered.
     *
     * @param deliveries all, duplicates included
     * @param events without them
     * @param bytes of all bodies
     * @param seconds from the first to the last
     * @param byHappening events, duplicates not included
     * @param lateness how late each was put on the topic, in nanoseconds
     */
    public record Report(
            long deliveries,
            long events,
            long bytes,
            double seconds,
            Map<Happening, Long> byHappening,
            Histogram lateness) {

        /** How many events told that. */
        public long count(Happening happening) {
            return byHappening.getOrDefault(happening, 0L);
        }

        public double bytesPerDelivery() {
            return deliveries == 0 ? 0 : (double) bytes / deliveries;
        }
    }

    /**
     * Delivers all of it at its rate and returns when the broker has it.
     *
     * @param run stands in every event id: another one makes other events of the same plan
     * @param start when the run begins for the events' own clocks; deliveries are paced by the machine's
     * @param who the conversation of each number
     */
    public Report run(WebhookPlan plan, String run, Instant start, IntFunction<Talk> who) throws InterruptedException {
        return run(plan, run, start, who, true);
    }

    /** The same, as fast as the broker takes it; the events' own clocks stay the plan's. */
    public Report runUnpaced(WebhookPlan plan, String run, Instant start, IntFunction<Talk> who)
            throws InterruptedException {
        return run(plan, run, start, who, false);
    }

    private Report run(WebhookPlan plan, String run, Instant start, IntFunction<Talk> who, boolean paced)
            throws InterruptedException {
        var deliveries = new Deliveries(plan);
        var failure = new AtomicReference<@Nullable Exception>();
        Map<Happening, Long> byHappening = new EnumMap<>(Happening.class);
        Histogram lateness = LoadReport.histogram();
        long from = System.nanoTime();
        long sent = 0;
        long duplicates = 0;
        long bytes = 0;
        while (deliveries.hasNext()) {
            Delivery delivery = deliveries.next();
            byte[] body = bodies.write(plan.shape(delivery.conversation()), webhook(delivery, run, start, who));
            if (paced) {
                long due = from + plan.dueNanos(delivery.number());
                waitUntil(from + Math.ceilDiv(due - from, STEP_NANOS) * STEP_NANOS);
                lateness.recordValue(Math.clamp(System.nanoTime() - due, 0, lateness.getHighestTrackableValue()));
            }
            // No key, and by our own turn: a gateway's partitioner knows nothing of conversations.
            producer.send(new ProducerRecord<>(topic, partition(sent), null, body), (metadata, failed) -> {
                if (failed != null) {
                    failure.compareAndSet(null, failed);
                }
            });
            sent++;
            bytes += body.length;
            if (delivery.duplicate()) {
                duplicates++;
            } else {
                byHappening.merge(delivery.happening(), 1L, Long::sum);
            }
            if (failure.get() != null) {
                break;
            }
        }
        flush(failure);
        return new Report(
                sent, sent - duplicates, bytes, (System.nanoTime() - from) / 1e9, Map.copyOf(byHappening), lateness);
    }

    /** Ends at once; what is still on its way may be lost. */
    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }

    private int partition(long number) {
        if (partitions == 0) {
            partitions = producer.partitionsFor(topic).size();
        }
        return (int) (number % partitions);
    }

    private void flush(AtomicReference<@Nullable Exception> failure) {
        producer.flush();
        Exception failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("a webhook could not be delivered", failed);
        }
    }

    private static Webhook webhook(Delivery delivery, String run, Instant start, IntFunction<Talk> who) {
        String message = delivery.message() == Delivery.NO_MESSAGE ? null : run + "-m" + delivery.message();
        return new Webhook(
                who.apply(delivery.conversation()),
                delivery.happening(),
                run + "-e" + delivery.event(),
                message,
                start.plusNanos(delivery.happenedNanos()));
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
}
