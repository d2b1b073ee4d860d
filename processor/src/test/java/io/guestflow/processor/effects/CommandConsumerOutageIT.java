package io.guestflow.processor.effects;

import static io.guestflow.processor.effects.AuthCommands.command;
import static io.guestflow.processor.effects.EffectsMember.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.processor.sandbox.broker.KafkaCluster;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broker that goes away and comes back, for the consumer of commands. */
@Timeout(180)
@Tag("full")
class CommandConsumerOutageIT {
    private static final int PARTITIONS = 2;
    private static final EffectsSettings SETTINGS = EffectsSettings.defaults("guestflow-effects", "a");
    private static KafkaCluster broker;
    private static KafkaSandbox kafka;

    private final ConcurrentLinkedQueue<String> calls = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void startBroker() {
        broker = KafkaCluster.start(1);
        kafka = new KafkaSandbox(broker.bootstrap());
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
        broker.close();
    }

    @BeforeEach
    void topics() throws Exception {
        kafka.admin()
                .deleteTopics(kafka.admin().listTopics().names().get())
                .all()
                .get();
        kafka.createTopics(PARTITIONS, Topics.CXONE_AUTH_COMMANDS.name(), Topics.CXONE_AUTH_OUTCOMES.name());
    }

    @AfterEach
    void resume() {
        broker.resume();
    }

    @Test
    void aBrokerThatStopsAnsweringIsWaitedFor() throws InterruptedException {
        try (EffectsMember member = start()) {
            send(0, 50);
            awaitAnswers(50);

            broker.pause();
            send(50, 100);
            resumeAfter(Duration.ofSeconds(3));

            awaitAnswers(100);
            assertTrue(member.fatal.isEmpty(), member.fatal::toString);
        }
    }

    @Test
    void outcomesOfCallsThatEndWhileTheBrokerIsAwayAreNotLost() throws InterruptedException {
        try (EffectsMember member = EffectsMember.start(broker.bootstrap(), SETTINGS, (command, delivery) -> {
            if (command.commandId().equals("c0")) {
                await().until(() -> !broker.node(1).isAlive());
            }
            return answer(command, delivery);
        })) {
            send(0, 10);
            await().until(() -> member.count("outcomes") == 9);

            broker.kill();
            await().until(() -> calls.size() == 10);
            broker.restart();
            send(10, 20);

            awaitAnswers(20);
            assertTrue(member.fatal.isEmpty(), member.fatal::toString);
        }
    }

    @Test
    void anOutageLongerThanTheSessionTimeoutEndsInARejoin() throws InterruptedException {
        try (EffectsMember member = start()) {
            send(0, 50);
            awaitAnswers(50);

            broker.pause();
            send(50, 100);
            resumeAfter(Duration.ofSeconds(20));

            awaitAnswers(100);
            assertTrue(member.fatal.isEmpty(), member.fatal::toString);
        }
    }

    private static void resumeAfter(Duration outage) {
        await().pollDelay(outage).atMost(outage.plusSeconds(10)).until(() -> true);
        broker.resume();
    }

    private EffectsMember start() throws InterruptedException {
        return EffectsMember.start(broker.bootstrap(), SETTINGS, this::answer);
    }

    private AuthOutcome answer(AuthCommand command, Delivery delivery) {
        calls.add(command.commandId());
        return AuthCommands.created(command);
    }

    private static void send(int from, int to) {
        for (int i = from; i < to; i++) {
            kafka.send(AuthCommands.record(i % PARTITIONS, command("c" + i, "guest-" + i)));
        }
    }

    private static void awaitAnswers(int count) {
        Set<String> expected = IntStream.range(0, count).mapToObj(i -> "c" + i).collect(Collectors.toUnmodifiableSet());
        var outcomes = kafka.readCommitted(
                Topics.CXONE_AUTH_OUTCOMES.name(), count + " outcomes", all -> all.size() >= count, SOON);
        assertEquals(
                expected,
                outcomes.stream()
                        .map(outcome -> AuthOutcome.CODEC
                                .read(outcome.value().getBytes(UTF_8))
                                .commandId())
                        .collect(Collectors.toUnmodifiableSet()));
    }
}
