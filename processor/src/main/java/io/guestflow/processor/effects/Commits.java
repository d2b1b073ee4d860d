package io.guestflow.processor.effects;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits how far partitions are complete: soon, because what is not committed is repeated after a crash, but not for
 * each command.
 *
 * <p>Threading: the poll thread's, but for {@link #completed()}.
 */
final class Commits {
    /** Longest time for which something complete is not committed, while the broker answers. */
    static final Duration INTERVAL = Duration.ofMillis(100);

    private static final Logger log = LoggerFactory.getLogger(Commits.class);
    private static final int ENOUGH = 32;

    private final Consumer<byte[], byte[]> consumer;
    private final EffectsMeters meters;
    private final Runnable onCommitted;
    private final AtomicInteger completed = new AtomicInteger();
    private long last = System.nanoTime();
    private boolean underWay;

    /** {@code onCommitted} is called when the broker has confirmed a commit that {@link #ifDue} made. */
    Commits(Consumer<byte[], byte[]> consumer, EffectsMeters meters, Runnable onCommitted) {
        this.consumer = consumer;
        this.meters = meters;
        this.onCommitted = onCommitted;
    }

    /** Another command is complete. From any thread. */
    void completed() {
        completed.incrementAndGet();
    }

    /** Starts a commit when it is worth one: enough is complete, or something has been for long enough. */
    void ifDue(Collection<AssignedPartition> partitions) {
        long now = System.nanoTime();
        if (underWay || (completed.get() < ENOUGH && now - last < INTERVAL.toNanos())) {
            return;
        }
        Map<AssignedPartition, OffsetAndMetadata> progress = each(partitions, AssignedPartition::progress);
        if (progress.isEmpty()) {
            return;
        }
        last = now;
        completed.set(0);
        underWay = true;
        consumer.commitAsync(byPartition(progress), (offsets, failure) -> ended(progress, failure));
    }

    /** Until when the poll thread may wait before it asks again. */
    Duration patience() {
        long left = INTERVAL.toNanos() - (System.nanoTime() - last);
        return left <= 0 ? INTERVAL : Duration.ofNanos(left);
    }

    /** Commits what is complete of assignments that end, and waits for the broker; without it more is repeated. */
    void lastWord(Collection<AssignedPartition> partitions, Duration bound) {
        Map<AssignedPartition, OffsetAndMetadata> words = each(partitions, AssignedPartition::lastWord);
        if (words.isEmpty()) {
            return;
        }
        try {
            Wakeups.ignored(() -> {
                consumer.commitSync(byPartition(words), bound);
                return words;
            });
            meters.commit();
        } catch (RetriableException | RebalanceInProgressException | CommitFailedException tooLate) {
            log.warn(
                    "what is complete of {} could not be committed, its next owner may repeat some of it: {}",
                    byPartition(words).keySet(),
                    tooLate.toString());
        }
    }

    private void ended(Map<AssignedPartition, OffsetAndMetadata> progress, @Nullable Exception failure) {
        underWay = false;
        if (failure == null) {
            progress.forEach((partition, offset) -> partition.committed(offset.offset()));
            meters.commit();
            onCommitted.run();
        } else if (failure instanceof RetriableException
                || failure instanceof RebalanceInProgressException
                || failure instanceof CommitFailedException) {
            log.debug("commit failed, the next one says the same and more", failure);
        } else {
            throw failure instanceof KafkaException fatal ? fatal : new KafkaException(failure);
        }
    }

    private static Map<AssignedPartition, OffsetAndMetadata> each(
            Collection<AssignedPartition> partitions, Function<AssignedPartition, @Nullable OffsetAndMetadata> commit) {
        Map<AssignedPartition, OffsetAndMetadata> commits = new HashMap<>();
        for (AssignedPartition partition : partitions) {
            OffsetAndMetadata offset = commit.apply(partition);
            if (offset != null) {
                commits.put(partition, offset);
            }
        }
        return commits;
    }

    private static Map<TopicPartition, OffsetAndMetadata> byPartition(
            Map<AssignedPartition, OffsetAndMetadata> commits) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        commits.forEach((partition, offset) -> offsets.put(partition.partition(), offset));
        return offsets;
    }
}
