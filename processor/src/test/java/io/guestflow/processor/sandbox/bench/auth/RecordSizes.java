package io.guestflow.processor.sandbox.bench.auth;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** How large the system's records are, so that the floor writes as many bytes. */
record RecordSizes(Map<Hop, Size> of) {
    private static final int ENOUGH = 100;
    private static final Duration WITHIN = Duration.ofSeconds(10);

    /** Bytes. */
    record Size(int key, int value, int headers) {}

    Size get(Hop hop) {
        Size size = of.get(hop);
        if (size == null) {
            throw new IllegalArgumentException("no size of " + hop);
        }
        return size;
    }

    /** Means over some records of one partition of each of the system's topics; tombstones do not count. */
    static RecordSizes sample(String bootstrap) {
        Map<Hop, Size> sizes = new EnumMap<>(Hop.class);
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            for (Hop hop : Hop.values()) {
                sizes.put(hop, mean(hop, some(consumer, new TopicPartition(hop.system(), 0))));
            }
        }
        return new RecordSizes(sizes);
    }

    private static List<ConsumerRecord<byte[], byte[]>> some(
            Consumer<byte[], byte[]> consumer, TopicPartition partition) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        List<ConsumerRecord<byte[], byte[]>> written = new ArrayList<>();
        long deadline = System.nanoTime() + WITHIN.toNanos();
        while (written.size() < ENOUGH && consumer.position(partition) < end && System.nanoTime() - deadline < 0) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                if (record.value() != null) {
                    written.add(record);
                }
            }
        }
        return written;
    }

    private static Size mean(Hop hop, Collection<ConsumerRecord<byte[], byte[]>> written) {
        if (written.isEmpty()) {
            throw new IllegalStateException(hop.system() + " has no record to take the floor's sizes from");
        }
        int key = 0;
        int value = 0;
        int headers = 0;
        for (ConsumerRecord<byte[], byte[]> record : written) {
            key += record.key().length;
            value += record.value().length;
            headers += Arrays.stream(record.headers().toArray())
                    .mapToInt(header -> header.key().length() + header.value().length)
                    .sum();
        }
        int count = written.size();
        return new Size(key / count, value / count, headers / count);
    }

    /** As an argument of the floor's process. */
    @Override
    public String toString() {
        return of.entrySet().stream()
                .map(entry -> {
                    Size size = entry.getValue();
                    return entry.getKey() + ":" + size.key() + ":" + size.value() + ":" + size.headers();
                })
                .collect(Collectors.joining(","));
    }

    static RecordSizes parse(String text) {
        Map<Hop, Size> sizes = new EnumMap<>(Hop.class);
        for (String part : text.split(",")) {
            String[] fields = part.split(":");
            sizes.put(
                    Hop.valueOf(fields[0]),
                    new Size(Integer.parseInt(fields[1]), Integer.parseInt(fields[2]), Integer.parseInt(fields[3])));
        }
        return new RecordSizes(sizes);
    }
}
