package io.guestflow.processor.effects;

import io.guestflow.contracts.codec.ContractViolation;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads back the last outcomes of partitions, to learn which commands are answered although that is not committed.
 *
 * <p>Threading: the poll thread's.
 */
final class OutcomeTail implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OutcomeTail.class);
    private static final Duration BOUND = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> reader;
    private final Collection<CommandLane<?, ?>> lanes;
    private final int records;

    /** Told of each outcome. */
    @FunctionalInterface
    interface Answered {
        void tell(TopicPartition commands, String commandId, long outcomeMs);
    }

    /** Reads the last {@code records} outcomes of each partition with a reader that has no group. */
    OutcomeTail(Consumer<byte[], byte[]> reader, Collection<CommandLane<?, ?>> lanes, int records) {
        this.reader = reader;
        this.lanes = lanes;
        this.records = records;
    }

    /**
     * Tells {@code answered} the ids of the commands that are answered, oldest outcome first, each with its partition of
     * commands. What the broker does not give in time is left out: those commands are carried out again.
     *
     * @return the offset behind the last record of each of the partitions of commands; none if the broker did not say
     */
    Map<TopicPartition, Long> read(Collection<TopicPartition> commands, Answered answered) {
        Map<TopicPartition, Source<?>> sources = new HashMap<>();
        for (CommandLane<?, ?> lane : lanes) {
            commands.stream()
                    .filter(partition ->
                            partition.topic().equals(lane.commands().name()))
                    .forEach(partition -> sources.put(
                            new TopicPartition(lane.outcomes().name(), partition.partition()),
                            new Source<>(lane, partition)));
        }
        try {
            // Assigned first, because the consumer warns of every partition that is asked for and not assigned.
            reader.assign(both(commands, sources.keySet()));
            Map<TopicPartition, Long> ends = reader.endOffsets(reader.assignment(), BOUND);
            Set<TopicPartition> missing = read(sources, ends, answered);
            if (!missing.isEmpty()) {
                log.warn("the last outcomes of {} were not there within {}: commands may be repeated", missing, BOUND);
            }
            return ends;
        } catch (RetriableException slow) {
            log.warn("the last outcomes of {} cannot be read back, commands may be repeated", sources.keySet(), slow);
            return Map.of();
        } finally {
            reader.unsubscribe();
        }
    }

    @Override
    public void close() {
        // It has no group and committed nothing: there is nothing to tell a broker, least of all one that is away.
        reader.close(CloseOptions.timeout(Duration.ZERO));
    }

    private Set<TopicPartition> read(
            Map<TopicPartition, Source<?>> sources, Map<TopicPartition, Long> ends, Answered answered) {
        long started = System.nanoTime();
        Map<TopicPartition, Long> begins = reader.beginningOffsets(sources.keySet(), BOUND);
        reader.assign(sources.keySet());
        begins.forEach((partition, begin) ->
                reader.seek(partition, Math.max(begin, ends.getOrDefault(partition, 0L) - records)));
        Set<TopicPartition> missing = missing(sources.keySet(), ends);
        while (!missing.isEmpty() && System.nanoTime() - started < BOUND.toNanos()) {
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                Source<?> source = sources.get(new TopicPartition(record.topic(), record.partition()));
                if (source != null) {
                    source.tell(record, answered);
                }
            }
            missing = missing(missing, ends);
        }
        return missing;
    }

    private static Set<TopicPartition> both(Collection<TopicPartition> some, Collection<TopicPartition> others) {
        return Stream.concat(some.stream(), others.stream()).collect(Collectors.toUnmodifiableSet());
    }

    private Set<TopicPartition> missing(Set<TopicPartition> partitions, Map<TopicPartition, Long> ends) {
        return partitions.stream()
                .filter(partition -> reader.position(partition, POLL) < ends.getOrDefault(partition, 0L))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The outcomes that answer one partition of commands. */
    private record Source<O>(CommandLane<?, O> lane, TopicPartition commands) {
        void tell(ConsumerRecord<byte[], byte[]> outcome, Answered answered) {
            try {
                answered.tell(
                        commands,
                        lane.answers().apply(lane.outcomes().codec().read(outcome.value())),
                        outcome.timestamp());
            } catch (ContractViolation unreadable) {
                log.warn(
                        "outcome {}/{}/{} cannot be read: {}",
                        outcome.topic(),
                        outcome.partition(),
                        outcome.offset(),
                        unreadable.getMessage());
            }
        }
    }
}
