package io.guestflow.processor.sandbox.bench.auth;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Where the time of a request goes, from the records' own timestamps, which say when each was made. All requests of a run
 * leave one record on each of these hops, so differences of means are means of differences.
 *
 * <p>Threading: one thread.
 */
final class HopTimes implements AutoCloseable {
    private static final List<Hop> HOPS = List.of(Hop.REQUESTS, Hop.COMMANDS, Hop.OUTCOMES, Hop.RESULTS);
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private final Map<Hop, Map<TopicPartition, Long>> from = new EnumMap<>(Hop.class);
    private final Consumer<byte[], byte[]> consumer;

    /**
     * Milliseconds; means.
     *
     * @param toCommand from the request sent to its command made
     * @param toOutcome from there to the outcome: commit, the way to effects, the calls
     * @param toResult from there to the result made: the way back and the work on it
     */
    record Means(double toCommand, double toOutcome, double toResult) {
        String line() {
            return "made: command %.1f, outcome %.1f, result %.1f ms".formatted(toCommand, toOutcome, toResult);
        }
    }

    private HopTimes(String bootstrap) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** What is written from now on counts. */
    static HopTimes fromNow(String bootstrap, Side side) {
        HopTimes times = new HopTimes(bootstrap);
        for (Hop hop : HOPS) {
            times.from.put(hop, times.ends(side.topic(hop)));
        }
        return times;
    }

    /** Of what was written since. */
    Means means() {
        double[] mean = HOPS.stream().mapToDouble(this::mean).toArray();
        return new Means(rounded(mean[1] - mean[0]), rounded(mean[2] - mean[1]), rounded(mean[3] - mean[2]));
    }

    private double mean(Hop hop) {
        Map<TopicPartition, Long> starts = from.getOrDefault(hop, Map.of());
        if (starts.isEmpty()) {
            throw new IllegalStateException(hop + " has no partitions");
        }
        List<TopicPartition> unread = new ArrayList<>(starts.keySet());
        consumer.assign(unread);
        Map<TopicPartition, Long> ends = consumer.endOffsets(unread);
        starts.forEach(consumer::seek);
        // Timestamps are large; what is added up is their distance to the first one.
        long first = 0;
        long sum = 0;
        int count = 0;
        long deadline = System.nanoTime() + WITHIN.toNanos();
        while (!unread.isEmpty() && System.nanoTime() - deadline < 0) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                first = count == 0 ? record.timestamp() : first;
                sum += record.timestamp() - first;
                count++;
            }
            unread.removeIf(partition -> consumer.position(partition) >= ends.get(partition));
        }
        return count == 0 ? Double.NaN : first + (double) sum / count;
    }

    private Map<TopicPartition, Long> ends(String topic) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        // Asked for others than its own, the consumer warns.
        consumer.assign(partitions);
        return Map.copyOf(consumer.endOffsets(partitions));
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
