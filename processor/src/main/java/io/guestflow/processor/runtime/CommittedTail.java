package io.guestflow.processor.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads partitions from their ends, committed records only.
 *
 * <p>Threading: one thread.
 */
public final class CommittedTail implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    /** What is read is there; but the consumer asks ahead, and the next partition would wait for that answer. */
    private static final int FETCH_MAX_WAIT_MS = 10;

    private static final int FIRST_STEP = 64;
    private static final int FURTHER = 16;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Duration wait;

    /**
     * A consumer of its own.
     *
     * @param config as for any consumer
     * @param wait how long nothing more may come
     */
    public CommittedTail(Map<String, Object> config, Duration wait) {
        Map<String, Object> all = new HashMap<>(config);
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, IsolationLevel.READ_COMMITTED.toString());
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        all.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_MAX_WAIT_MS);
        this.consumer = new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.wait = wait;
    }

    /**
     * The last records of a partition, in their order: so many that they are enough, or all of them.
     *
     * @throws BrokerException if the broker does not give them
     */
    public List<ConsumerRecord<byte[], byte[]>> read(
            TopicPartition partition, Predicate<List<ConsumerRecord<byte[], byte[]>>> enough) throws BrokerException {
        try {
            List<TopicPartition> one = List.of(partition);
            consumer.assign(one);
            long begin = consumer.beginningOffsets(one).getOrDefault(partition, 0L);
            long end = consumer.endOffsets(one).getOrDefault(partition, 0L);
            List<ConsumerRecord<byte[], byte[]>> last = new ArrayList<>();
            long from = end;
            for (long step = FIRST_STEP; from > begin; step *= FURTHER) {
                long until = from;
                from = Math.max(begin, from - step);
                last.addAll(0, between(partition, from, until));
                if (enough.test(last)) {
                    break;
                }
            }
            return last;
        } catch (KafkaException e) {
            throw new BrokerException("the end of " + partition + " could not be read: " + e, e);
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> between(TopicPartition partition, long from, long until)
            throws BrokerException {
        consumer.seek(partition, from);
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        long movedAt = System.nanoTime();
        for (long position = from; position < until; position = consumer.position(partition)) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < until) {
                    read.add(record);
                }
            }
            if (consumer.position(partition) > position) {
                movedAt = System.nanoTime();
            } else if (System.nanoTime() - movedAt > wait.toNanos()) {
                throw new BrokerException(
                        "nothing more came of the end of " + partition + " within " + wait.toSeconds() + " s", null);
            }
        }
        return read;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
