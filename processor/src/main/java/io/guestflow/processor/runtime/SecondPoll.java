package io.guestflow.processor.runtime;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Polls again before the records of a first poll are handed out, and hands out both as those of one poll.
 *
 * <p>A consumer sends its next fetch within a poll, and that fetch is answered as soon as there is one record. Whoever
 * commits after each poll therefore finds that one record at the next, and those that came during the commit only at the
 * one after that. They are there, however: the fetch that the first poll sends is answered with them.
 *
 * <p>What must not happen is that a rebalance within the second poll takes away, or closes and makes anew, what records
 * of the first belong to. Such records are not handed out. Those of partitions that are gone are forgotten: they are not
 * processed, nothing of them is committed, their next owner begins before them. The others' positions are put back to
 * where the first poll found them, and so they are if the second poll fails.
 *
 * <p>Threading: that of the consumer, which also calls the listener.
 */
final class SecondPoll {
    private final Consumer<byte[], byte[]> consumer;
    private final Function<Duration, ConsumerRecords<byte[], byte[]>> poll;
    private final Set<TopicPartition> gone = new HashSet<>();
    private boolean rebalanced;

    /** @param poll polls that consumer */
    SecondPoll(Consumer<byte[], byte[]> consumer, Function<Duration, ConsumerRecords<byte[], byte[]>> poll) {
        this.consumer = consumer;
        this.poll = poll;
    }

    /** Which the consumer must be subscribed with, in place of the given one, which is told everything. */
    ConsumerRebalanceListener watching(ConsumerRebalanceListener listener) {
        return new Watching(listener);
    }

    /**
     * Both together, if there is more while there is time left. Paused partitions may belong to a task that Kafka Streams
     * is about to make anew, and that it has not put back yet: then nothing more is polled.
     */
    ConsumerRecords<byte[], byte[]> after(ConsumerRecords<byte[], byte[]> first, Supplier<Duration> left) {
        rebalanced = false;
        gone.clear();
        ConsumerRecords<byte[], byte[]> all = first;
        for (Duration wait = left.get(); wait.isPositive() && consumer.paused().isEmpty(); wait = left.get()) {
            ConsumerRecords<byte[], byte[]> more;
            try {
                // A consumer counts whole milliseconds.
                more = poll.apply(wait.plusNanos(999_999).truncatedTo(ChronoUnit.MILLIS));
            } catch (RuntimeException e) {
                putBack(first);
                throw e;
            }
            if (rebalanced) {
                return without(putBack(first), more);
            }
            all = together(all, more);
            if (!more.isEmpty()) {
                break;
            }
            // A marker alone ends a poll too.
        }
        return all;
    }

    /** Returns what is put back. */
    private Set<TopicPartition> putBack(ConsumerRecords<byte[], byte[]> first) {
        Set<TopicPartition> kept = new HashSet<>(first.partitions());
        kept.removeAll(gone);
        kept.retainAll(consumer.assignment());
        for (TopicPartition partition : kept) {
            // Without the leader's epoch, which would first have to be validated, and not within a rebalance.
            consumer.seek(partition, first.records(partition).getFirst().offset());
        }
        return kept;
    }

    private static ConsumerRecords<byte[], byte[]> without(
            Set<TopicPartition> partitions, ConsumerRecords<byte[], byte[]> second) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
        for (TopicPartition partition : second.partitions()) {
            if (!partitions.contains(partition)) {
                records.put(partition, second.records(partition));
            }
        }
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>(second.nextOffsets());
        next.keySet().removeAll(partitions);
        return new ConsumerRecords<>(records, next);
    }

    private static ConsumerRecords<byte[], byte[]> together(
            ConsumerRecords<byte[], byte[]> first, ConsumerRecords<byte[], byte[]> second) {
        if (second.isEmpty() && second.nextOffsets().isEmpty()) {
            return first;
        }
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
        for (ConsumerRecords<byte[], byte[]> some : List.of(first, second)) {
            for (TopicPartition partition : some.partitions()) {
                records.computeIfAbsent(partition, ignored -> new ArrayList<>()).addAll(some.records(partition));
            }
        }
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>(first.nextOffsets());
        next.putAll(second.nextOffsets());
        return new ConsumerRecords<>(records, next);
    }

    private final class Watching implements ConsumerRebalanceListener {
        private final ConsumerRebalanceListener listener;

        Watching(ConsumerRebalanceListener listener) {
            this.listener = listener;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            rebalanced = true;
            gone.addAll(partitions);
            listener.onPartitionsRevoked(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            rebalanced = true;
            gone.addAll(partitions);
            listener.onPartitionsLost(partitions);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            rebalanced = true;
            listener.onPartitionsAssigned(partitions);
        }
    }
}
