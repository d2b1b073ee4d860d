package io.guestflow.processor.sandbox.bench.sessions;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * How much has been appended to the changelogs of sessions. Compaction takes bytes away meanwhile, so what lies there
 * tells little: records are counted by their offsets, and a sample tells their size.
 *
 * @param ends by topic, over all partitions; transaction markers take offsets too
 */
record Changelogs(Map<String, Long> ends) {
    private static final String APPLICATION = "guestflow-sessions-";
    private static final String CHANGELOG = "-changelog";
    private static final int SAMPLE = 2_000;
    private static final Duration SAMPLED_WITHIN = Duration.ofSeconds(10);
    /** Of a record in a batch, roughly: lengths and deltas. */
    private static final int OVERHEAD = 12;

    static Changelogs now(Admin admin) throws InterruptedException {
        try {
            Map<String, Long> ends = new TreeMap<>();
            for (TopicPartition partition : partitions(admin)) {
                ends.merge(
                        partition.topic(),
                        admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                                .partitionResult(partition)
                                .get()
                                .offset(),
                        Long::sum);
            }
            return new Changelogs(ends);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker does not tell the changelogs' ends", e.getCause());
        }
    }

    /** Bytes that were appended since then, by topic. */
    Map<String, Long> bytesSince(Changelogs before, String bootstrap, Admin admin) throws InterruptedException {
        Map<String, Double> sizes = meanSizes(bootstrap, admin);
        Map<String, Long> bytes = new TreeMap<>();
        ends.forEach((topic, end) -> {
            long records = end - before.ends.getOrDefault(topic, 0L);
            bytes.put(topic, Math.round(records * sizes.getOrDefault(topic, 0.0)));
        });
        return bytes;
    }

    /** Bytes that lie in the changelogs now, which is what a restore without any state reads. */
    static long lying(Admin admin) throws InterruptedException {
        try {
            List<Integer> brokers = admin.describeCluster().nodes().get().stream()
                    .map(node -> node.id())
                    .toList();
            long bytes = 0;
            for (var logDirs :
                    admin.describeLogDirs(brokers).allDescriptions().get().values()) {
                for (var logDir : logDirs.values()) {
                    for (var replica : logDir.replicaInfos().entrySet()) {
                        if (isOurs(replica.getKey().topic())) {
                            bytes += replica.getValue().size();
                        }
                    }
                }
            }
            return bytes;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker does not tell its logs' sizes", e.getCause());
        }
    }

    private static List<TopicPartition> partitions(Admin admin) throws ExecutionException, InterruptedException {
        List<String> topics = admin.listTopics().names().get().stream()
                .filter(Changelogs::isOurs)
                .toList();
        List<TopicPartition> partitions = new ArrayList<>();
        admin.describeTopics(topics)
                .allTopicNames()
                .get()
                .forEach((topic, description) -> description
                        .partitions()
                        .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition()))));
        return partitions;
    }

    private static boolean isOurs(String topic) {
        return topic.startsWith(APPLICATION) && topic.endsWith(CHANGELOG);
    }

    private Map<String, Double> meanSizes(String bootstrap, Admin admin) throws InterruptedException {
        Map<String, Double> sizes = new HashMap<>();
        try (var consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            for (String topic : ends.keySet()) {
                sizes.put(topic, meanSize(consumer, new TopicPartition(topic, 0)));
            }
        }
        return sizes;
    }

    private static double meanSize(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
        consumer.assign(List.of(partition));
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        consumer.seek(partition, Math.max(0, end - 2 * SAMPLE));
        long bytes = 0;
        int records = 0;
        long deadline = System.nanoTime() + SAMPLED_WITHIN.toNanos();
        while (records < SAMPLE && consumer.position(partition) < end && System.nanoTime() - deadline < 0) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                bytes += OVERHEAD
                        + (record.key() == null ? 0 : record.key().length)
                        + (record.value() == null ? 0 : record.value().length)
                        + Arrays.stream(record.headers().toArray())
                                .mapToInt(header -> header.key().length() + header.value().length)
                                .sum();
                records++;
            }
        }
        return records == 0 ? 0 : (double) bytes / records;
    }
}
