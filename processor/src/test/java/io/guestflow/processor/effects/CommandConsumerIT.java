package io.guestflow.processor.effects;

import static io.guestflow.processor.effects.AuthCommands.command;
import static io.guestflow.processor.effects.EffectsMember.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(120)
@ExtendWith(SharedBroker.class)
class CommandConsumerIT {
    private static final int PARTITIONS = 4;
    private static final String COMMANDS = Topics.CXONE_AUTH_COMMANDS.name();
    private static final String OUTCOMES = Topics.CXONE_AUTH_OUTCOMES.name();
    private static final String GROUP = "guestflow-effects";

    private final KafkaSandbox kafka;
    private final ConcurrentLinkedQueue<String> calls = new ConcurrentLinkedQueue<>();

    CommandConsumerIT(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void topics() {
        kafka.deleteAllTopicsAndGroups();
        kafka.createTopics(PARTITIONS, COMMANDS, OUTCOMES);
    }

    @AfterEach
    void group() throws Exception {
        kafka.admin().deleteConsumerGroups(List.of(GROUP)).all().get();
    }

    @Test
    void everyOutcomeLiesInThePartitionWithItsCommandsNumber() throws InterruptedException {
        try (EffectsMember member = start("a", this::answer)) {
            for (int i = 0; i < 40; i++) {
                // Guests land in partitions that their key's hash would not choose.
                send(i % PARTITIONS, command("c" + i, "guest-" + i % 7));
            }

            for (ConsumerRecord<String, String> outcome : outcomes(40)) {
                int number = Integer.parseInt(commandId(outcome).substring(1));
                assertEquals(number % PARTITIONS, outcome.partition());
                assertEquals("guest-" + number % 7, outcome.key());
                assertEquals(
                        AuthCommands.TRACEPARENT,
                        new String(outcome.headers().lastHeader("traceparent").value(), UTF_8));
            }
            awaitAllCommitted();
            assertEquals(List.of("4/4"), List.copyOf(member.shares));
            assertEquals(0, member.count("redelivered"));
        }
    }

    @Test
    void commandsOfOneGuestRunInOrderWhileOthersPassThem() throws InterruptedException {
        CountDownLatch hang = new CountDownLatch(1);
        try (EffectsMember _ = start("a", (command, delivery) -> {
            if (command.commandId().equals("slow-0")) {
                hang.await();
            }
            return answer(command, delivery);
        })) {
            for (int i = 0; i < 10; i++) {
                send(0, command("slow-" + i, "slow-guest"));
                send(0, command("quick-" + i, "guest-" + i));
            }

            List<String> first = ids(outcomes(10));
            assertTrue(first.stream().allMatch(id -> id.startsWith("quick")), first::toString);
            hang.countDown();

            List<String> slow = ids(outcomes(20)).subList(10, 20);
            assertEquals(IntStream.range(0, 10).mapToObj(i -> "slow-" + i).toList(), slow);
        }
    }

    @Test
    void gapsOfTransactionsAreCommittedAcrossAndAbortedCommandsAreNotCalled() throws Exception {
        try (EffectsMember member = start("a", this::answer);
                KafkaProducer<byte[], byte[]> producer = transactional()) {
            producer.initTransactions();
            for (int i = 0; i < 30; i++) {
                producer.beginTransaction();
                String id = i % 3 == 2 ? "aborted-" + i : "c" + i;
                producer.send(AuthCommands.record(i % PARTITIONS, command(id, "guest-" + i)));
                producer.flush();
                if (i % 3 == 2) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }

            List<String> answered = ids(outcomes(20));
            // The committed offset reaches the end of the log, although its last entries are markers.
            awaitAllCommitted();
            assertEquals(20, member.count("delivered"));
            assertTrue(answered.stream().noneMatch(id -> id.startsWith("aborted")), answered::toString);
            assertTrue(calls.stream().noneMatch(id -> id.startsWith("aborted")), calls::toString);
        }
    }

    @Test
    void aCommandWhoseOutcomeWasNotAcknowledgedIsAnsweredByTheNextRun() throws InterruptedException {
        MockProducer<byte[], byte[]> neverAcknowledges =
                new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        try (EffectsMember dies = EffectsMember.start(clients("a"), neverAcknowledges, this::answer)) {
            for (int i = 0; i < 8; i++) {
                send(i % PARTITIONS, command("c" + i, "guest-" + i));
            }
            await().until(() -> neverAcknowledges.history().size() == 8);

            // A process of the same name: for the group, the first one is dead from now on.
            try (EffectsMember next = start("a", this::answer)) {
                assertEquals(8, Set.copyOf(ids(outcomes(8))).size());
                await().until(() -> !dies.fatal.isEmpty());
                assertTrue(dies.fatal.peek().contains("instance id a"), dies.fatal::toString);
                assertEquals(8, next.count("redelivered"));
                assertEquals(2, calls.stream().filter("c0"::equals).count());
            }
        }
    }

    @Test
    void aCommandAnsweredButNotCommittedIsSkipped() throws InterruptedException {
        for (int i = 0; i < 8; i++) {
            AuthCommand command = command("c" + i, "guest-" + i);
            send(i % PARTITIONS, command);
            if (i < 6) {
                kafka.produce(new ProducerRecord<>(
                        OUTCOMES,
                        i % PARTITIONS,
                        command.guestId().getBytes(UTF_8),
                        AuthOutcome.CODEC.write(AuthCommands.created(command))));
            }
        }

        try (EffectsMember member = start("a", this::answer)) {
            awaitAllCommitted();

            assertEquals(Set.of("c6", "c7"), Set.copyOf(calls));
            assertEquals(6, member.count("skipped"));
            assertEquals(2, member.count("redelivered"));
            assertEquals(8, outcomes(8).size());
        }
    }

    @Test
    void onlyTheTailOfTheOutcomesIsReadBack() throws InterruptedException {
        EffectsSettings shortTail =
                new EffectsSettings(GROUP, "a", Duration.ofSeconds(6), 256, 512, 2, Duration.ofSeconds(2), true);
        for (int i = 0; i < 3; i++) {
            AuthCommand command = command("c" + i, "guest-" + i);
            send(0, command);
            kafka.produce(new ProducerRecord<>(
                    OUTCOMES, 0, "g".getBytes(UTF_8), AuthOutcome.CODEC.write(AuthCommands.created(command))));
        }

        try (EffectsMember _ = EffectsMember.start(kafka.bootstrap(), shortTail, this::answer)) {
            awaitAllCommitted();
            assertEquals(List.of("c0"), List.copyOf(calls));
        }
    }

    @Test
    @Tag("full")
    void membersThatComeAndGoLoseNothingAndRepeatNothing() throws InterruptedException {
        // Longer than a rebalance, so that some always run when partitions move.
        CommandHandler<AuthCommand, AuthOutcome> slow = (command, delivery) -> {
            calls.add(command.commandId());
            await().pollDelay(Duration.ofMillis(300)).until(() -> true);
            return AuthCommands.created(command);
        };
        AtomicInteger sent = new AtomicInteger();
        AtomicBoolean enough = new AtomicBoolean();
        Thread load = Thread.ofVirtual().start(() -> {
            while (!enough.get()) {
                int i = sent.getAndIncrement();
                send(i % PARTITIONS, command("c" + i, "guest-" + i % 500));
            }
        });
        try (EffectsMember first = start("a", slow)) {
            await().until(() -> calls.size() > 100);
            try (EffectsMember second = start("b", slow)) {
                await().until(() -> first.shares.contains("2/4") && second.shares.contains("2/4"));
                await().until(() -> second.count("outcomes") > 100);
            }
            // It left, so the first one has all again, and at once.
            await().atMost(SOON).until(() -> List.copyOf(first.shares).getLast().equals("4/4"));
            int before = first.count("outcomes");
            await().until(() -> first.count("outcomes") > before + 100);
            enough.set(true);
            load.join();

            awaitAllCommitted();
        }

        Map<String, Long> perCommand = calls.stream().collect(groupingBy(Function.identity(), counting()));
        assertEquals(sent.get(), perCommand.size(), "commands called");
        assertEquals(sent.get(), calls.size(), "calls: every rebalance waited for what ran");
        assertEquals(sent.get(), ids(outcomes(sent.get())).size());
    }

    @Test
    @Tag("full")
    void theWindowHoldsBehindACommandThatHangsAndTheRestGoesOn() throws InterruptedException {
        CountDownLatch hang = new CountDownLatch(1);
        try (EffectsMember member = start("a", (command, delivery) -> {
            if (command.commandId().equals("hangs")) {
                hang.await();
            }
            return answer(command, delivery);
        })) {
            send(0, command("hangs", "stuck-guest"));
            List<ProducerRecord<byte[], byte[]>> many = IntStream.range(0, 600)
                    .mapToObj(i -> AuthCommands.record(0, command("c" + i, "guest-" + i)))
                    .toList();
            many.forEach(kafka::send);
            // More than the session timeout and many polls later the member is still there and works.
            await().pollDelay(Duration.ofSeconds(7)).until(() -> member.gauge("in.flight") == 1);
            assertTrue(member.gauge("window") <= 256, () -> "window " + member.gauge("window"));
            assertTrue(calls.size() > 150 && calls.size() < 256, () -> calls.size() + " calls");
            send(1, command("elsewhere", "another-guest"));
            await().until(() -> calls.contains("elsewhere"));

            hang.countDown();

            awaitAllCommitted();
            assertEquals(602, calls.size());
            assertEquals(List.of("4/4"), List.copyOf(member.shares), "it was never put out of the group");
            assertEquals(0, member.gauge("in.flight"));
        }
    }

    @Test
    void roomIsUsedAsSoonAsItIsThere() throws InterruptedException {
        // The same work with room for all of it tells how fast this machine is just now.
        Duration wide = timeToCarryOut("wide", 2560);
        Duration narrow = timeToCarryOut("narrow", 64);

        // One batch at a time: polls that wait out their 100 ms after each of forty would need four seconds more.
        assertTrue(
                narrow.minus(wide.multipliedBy(2)).compareTo(Duration.ofMillis(3500)) < 0,
                () -> narrow + " with little room, " + wide + " with much");
    }

    private Duration timeToCarryOut(String run, int inFlight) throws InterruptedException {
        EffectsSettings settings = new EffectsSettings(
                GROUP, run, Duration.ofSeconds(6), 1024, inFlight, 1024, Duration.ofSeconds(2), true);
        try (EffectsMember _ = EffectsMember.start(kafka.bootstrap(), settings, (command, delivery) -> {
            await().pollDelay(Duration.ofMillis(5)).until(() -> true);
            return answer(command, delivery);
        })) {
            int before = calls.size();
            long started = System.nanoTime();
            for (int i = 0; i < 2560; i++) {
                kafka.send(AuthCommands.record(i % PARTITIONS, command(run + i, "guest-" + i)));
            }
            await().atMost(SOON).until(() -> calls.size() == before + 2560);
            return Duration.ofNanos(System.nanoTime() - started);
        }
    }

    @Test
    void aMemberPutOutOfTheGroupComesBackAndGoesOn() throws Exception {
        try (EffectsMember member = start("a", this::answer)) {
            send(0, command("c1", "g"));
            await().until(() -> calls.contains("c1"));
            awaitAllCommitted();

            kafka.admin()
                    .removeMembersFromConsumerGroup(GROUP, new RemoveMembersFromConsumerGroupOptions())
                    .all()
                    .get();

            await().atMost(SOON).until(() -> List.copyOf(member.shares).equals(List.of("4/4", "0/4", "4/4")));
            send(0, command("c2", "g"));
            await().until(() -> calls.contains("c2"));
            assertTrue(member.fatal.isEmpty(), member.fatal::toString);
        }
    }

    @Test
    void closingWaitsForWhatRunsAndTheNextRunRepeatsNothing() throws InterruptedException {
        CountDownLatch called = new CountDownLatch(4);
        EffectsMember member = start("a", (command, delivery) -> {
            called.countDown();
            await().pollDelay(Duration.ofMillis(300)).until(() -> true);
            return answer(command, delivery);
        });
        for (int i = 0; i < PARTITIONS; i++) {
            send(i, command("running-" + i, "guest" + i));
            send(i, command("queued-" + i, "guest" + i));
        }
        called.await();
        member.close();
        assertEquals(0, member.count("redelivered"));
        Set<String> before = Set.copyOf(calls);
        assertTrue(before.size() >= PARTITIONS, before::toString);

        try (EffectsMember next = start("a", this::answer)) {
            await().until(() -> calls.size() >= 2 * PARTITIONS);
            awaitAllCommitted();

            assertEquals(2 * PARTITIONS, calls.size(), calls::toString);
            assertEquals(0, next.count("redelivered"), "it ended in order, so nothing is suspect");
        }
    }

    @Test
    void aCommandThatCannotBeReadDoesNotStopTheOthers() throws InterruptedException {
        try (EffectsMember member = start("a", this::answer)) {
            kafka.produce(AuthCommands.record(0, "g", "{".getBytes(UTF_8)));
            send(0, command("c1", "g"));

            assertEquals(List.of("c1"), ids(outcomes(1)));
            awaitAllCommitted();
            assertEquals(List.of(0L), List.copyOf(member.deadLetters));
        }
    }

    private AuthOutcome answer(AuthCommand command, Delivery delivery) {
        calls.add(command.commandId());
        return AuthCommands.created(command);
    }

    private EffectsMember start(String instanceId, CommandHandler<AuthCommand, AuthOutcome> handler)
            throws InterruptedException {
        return EffectsMember.start(kafka.bootstrap(), settings(instanceId), handler);
    }

    private EffectsClients clients(String instanceId) {
        return EffectsMember.clients(kafka.bootstrap(), settings(instanceId));
    }

    private static EffectsSettings settings(String instanceId) {
        return new EffectsSettings(
                GROUP, instanceId, Duration.ofSeconds(6), 256, 512, 1024, Duration.ofSeconds(2), true);
    }

    private void send(int partition, AuthCommand command) {
        kafka.produce(AuthCommands.record(partition, command));
    }

    private KafkaProducer<byte[], byte[]> transactional() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap(), "transactional.id", "command-consumer-it"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private List<ConsumerRecord<String, String>> outcomes(int count) {
        return kafka.readCommitted(OUTCOMES, count + " outcomes", all -> all.size() >= count, SOON);
    }

    private static List<String> ids(List<ConsumerRecord<String, String>> outcomes) {
        return outcomes.stream().map(CommandConsumerIT::commandId).toList();
    }

    private static String commandId(ConsumerRecord<String, String> outcome) {
        return AuthOutcome.CODEC.read(outcome.value().getBytes(UTF_8)).commandId();
    }

    /** Until the group has committed the very end of every partition that has records. */
    private void awaitAllCommitted() {
        await().atMost(SOON).untilAsserted(() -> assertEquals(ends(), committed()));
    }

    private Map<TopicPartition, Long> ends() throws Exception {
        List<TopicPartition> partitions = new ArrayList<>();
        for (int i = 0; i < PARTITIONS; i++) {
            partitions.add(new TopicPartition(COMMANDS, i));
        }
        return kafka
                .admin()
                .listOffsets(
                        partitions.stream().collect(Collectors.toMap(Function.identity(), p -> OffsetSpec.latest())))
                .all()
                .get()
                .entrySet()
                .stream()
                .filter(end -> end.getValue().offset() > 0)
                .collect(Collectors.toMap(
                        Map.Entry::getKey, end -> end.getValue().offset()));
    }

    private Map<TopicPartition, Long> committed() throws Exception {
        Map<TopicPartition, OffsetAndMetadata> committed = kafka.admin()
                .listConsumerGroupOffsets(GROUP)
                .partitionsToOffsetAndMetadata()
                .get();
        return committed.entrySet().stream()
                .filter(offset -> offset.getValue().offset() > 0)
                .collect(Collectors.toMap(
                        Map.Entry::getKey, offset -> offset.getValue().offset()));
    }
}
