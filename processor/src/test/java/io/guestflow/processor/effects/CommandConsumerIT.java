package io.guestflow.processor.effects;

import static io.guestflow.processor.effects.AuthCommands.command;
import static io.guestflow.processor.effects.EffectsMember.SOON;
import static io.guestflow.processor.effects.SentCommands.COMMANDS;
import static io.guestflow.processor.effects.SentCommands.GROUP;
import static io.guestflow.processor.effects.SentCommands.OUTCOMES;
import static io.guestflow.processor.effects.SentCommands.PARTITIONS;
import static io.guestflow.processor.effects.SentCommands.commandId;
import static io.guestflow.processor.effects.SentCommands.ids;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** How commands are carried out: where their outcomes lie, in which order they run, how much room they have. */
@Timeout(120)
@ExtendWith(SharedBroker.class)
class CommandConsumerIT {
    private final KafkaSandbox kafka;
    private final SentCommands commands;

    CommandConsumerIT(KafkaSandbox kafka) {
        this.kafka = kafka;
        this.commands = new SentCommands(kafka);
    }

    @BeforeEach
    void topics() {
        kafka.deleteAllTopicsAndGroups();
        kafka.createTopics(PARTITIONS, COMMANDS, OUTCOMES);
    }

    @AfterEach
    void group() {
        kafka.deleteAllTopicsAndGroups();
    }

    @Test
    void everyOutcomeLiesInThePartitionWithItsCommandsNumber() throws InterruptedException {
        try (EffectsMember member = commands.start("a", commands::answer)) {
            for (int i = 0; i < 40; i++) {
                // Guests land in partitions that their key's hash would not choose.
                commands.send(i % PARTITIONS, command("c" + i, "guest-" + i % 7));
            }

            for (ConsumerRecord<String, String> outcome : commands.outcomes(40)) {
                int number = Integer.parseInt(commandId(outcome).substring(1));
                assertEquals(number % PARTITIONS, outcome.partition());
                assertEquals("guest-" + number % 7, outcome.key());
                assertEquals(
                        AuthCommands.TRACEPARENT,
                        new String(outcome.headers().lastHeader("traceparent").value(), UTF_8));
            }
            commands.awaitAllCommitted();
            assertEquals(List.of("4/4"), List.copyOf(member.shares));
            assertEquals(0, member.count("redelivered"));
        }
    }

    @Test
    void commandsOfOneGuestRunInOrderWhileOthersPassThem() throws InterruptedException {
        CountDownLatch hang = new CountDownLatch(1);
        try (EffectsMember _ = commands.start("a", (command, delivery) -> {
            if (command.commandId().equals("slow-0")) {
                hang.await();
            }
            return commands.answer(command, delivery);
        })) {
            for (int i = 0; i < 10; i++) {
                commands.send(0, command("slow-" + i, "slow-guest"));
                commands.send(0, command("quick-" + i, "guest-" + i));
            }

            List<String> first = ids(commands.outcomes(10));
            assertTrue(first.stream().allMatch(id -> id.startsWith("quick")), first::toString);
            hang.countDown();

            List<String> slow = ids(commands.outcomes(20)).subList(10, 20);
            assertEquals(IntStream.range(0, 10).mapToObj(i -> "slow-" + i).toList(), slow);
        }
    }

    @Test
    void gapsOfTransactionsAreCommittedAcrossAndAbortedCommandsAreNotCalled() throws Exception {
        try (EffectsMember member = commands.start("a", commands::answer);
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

            List<String> answered = ids(commands.outcomes(20));
            // The committed offset reaches the end of the log, although its last entries are markers.
            commands.awaitAllCommitted();
            assertEquals(20, member.count("delivered"));
            assertTrue(answered.stream().noneMatch(id -> id.startsWith("aborted")), answered::toString);
            assertTrue(commands.calls.stream().noneMatch(id -> id.startsWith("aborted")), commands.calls::toString);
        }
    }

    @Test
    void aCommandThatCannotBeReadDoesNotStopTheOthers() throws InterruptedException {
        try (EffectsMember member = commands.start("a", commands::answer)) {
            kafka.produce(AuthCommands.record(0, "g", "{".getBytes(UTF_8)));
            commands.send(0, command("c1", "g"));

            assertEquals(List.of("c1"), ids(commands.outcomes(1)));
            commands.awaitAllCommitted();
            assertEquals(List.of(0L), List.copyOf(member.deadLetters));
        }
    }

    @Test
    @Tag("full")
    void theWindowHoldsBehindACommandThatHangsAndTheRestGoesOn() throws InterruptedException {
        CountDownLatch hang = new CountDownLatch(1);
        try (EffectsMember member = commands.start("a", (command, delivery) -> {
            if (command.commandId().equals("hangs")) {
                hang.await();
            }
            return commands.answer(command, delivery);
        })) {
            commands.send(0, command("hangs", "stuck-guest"));
            List<ProducerRecord<byte[], byte[]>> many = IntStream.range(0, 600)
                    .mapToObj(i -> AuthCommands.record(0, command("c" + i, "guest-" + i)))
                    .toList();
            many.forEach(kafka::send);
            // More than the session timeout and many polls later the member is still there and works.
            await().pollDelay(Duration.ofSeconds(7)).until(() -> member.gauge("in.flight") == 1);
            assertTrue(member.gauge("window") <= 256, () -> "window " + member.gauge("window"));
            assertTrue(
                    commands.calls.size() > 150 && commands.calls.size() < 256, () -> commands.calls.size() + " calls");
            commands.send(1, command("elsewhere", "another-guest"));
            await().until(() -> commands.calls.contains("elsewhere"));

            hang.countDown();

            commands.awaitAllCommitted();
            assertEquals(602, commands.calls.size());
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
            return commands.answer(command, delivery);
        })) {
            int before = commands.calls.size();
            long started = System.nanoTime();
            for (int i = 0; i < 2560; i++) {
                kafka.send(AuthCommands.record(i % PARTITIONS, command(run + i, "guest-" + i)));
            }
            await().atMost(SOON).until(() -> commands.calls.size() == before + 2560);
            return Duration.ofNanos(System.nanoTime() - started);
        }
    }

    private KafkaProducer<byte[], byte[]> transactional() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap(), "transactional.id", "command-consumer-it"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
