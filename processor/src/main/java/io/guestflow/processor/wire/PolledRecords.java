package io.guestflow.processor.wire;

import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Tells the {@link CommitPacer} how many records a poll has brought; only the consumer knows. Kafka makes it by its
 * class and hands it the pacer in its configuration.
 *
 * <p>Threading: called by the thread that polls, which is the stream thread.
 */
public final class PolledRecords implements ConsumerInterceptor<byte[], byte[]> {
    private @Nullable CommitPacer commits;

    @Override
    public void configure(Map<String, ?> configs) {
        commits = (CommitPacer) Objects.requireNonNull(
                configs.get(CommitPacer.CONFIG), CommitPacer.CONFIG + " is not in the configuration");
    }

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
        Objects.requireNonNull(commits, "configure comes first").polled(records.count());
        return records;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void close() {}
}
