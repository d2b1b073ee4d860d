package io.guestflow.processor.effects;

import static io.guestflow.processor.effects.AuthCommands.command;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.contracts.session.SessionOutcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the poll thread does at the borders of assignments, told by a group of our making. */
@Timeout(30)
class PollLoopTest {
    private static final String COMMANDS = Topics.CXONE_AUTH_COMMANDS.name();
    private static final String SESSIONS = Topics.CXONE_SESSION_COMMANDS.name();
    private static final int PARTITIONS = 4;

    /** What happened, in order. */
    private final Queue<String> seen = new ConcurrentLinkedQueue<>();

    private final CountDownLatch hang = new CountDownLatch(1);
    private final AtomicBoolean mayBegin = new AtomicBoolean(true);
    private final MockConsumer<byte[], byte[]> group = new MockConsumer<>("earliest");
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final PollLoop loop = loop();
    private final Thread thread = new Thread(loop);

    @BeforeEach
    void topics() {
        for (String topic : List.of(COMMANDS, SESSIONS)) {
            group.updatePartitions(
                    topic,
                    IntStream.range(0, PARTITIONS)
                            .mapToObj(p -> new PartitionInfo(topic, p, Node.noNode(), new Node[0], new Node[0]))
                            .toList());
            group.updateBeginningOffsets(partitions(topic, 0, 1, 2, 3).stream()
                    .collect(Collectors.toMap(partition -> partition, partition -> 0L)));
        }
    }

    @AfterEach
    void close() throws InterruptedException {
        hang.countDown();
        loop.close(Duration.ofSeconds(5));
        thread.join();
        loop.interruptCommands();
    }

    @Test
    void aLostShareIsToldBeforeOutcomesAreReadBackAndAGainedOneAfterIt() {
        thread.start();
        rebalance(partitions(0, 1, 2));
        awaitSeen("read back 0 1 2", "share 3/4");

        rebalance(partitions(0, 3));

        awaitSeen("read back 0 1 2", "share 3/4", "share 2/4", "read back 3");
    }

    @Test
    void noCommandBeginsBeforeItMayAndThenAllDo() {
        mayBegin.set(false);
        thread.start();
        group.schedulePollTask(() -> {
            group.rebalance(partitions(0, 1));
            // There in the very poll that assigns the partitions.
            deliver(0, 0, "c0");
            deliver(1, 0, "c1");
        });
        awaitSeen("read back 0 1", "share 2/4");
        awaitPolls(3);
        assertTrue(seen.stream().noneMatch(event -> event.startsWith("command")), seen::toString);

        mayBegin.set(true);

        await().until(() -> seen.containsAll(List.of("command c0", "command c1")));
    }

    @Test
    void commandsOfSessionsThatHangTakeNoPlaceOfGuests() {
        thread.start();
        Set<TopicPartition> all = new HashSet<>(partitions(0, 1));
        all.addAll(partitions(SESSIONS, 0, 1));
        rebalance(all);
        awaitSeen("read back 0 1", "share 2/4");
        group.schedulePollTask(() -> {
            deliver(SessionCommands.refresh("hangs", "conv-1"), 0, 0);
        });
        await().until(() -> seen.contains("command hangs"));

        // One that runs leaves no room for a whole poll of its lane, and all the room there is for the other.
        group.schedulePollTask(() -> {
            deliver(SessionCommands.refresh("waits", "conv-2"), 1, 0);
            deliver(0, 0, "c0");
            deliver(1, 0, "c1");
        });
        await().until(() -> seen.containsAll(List.of("command c0", "command c1")));
        awaitPolls(3);
        assertFalse(seen.contains("command waits"), seen::toString);

        hang.countDown();
        await().until(() -> seen.contains("command waits"));
    }

    private void awaitPolls(int count) {
        AtomicInteger left = new AtomicInteger(count);
        for (int i = 0; i < count; i++) {
            group.schedulePollTask(left::decrementAndGet);
        }
        await().until(() -> left.get() == 0);
    }

    private void rebalance(Set<TopicPartition> assignment) {
        group.schedulePollTask(() -> group.rebalance(assignment));
    }

    private void deliver(SessionCommand command, int partition, long offset) {
        group.addRecord(new ConsumerRecord<>(
                SESSIONS,
                partition,
                offset,
                command.conversationId().getBytes(UTF_8),
                SessionCommand.CODEC.write(command)));
    }

    private void deliver(int partition, long offset, String id) {
        AuthCommand command = command(id, "guest-" + id);
        group.addRecord(new ConsumerRecord<>(
                COMMANDS, partition, offset, command.guestId().getBytes(UTF_8), AuthCommand.CODEC.write(command)));
    }

    private void awaitSeen(String... events) {
        await().untilAsserted(() -> assertEquals(List.of(events), List.copyOf(seen)));
    }

    private static Set<TopicPartition> partitions(int... numbers) {
        return partitions(COMMANDS, numbers);
    }

    private static Set<TopicPartition> partitions(String topic, int... numbers) {
        return IntStream.of(numbers)
                .mapToObj(p -> new TopicPartition(topic, p))
                .collect(Collectors.toUnmodifiableSet());
    }

    private PollLoop loop() {
        List<CommandLane<?, ?>> lanes = List.of(
                AuthLane.of((command, delivery) -> {
                    seen.add("command " + command.commandId());
                    return AuthCommands.created(command);
                }),
                SessionLane.of((command, delivery) -> {
                    seen.add("command " + command.commandId());
                    hang.await();
                    return new SessionOutcome.Gone(
                            command.commandId(), command.conversationId(), 404, 1, SessionCommands.NOW);
                }));
        EffectsSettings settings = new EffectsSettings(
                "guestflow-effects",
                "a",
                Duration.ofSeconds(6),
                256,
                EffectsSettings.BATCH,
                1024,
                Duration.ofSeconds(2),
                true);
        EffectsPorts ports = new EffectsPorts(
                producer,
                (record, violation) -> {},
                (assigned, total) -> seen.add("share " + assigned + "/" + total),
                mayBegin::get,
                (line, cause) -> seen.add("fatal " + line));
        return new PollLoop(
                settings,
                lanes,
                ports,
                InstantSource.system(),
                new EffectsMeters(new SimpleMeterRegistry()),
                group,
                new OutcomeTail(new Unreachable(), lanes, settings.tail()));
    }

    /** A reader whose broker is away, which notes that it was asked. */
    private final class Unreachable extends MockConsumer<byte[], byte[]> {
        Unreachable() {
            super("earliest");
        }

        @Override
        public synchronized Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> of, Duration timeout) {
            seen.add(Stream.concat(
                            Stream.of("read back"),
                            of.stream()
                                    .filter(partition -> partition.topic().equals(COMMANDS))
                                    .map(TopicPartition::partition)
                                    .sorted()
                                    .map(Object::toString))
                    .collect(Collectors.joining(" ")));
            throw new TimeoutException("the broker is away");
        }
    }
}
