package io.guestflow.processor.runtime;

import io.guestflow.processor.wire.CommitPacer;
import io.guestflow.processor.wire.PartitionProgress;
import io.guestflow.processor.wire.PolledPartitions;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * The main consumers of an application's stream threads, remembered by the thread that polls them, so that a processor on
 * that thread can ask how far its consumer is. They tell the {@link CommitPacer} how many records each poll brings.
 *
 * <p>The lag is the consumer's own ({@code currentLag}): what it learnt with its last fetch. Next to it stands how many
 * records it has handed out, because Kafka Streams buffers them: without a lag there may still be records that no
 * processor has seen.
 *
 * <p>Threading: {@link #progress} answers for the calling stream thread.
 */
public final class MainConsumers implements PolledPartitions {
    /** Of a first poll that brings so many, another one brings few more. */
    private static final int ENOUGH = 64;

    private final CommitPacer commits;
    private final boolean gathering;
    private final ThreadLocal<Polled> ofThread = ThreadLocal.withInitial(Polled::new);

    private MainConsumers(CommitPacer commits, boolean gathering) {
        this.commits = commits;
        this.gathering = gathering;
    }

    /** Consumers that poll as Kafka's do. */
    public static MainConsumers plain(CommitPacer commits) {
        return new MainConsumers(commits, false);
    }

    /**
     * Consumers that, where the thread has to wait for its {@link TransactionGap} anyway, use the time for a {@link
     * SecondPoll}.
     */
    public static MainConsumers gathering(CommitPacer commits) {
        return new MainConsumers(commits, true);
    }

    @Override
    public Optional<PartitionProgress> progress(String topic, int partition) {
        CountingConsumer consumer = ofThread.get().consumer;
        return consumer == null
                ? Optional.empty()
                : Optional.of(consumer.progress(new TopicPartition(topic, partition)));
    }

    /** Makes the main consumer of one stream thread. */
    Consumer<byte[], byte[]> consumer(Map<String, Object> config, TransactionGap gap) {
        return new CountingConsumer(config, gap);
    }

    /** What a thread polls. */
    private static final class Polled {
        @Nullable
        CountingConsumer consumer;
    }

    private final class CountingConsumer extends KafkaConsumer<byte[], byte[]> {
        private final Map<TopicPartition, Long> delivered = new HashMap<>();
        private final TransactionGap gap;
        private final SecondPoll second = new SecondPoll(this, super::poll);
        private long polledNanos = System.nanoTime();

        CountingConsumer(Map<String, Object> config, TransactionGap gap) {
            super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            this.gap = gap;
        }

        @Override
        public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
            super.subscribe(topics, second.watching(listener));
        }

        @Override
        public void subscribe(Pattern pattern, ConsumerRebalanceListener listener) {
            super.subscribe(pattern, second.watching(listener));
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            // Within a poll, tasks are made that may ask already.
            ofThread.get().consumer = this;
            ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
            if (gathering && !records.isEmpty() && records.count() < ENOUGH) {
                records = second.after(records, gap::left);
            }
            if (!records.isEmpty()) {
                commits.polled(records.count());
            }
            polledNanos = System.nanoTime();
            for (TopicPartition partition : records.partitions()) {
                delivered.merge(partition, (long) records.records(partition).size(), Long::sum);
            }
            return records;
        }

        private PartitionProgress progress(TopicPartition partition) {
            return new PartitionProgress(
                    lag(partition),
                    delivered.getOrDefault(partition, 0L),
                    Duration.ofNanos(System.nanoTime() - polledNanos));
        }

        private OptionalLong lag(TopicPartition partition) {
            try {
                return currentLag(partition);
            } catch (IllegalStateException notAssigned) {
                return OptionalLong.empty();
            }
        }
    }
}
