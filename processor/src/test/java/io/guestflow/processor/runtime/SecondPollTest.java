package io.guestflow.processor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecondPollTest {
    private static final TopicPartition A = new TopicPartition("t", 0);
    private static final TopicPartition B = new TopicPartition("t", 1);
    private static final TopicPartition C = new TopicPartition("t", 2);

    private final Log log = new Log(A, B, C);

    @Test
    void whatBothBringIsHandedOutAsOnePollInOrder() {
        log.assign(A, B);
        log.brings(A);
        var first = log.poll();
        log.brings(A, A, B);
        assertEquals(Map.of(A, List.of(0L, 1L, 2L), B, List.of(0L)), offsets(log.after(first)));
    }

    @Test
    void theNextOffsetsAreThoseOfTheLaterPoll() {
        log.assign(A, B, C);
        log.brings(A, B);
        var first = log.poll();
        log.brings(A, C);
        var next = new HashMap<TopicPartition, Long>();
        log.after(first).nextOffsets().forEach((partition, at) -> next.put(partition, at.offset()));
        assertEquals(Map.of(A, 2L, B, 1L, C, 1L), next);
    }

    @Test
    void ofNothingMoreTheFirstRemains() {
        log.assign(A);
        log.brings(A);
        var first = log.poll();
        assertSame(first, log.after(first));
    }

    @Test
    void aPollThatBringsNothingIsNotTheLastOfTheGap() {
        log.assign(A);
        log.brings(A);
        var first = log.poll();
        log.meanwhile = () -> log.meanwhile = () -> log.brings(A);
        assertEquals(Map.of(A, List.of(0L, 1L)), offsets(log.after(first)));
    }

    @Test
    void whileAPartitionIsPausedNothingMoreIsPolled() {
        log.assign(A, B);
        log.brings(A);
        var first = log.poll();
        log.pause(B);
        log.brings(A);
        assertSame(first, log.after(first));
    }

    @Test
    void whatIsRevokedMeanwhileIsNotHandedOutAndTheOthersComeAgain() {
        log.assign(A, B);
        log.brings(A, B);
        var first = log.poll();
        log.meanwhile = () -> log.assign(B);
        log.brings(A, B);
        assertEquals(Map.of(), offsets(log.after(first)));
        log.brings(B, B);
        assertEquals(Map.of(B, List.of(0L, 1L)), offsets(log.poll()));
    }

    @Test
    void whatIsNewIsHandedOutThoughTheOthersComeAgain() {
        log.assign(A);
        log.brings(A);
        var first = log.poll();
        log.meanwhile = () -> log.assign(A, C);
        log.brings(A, C);
        var handedOut = log.after(first);
        assertEquals(Map.of(C, List.of(0L)), offsets(handedOut));
        assertEquals(Set.of(C), handedOut.nextOffsets().keySet(), "no task may be told of records it did not get");
        log.brings(A);
        assertEquals(Map.of(A, List.of(0L)), offsets(log.poll()));
    }

    @Test
    void aRebalanceThatChangesNothingMayHaveMadeTasksAnew() {
        log.assign(A);
        log.brings(A);
        var first = log.poll();
        log.meanwhile = () -> log.watching.onPartitionsAssigned(List.of());
        log.brings(A);
        assertEquals(Map.of(), offsets(log.after(first)));
        log.brings(A, A);
        assertEquals(Map.of(A, List.of(0L, 1L)), offsets(log.poll()));
    }

    @Test
    void whatIsLostAndComesBackBeginsWhereItsOwnerLeftIt() {
        log.assign(A);
        log.brings(A);
        var first = log.poll();
        log.meanwhile = () -> {
            log.lose(A);
            // Another member has been faster.
            log.committed.put(A, 7L);
            log.assign(A);
        };
        assertEquals(Map.of(), offsets(log.after(first)));
        log.brings(A);
        assertEquals(Map.of(A, List.of(7L)), offsets(log.poll()));
    }

    @Test
    void ofAFailedSecondPollTheFirstComesAgain() {
        log.assign(A, B);
        log.brings(A, B);
        var first = log.poll();
        var failure = new KafkaException("fetch failed");
        log.meanwhile = () -> {
            throw failure;
        };
        assertSame(failure, assertThrows(KafkaException.class, () -> log.after(first)));
        log.brings(A, B);
        assertEquals(Map.of(A, List.of(0L), B, List.of(0L)), offsets(log.poll()));
    }

    @Test
    void theListenerIsToldEverything() {
        log.assign(A, B);
        log.assign(B);
        log.lose(B);
        assertEquals(List.of("assigned [t-0, t-1]", "revoked [t-0]", "assigned []", "lost [t-1]"), log.told);
    }

    /** What is handed out is committed: each owner begins after the last record that any owner was handed. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverRebalancesDoEveryRecordIsHandedOutOnceAndInOrder(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            try {
                log.mayRebalance(random);
                log.brings(log.some(random));
                var polled = log.poll();
                if (random.nextBoolean()) {
                    log.mayRebalance(random);
                    log.brings(log.some(random));
                    polled = log.after(polled);
                }
                log.handedOut(polled);
            } catch (KafkaException expected) {
                // Nothing was handed out.
            }
        }
    }

    private static Map<TopicPartition, List<Long>> offsets(ConsumerRecords<byte[], byte[]> records) {
        var offsets = new HashMap<TopicPartition, List<Long>>();
        records.forEach(record -> offsets.computeIfAbsent(
                        new TopicPartition(record.topic(), record.partition()), ignored -> new ArrayList<>())
                .add(record.offset()));
        return offsets;
    }

    /** A consumer of partitions that never end, and its group. */
    private static final class Log {
        final List<String> told = new ArrayList<>();
        final Map<TopicPartition, Long> committed = new HashMap<>();
        final ConsumerRebalanceListener watching;
        /** What happens in the next poll before it brings anything. */
        Runnable meanwhile = () -> {};

        private final List<TopicPartition> partitions;
        private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        private final SecondPoll second = new SecondPoll(consumer, ignored -> poll());
        private List<TopicPartition> brings = List.of();
        private boolean losing;

        Log(TopicPartition... partitions) {
            this.partitions = List.of(partitions);
            this.watching = second.watching(new Told());
            consumer.subscribe(List.of("t"), new Group());
        }

        void brings(TopicPartition... partitions) {
            brings = List.of(partitions);
        }

        void assign(TopicPartition... partitions) {
            consumer.rebalance(List.of(partitions));
        }

        void lose(TopicPartition partition) {
            var left = new HashSet<>(consumer.assignment());
            left.remove(partition);
            losing = true;
            consumer.rebalance(left);
            losing = false;
        }

        void pause(TopicPartition partition) {
            consumer.pause(List.of(partition));
        }

        ConsumerRecords<byte[], byte[]> poll() {
            Runnable first = meanwhile;
            meanwhile = () -> {};
            first.run();
            var records = new TreeMap<Integer, List<ConsumerRecord<byte[], byte[]>>>();
            for (TopicPartition partition : brings) {
                if (consumer.assignment().contains(partition)) {
                    long offset = consumer.position(partition);
                    records.computeIfAbsent(partition.partition(), ignored -> new ArrayList<>())
                            .add(record(partition, offset));
                    consumer.seek(partition, offset + 1);
                }
            }
            brings = List.of();
            var byPartition = new HashMap<TopicPartition, List<ConsumerRecord<byte[], byte[]>>>();
            var next = new HashMap<TopicPartition, OffsetAndMetadata>();
            records.forEach((number, some) -> {
                var partition = new TopicPartition("t", number);
                byPartition.put(partition, some);
                next.put(partition, new OffsetAndMetadata(some.getLast().offset() + 1));
            });
            return new ConsumerRecords<>(byPartition, next);
        }

        ConsumerRecords<byte[], byte[]> after(ConsumerRecords<byte[], byte[]> first) {
            var left = new ArrayDeque<>(List.of(Duration.ofMillis(2), Duration.ofNanos(100), Duration.ZERO));
            return second.after(first, left::remove);
        }

        TopicPartition[] some(Random random) {
            return random.ints(random.nextInt(6), 0, partitions.size())
                    .mapToObj(partitions::get)
                    .toArray(TopicPartition[]::new);
        }

        void mayRebalance(Random random) {
            switch (random.nextInt(8)) {
                case 0 ->
                    meanwhile = () -> assign(partitions.stream()
                            .filter(ignored -> random.nextBoolean())
                            .toArray(TopicPartition[]::new));
                case 1 -> meanwhile = () -> Set.copyOf(consumer.assignment()).forEach(this::lose);
                case 2 ->
                    meanwhile = () -> {
                        assign(partitions.get(random.nextInt(partitions.size())));
                        throw new KafkaException("a listener failed");
                    };
                default -> {}
            }
        }

        void handedOut(ConsumerRecords<byte[], byte[]> records) {
            offsets(records).forEach((partition, offsets) -> {
                for (long offset : offsets) {
                    assertEquals(committed.getOrDefault(partition, 0L), offset, partition::toString);
                    committed.put(partition, offset + 1);
                }
            });
        }

        private static ConsumerRecord<byte[], byte[]> record(TopicPartition partition, long offset) {
            return new ConsumerRecord<>(
                    partition.topic(),
                    partition.partition(),
                    offset,
                    0,
                    TimestampType.CREATE_TIME,
                    0,
                    0,
                    new byte[0],
                    new byte[0],
                    new RecordHeaders(),
                    Optional.of(1));
        }

        /** Where partitions begin; and the mock knows nothing of lost ones. */
        private final class Group implements ConsumerRebalanceListener {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                if (losing) {
                    watching.onPartitionsLost(partitions);
                } else {
                    watching.onPartitionsRevoked(partitions);
                }
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                partitions.forEach(partition -> consumer.seek(partition, committed.getOrDefault(partition, 0L)));
                if (!losing) {
                    watching.onPartitionsAssigned(partitions);
                }
            }
        }

        private final class Told implements ConsumerRebalanceListener {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                told.add("revoked " + sorted(partitions));
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                told.add("lost " + sorted(partitions));
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                told.add("assigned " + sorted(partitions));
            }

            private static List<String> sorted(Collection<TopicPartition> partitions) {
                return partitions.stream()
                        .map(TopicPartition::toString)
                        .sorted()
                        .toList();
            }
        }
    }
}
