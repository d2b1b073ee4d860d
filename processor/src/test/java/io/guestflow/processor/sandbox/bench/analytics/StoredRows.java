package io.guestflow.processor.sandbox.bench.analytics;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What the processor keeps of one window: keys and values as its changelogs have them last, which is what lies in its
 * stores.
 *
 * @param rows combinations of dimensions
 * @param parts rows by partition of facts
 * @param bytesPerRow while the window is open, in all partitions of facts together
 * @param bytesPerPart the same for one partition
 * @param mergedBytesPerRow what is kept of the parts besides, once they are merged
 */
record StoredRows(long rows, long parts, double bytesPerRow, double bytesPerPart, double mergedBytesPerRow) {
    private static final String PARTIAL = "guestflow-facts-analytics-partial-windows-changelog";
    private static final String MERGED = "guestflow-facts-analytics-merged-windows-changelog";
    private static final Duration READ_WITHIN = Duration.ofMinutes(5);

    /** A key begins with the window's end and size; the next byte is 2 where the entry is a row's. */
    private static final int KIND = 2 * Long.BYTES;

    private static final byte ROW = 2;

    /** Of the window that ends then; only one size of windows may be in use. */
    static StoredRows of(String bootstrap, Instant windowEnd) {
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
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
                        10_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            Collection<Map<ByteBuffer, Integer>> partial =
                    last(consumer, PARTIAL, windowEnd).values();
            Collection<Map<ByteBuffer, Integer>> merged =
                    last(consumer, MERGED, windowEnd).values();
            long rows = rows(merged);
            long parts = rows(partial);
            return new StoredRows(
                    rows,
                    parts,
                    perEntry(bytes(partial), rows),
                    perEntry(bytes(partial), parts),
                    perEntry(bytes(merged), rows));
        }
    }

    /** The most that is kept of a row while its window is open: shortly before it is published, its parts are merged already. */
    double mostBytesPerRow() {
        return bytesPerRow + mergedBytesPerRow;
    }

    /** The same for one partition of facts, where it is counted and where it is merged. */
    double mostBytesPerPart() {
        return parts == 0 ? 0 : bytesPerPart + mergedBytesPerRow * rows / parts;
    }

    private static Map<Integer, Map<ByteBuffer, Integer>> last(
            Consumer<byte[], byte[]> consumer, String topic, Instant windowEnd) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<Integer, Map<ByteBuffer, Integer>> sizes = new HashMap<>();
        long deadline = System.nanoTime() + READ_WITHIN.toNanos();
        while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.getOrDefault(one, 0L))) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                ByteBuffer key = ByteBuffer.wrap(record.key());
                if (key.remaining() > KIND && key.getLong(0) == windowEnd.toEpochMilli()) {
                    Map<ByteBuffer, Integer> known =
                            sizes.computeIfAbsent(record.partition(), partition -> new HashMap<>());
                    if (record.value() == null) {
                        known.remove(key);
                    } else {
                        known.put(key, record.key().length + record.value().length);
                    }
                }
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(topic + " was not read within " + READ_WITHIN);
            }
        }
        return sizes;
    }

    private static long rows(Collection<Map<ByteBuffer, Integer>> stores) {
        return stores.stream()
                .flatMap(store -> store.keySet().stream())
                .filter(key -> key.get(KIND) == ROW)
                .count();
    }

    private static long bytes(Collection<Map<ByteBuffer, Integer>> stores) {
        return stores.stream()
                .flatMap(store -> store.values().stream())
                .mapToLong(Integer::longValue)
                .sum();
    }

    private static double perEntry(long bytes, long entries) {
        return entries == 0 ? 0 : Math.round(10.0 * bytes / entries) / 10.0;
    }
}
