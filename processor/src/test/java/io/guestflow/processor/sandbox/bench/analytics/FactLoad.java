package io.guestflow.processor.sandbox.bench.analytics;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.analytics.MetricsKey;
import io.guestflow.contracts.facts.Fact;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Puts facts on {@code guest-facts}, and keeps account of what windows must come to.
 *
 * <p>Threading: one thread.
 */
final class FactLoad {
    private static final byte[] SCHEMA = Fact.CODEC.schema().getBytes(StandardCharsets.UTF_8);

    private final FactFlow flow;
    private final Duration window;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final Map<Class<? extends Fact>, Long> kinds = new HashMap<>();
    /** Counted facts by the beginning of their window and the number of their channel. */
    private final Map<Long, Map<Integer, Long>> expected = new TreeMap<>();

    private long facts;
    private long counted;
    private long bytes;

    /** @param window how long the windows are that are accounted for */
    FactLoad(int partitions, int channels, Duration window) {
        this.flow = new FactFlow(partitions, channels);
        this.window = window;
    }

    /** A backlog, as fast as the broker takes it: facts from one time up to another. */
    void fill(Producer<byte[], byte[]> producer, int count, Instant from, Instant to) {
        double stepMs = (double) Duration.between(from, to).toMillis() / count;
        for (int i = 0; i < count; i++) {
            send(producer, from.plusMillis((long) (i * stepMs)));
        }
        check();
    }

    /** Facts that happen now, so many a second, until then. */
    void live(Producer<byte[], byte[]> producer, int perSecond, InstantSource clock, Instant until)
            throws InterruptedException {
        long begin = System.nanoTime();
        double gapNanos = 1e9 / perSecond;
        for (long i = 0; ; i++) {
            waitUntil(begin + (long) (i * gapNanos));
            Instant now = Instant.ofEpochMilli(clock.millis());
            if (!now.isBefore(until)) {
                break;
            }
            send(producer, now);
        }
        producer.flush();
        check();
    }

    /** What a window's rows must have, by their keys; empty if it has none. */
    Map<String, Long> expected(Instant windowStart, String sizeName) {
        Map<String, Long> rows = new HashMap<>();
        expected.getOrDefault(windowStart.toEpochMilli(), Map.of())
                .forEach((channel, count) -> rows.put(
                        MetricsKey.of(
                                sizeName, windowStart, FactFlow.channelId(channel), MetricsKey.OFF, MetricsKey.OFF),
                        count));
        return rows;
    }

    /** The window that most facts were counted in. */
    Instant fullest() {
        return expected.entrySet().stream()
                .max(Map.Entry.comparingByValue((a, b) -> Long.compare(sum(a), sum(b))))
                .map(entry -> Instant.ofEpochMilli(entry.getKey()))
                .orElseThrow(() -> new IllegalStateException("no fact was counted"));
    }

    long facts() {
        return facts;
    }

    /** Those that windows count. */
    long counted() {
        return counted;
    }

    /** Of values. */
    double bytesPerFact() {
        return facts == 0 ? 0 : (double) Math.round(10.0 * bytes / facts) / 10;
    }

    /** Share of each kind in percent. */
    Map<String, Double> percent() {
        Map<String, Double> percent = new TreeMap<>();
        kinds.forEach((kind, count) -> percent.put(kind.getSimpleName(), Math.round(1000.0 * count / facts) / 10.0));
        return percent;
    }

    private static long sum(Map<Integer, Long> channels) {
        return channels.values().stream().mapToLong(Long::longValue).sum();
    }

    private void send(Producer<byte[], byte[]> producer, Instant at) {
        FactFlow.Told told = flow.next(at);
        byte[] value = Fact.CODEC.write(told.fact());
        byte[] key = told.fact().guestRef().getBytes(StandardCharsets.UTF_8);
        var record = new ProducerRecord<>(Topics.GUEST_FACTS.name(), told.partition(), key, value);
        record.headers().add(RecordHeaders.SCHEMA, SCHEMA);
        producer.send(record, (metadata, failed) -> {
            if (failed != null) {
                failure.compareAndSet(null, failed);
            }
        });
        facts++;
        bytes += value.length;
        kinds.merge(told.fact().getClass(), 1L, Long::sum);
        if (told.counted()) {
            counted++;
            long size = window.toMillis();
            expected.computeIfAbsent(Math.floorDiv(at.toEpochMilli(), size) * size, start -> new HashMap<>())
                    .merge(told.channel(), 1L, Long::sum);
        }
    }

    private void check() {
        Exception failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("a fact could not be put on guest-facts", failed);
        }
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
