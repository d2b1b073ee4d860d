package io.guestflow.processor.effects;

import static io.guestflow.processor.effects.AuthCommands.command;
import static io.guestflow.processor.effects.EffectsMember.SOON;
import static io.guestflow.processor.effects.SentCommands.COMMANDS;
import static io.guestflow.processor.effects.SentCommands.GROUP;
import static io.guestflow.processor.effects.SentCommands.OUTCOMES;
import static io.guestflow.processor.effects.SentCommands.PARTITIONS;
import static io.guestflow.processor.effects.SentCommands.ids;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is called again, and what is not, when members come, go and die. */
@Timeout(120)
@ExtendWith(SharedBroker.class)
class CommandRedeliveryIT {
    private final KafkaSandbox kafka;
    private final SentCommands commands;

    CommandRedeliveryIT(KafkaSandbox kafka) {
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
    void aCommandWhoseOutcomeWasNotAcknowledgedIsAnsweredByTheNextRun() throws InterruptedException {
        MockProducer<byte[], byte[]> neverAcknowledges =
                new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        try (EffectsMember dies = EffectsMember.start(commands.clients("a"), neverAcknowledges, commands::answer)) {
            for (int i = 0; i < 8; i++) {
                commands.send(i % PARTITIONS, command("c" + i, "guest-" + i));
            }
            await().until(() -> neverAcknowledges.history().size() == 8);

            // A process of the same name: for the group, the first one is dead from now on.
            try (EffectsMember next = commands.start("a", commands::answer)) {
                assertEquals(8, Set.copyOf(ids(commands.outcomes(8))).size());
                await().until(() -> !dies.fatal.isEmpty());
                assertTrue(dies.fatal.peek().contains("instance id a"), dies.fatal::toString);
                assertEquals(8, next.count("redelivered"));
                assertEquals(2, commands.calls.stream().filter("c0"::equals).count());
            }
        }
    }

    @Test
    void aCommandAnsweredButNotCommittedIsSkipped() throws InterruptedException {
        for (int i = 0; i < 8; i++) {
            AuthCommand command = command("c" + i, "guest-" + i);
            commands.send(i % PARTITIONS, command);
            if (i < 6) {
                kafka.produce(new ProducerRecord<>(
                        OUTCOMES,
                        i % PARTITIONS,
                        command.guestId().getBytes(UTF_8),
                        AuthOutcome.CODEC.write(AuthCommands.created(command))));
            }
        }

        try (EffectsMember member = commands.start("a", commands::answer)) {
            commands.awaitAllCommitted();

            assertEquals(Set.of("c6", "c7"), Set.copyOf(commands.calls));
            assertEquals(6, member.count("skipped"));
            assertEquals(2, member.count("redelivered"));
            assertEquals(8, commands.outcomes(8).size());
        }
    }

    @Test
    void onlyTheTailOfTheOutcomesIsReadBack() throws InterruptedException {
        EffectsSettings shortTail =
                new EffectsSettings(GROUP, "a", Duration.ofSeconds(6), 256, 512, 2, Duration.ofSeconds(2), true);
        for (int i = 0; i < 3; i++) {
            AuthCommand command = command("c" + i, "guest-" + i);
            commands.send(0, command);
            kafka.produce(new ProducerRecord<>(
                    OUTCOMES, 0, "g".getBytes(UTF_8), AuthOutcome.CODEC.write(AuthCommands.created(command))));
        }

        try (EffectsMember _ = EffectsMember.start(kafka.bootstrap(), shortTail, commands::answer)) {
            commands.awaitAllCommitted();
            assertEquals(List.of("c0"), List.copyOf(commands.calls));
        }
    }

    @Test
    @Tag("full")
    void membersThatComeAndGoLoseNothingAndRepeatNothing() throws InterruptedException {
        // Longer than a rebalance, so that some always run when partitions move.
        CommandHandler<AuthCommand, AuthOutcome> slow = (command, delivery) -> {
            commands.calls.add(command.commandId());
            await().pollDelay(Duration.ofMillis(300)).until(() -> true);
            return AuthCommands.created(command);
        };
        AtomicInteger sent = new AtomicInteger();
        AtomicBoolean enough = new AtomicBoolean();
        Thread load = Thread.ofVirtual().start(() -> {
            while (!enough.get()) {
                int i = sent.getAndIncrement();
                commands.send(i % PARTITIONS, command("c" + i, "guest-" + i % 500));
            }
        });
        try (EffectsMember first = EffectsMember.start(kafka.bootstrap(), patient("a"), slow)) {
            await().until(() -> commands.calls.size() > 100);
            try (EffectsMember second = EffectsMember.start(kafka.bootstrap(), patient("b"), slow)) {
                await().until(() -> first.shares.contains("2/4") && second.shares.contains("2/4"));
                await().until(() -> second.count("outcomes") > 100);
            }
            // It left, so the first one has all again, and at once.
            await().atMost(SOON).until(() -> List.copyOf(first.shares).getLast().equals("4/4"));
            int before = first.count("outcomes");
            await().until(() -> first.count("outcomes") > before + 100);
            enough.set(true);
            load.join();

            commands.awaitAllCommitted();
        }

        Map<String, Long> perCommand = commands.calls.stream().collect(groupingBy(Function.identity(), counting()));
        assertEquals(sent.get(), perCommand.size(), "commands called");
        assertEquals(sent.get(), commands.calls.size(), "calls: every rebalance waited for what ran");
        assertEquals(sent.get(), ids(commands.outcomes(sent.get())).size());
    }

    /** Waits for what runs, however busy the machine is. */
    private static EffectsSettings patient(String instanceId) {
        return new EffectsSettings(
                GROUP, instanceId, Duration.ofSeconds(6), 256, 512, 1024, Duration.ofSeconds(20), true);
    }

    @Test
    void aMemberPutOutOfTheGroupComesBackAndGoesOn() throws Exception {
        try (EffectsMember member = commands.start("a", commands::answer)) {
            commands.send(0, command("c1", "g"));
            await().until(() -> commands.calls.contains("c1"));
            commands.awaitAllCommitted();

            kafka.admin()
                    .removeMembersFromConsumerGroup(GROUP, new RemoveMembersFromConsumerGroupOptions())
                    .all()
                    .get();

            await().atMost(SOON).until(() -> List.copyOf(member.shares).equals(List.of("4/4", "0/4", "4/4")));
            commands.send(0, command("c2", "g"));
            await().until(() -> commands.calls.contains("c2"));
            assertTrue(member.fatal.isEmpty(), member.fatal::toString);
        }
    }

    @Test
    void closingWaitsForWhatRunsAndTheNextRunRepeatsNothing() throws InterruptedException {
        CountDownLatch called = new CountDownLatch(4);
        EffectsMember member = commands.start("a", (command, delivery) -> {
            called.countDown();
            await().pollDelay(Duration.ofMillis(300)).until(() -> true);
            return commands.answer(command, delivery);
        });
        for (int i = 0; i < PARTITIONS; i++) {
            commands.send(i, command("running-" + i, "guest" + i));
            commands.send(i, command("queued-" + i, "guest" + i));
        }
        called.await();
        member.close();
        assertEquals(0, member.count("redelivered"));
        Set<String> before = Set.copyOf(commands.calls);
        assertTrue(before.size() >= PARTITIONS, before::toString);

        try (EffectsMember next = commands.start("a", commands::answer)) {
            await().until(() -> commands.calls.size() >= 2 * PARTITIONS);
            commands.awaitAllCommitted();

            assertEquals(2 * PARTITIONS, commands.calls.size(), commands.calls::toString);
            assertEquals(0, next.count("redelivered"), "it ended in order, so nothing is suspect");
        }
    }
}
