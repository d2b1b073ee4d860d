package io.guestflow.processor.effects;

import static io.guestflow.processor.effects.EffectsMember.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.session.SessionOutcome;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Commands of guests and of sessions in one consumer. */
@Timeout(120)
@ExtendWith(SharedBroker.class)
class LanesIT {
    private static final int PARTITIONS = 4;

    private final KafkaSandbox kafka;
    private final CountDownLatch hang = new CountDownLatch(1);
    /** The partitions whose commands a member got, by instance and lane. */
    private final Map<String, Set<Integer>> got = new ConcurrentHashMap<>();

    LanesIT(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void topics() {
        kafka.deleteAllTopicsAndGroups();
        kafka.createTopics(
                PARTITIONS,
                Topics.CXONE_AUTH_COMMANDS.name(),
                Topics.CXONE_AUTH_OUTCOMES.name(),
                Topics.CXONE_SESSION_COMMANDS.name(),
                Topics.CXONE_SESSION_OUTCOMES.name());
    }

    @Test
    void partitionsWithEqualNumbersGoTogether() throws InterruptedException {
        hang.countDown();
        try (EffectsMember a = start("a");
                EffectsMember b = start("b")) {
            await().atMost(SOON).until(() -> last(a).equals("2/4") && last(b).equals("2/4"));
            for (int i = 0; i < PARTITIONS; i++) {
                kafka.produce(AuthCommands.record(i, AuthCommands.command("auth-" + i, "guest-" + i)));
                kafka.produce(SessionCommands.record(i, SessionCommands.refresh("session-" + i, "conv-" + i)));
            }
            assertEquals(
                    PARTITIONS,
                    outcomes(Topics.CXONE_AUTH_OUTCOMES.name(), PARTITIONS).size());
            for (ConsumerRecord<String, String> outcome : outcomes(Topics.CXONE_SESSION_OUTCOMES.name(), PARTITIONS)) {
                String id = SessionOutcome.CODEC
                        .read(outcome.value().getBytes(UTF_8))
                        .commandId();
                assertEquals("session-" + outcome.partition(), id);
                assertEquals("conv-" + outcome.partition(), outcome.key());
            }
            for (String member : List.of("a", "b")) {
                assertEquals(2, got(member, "auth").size(), got::toString);
                assertEquals(got(member, "auth"), got(member, "session"));
            }
        }
    }

    @Test
    void sessionsThatHangHoldUpNoGuest() throws InterruptedException {
        try (EffectsMember a = start("a")) {
            for (int i = 0; i < 400; i++) {
                kafka.send(
                        SessionCommands.record(i % PARTITIONS, SessionCommands.refresh("session-" + i, "conv-" + i)));
            }
            await().atMost(SOON).until(() -> inFlight(a, Topics.CXONE_SESSION_COMMANDS.name()) > 64);
            for (int i = 0; i < 200; i++) {
                kafka.send(AuthCommands.record(i % PARTITIONS, AuthCommands.command("auth-" + i, "guest-" + i)));
            }
            assertEquals(200, outcomes(Topics.CXONE_AUTH_OUTCOMES.name(), 200).size());
            int hanging = inFlight(a, Topics.CXONE_SESSION_COMMANDS.name());
            assertTrue(hanging <= 128, () -> hanging + " of 128 places");

            hang.countDown();
            assertEquals(
                    400,
                    outcomes(Topics.CXONE_SESSION_OUTCOMES.name(), 400).stream()
                            .map(outcome -> SessionOutcome.CODEC
                                    .read(outcome.value().getBytes(UTF_8))
                                    .commandId())
                            .collect(Collectors.toSet())
                            .size());
        } finally {
            hang.countDown();
        }
    }

    private EffectsMember start(String instanceId) throws InterruptedException {
        EffectsSettings settings = new EffectsSettings(
                "guestflow-effects", instanceId, Duration.ofSeconds(6), 256, 128, 1024, Duration.ofSeconds(2), true);
        EffectsClients clients = EffectsMember.clients(kafka.bootstrap(), settings);
        return EffectsMember.start(
                clients,
                clients.producer(),
                List.of(
                        AuthLane.of((command, delivery) -> {
                            note(instanceId, "auth", command.commandId());
                            return AuthCommands.created(command);
                        }),
                        SessionLane.of((command, delivery) -> {
                            note(instanceId, "session", command.commandId());
                            hang.await();
                            return new SessionOutcome.Gone(
                                    command.commandId(), command.conversationId(), 404, 1, SessionCommands.NOW);
                        })));
    }

    private void note(String instanceId, String lane, String commandId) {
        int number = Integer.parseInt(commandId.substring(commandId.indexOf('-') + 1));
        got.computeIfAbsent(instanceId + " " + lane, k -> new ConcurrentSkipListSet<>())
                .add(number % PARTITIONS);
    }

    private Set<Integer> got(String instanceId, String lane) {
        return new TreeSet<>(got.getOrDefault(instanceId + " " + lane, Set.of()));
    }

    private static String last(EffectsMember member) {
        List<String> shares = List.copyOf(member.shares);
        return shares.isEmpty() ? "" : shares.getLast();
    }

    private static int inFlight(EffectsMember member, String topic) {
        return (int) member.registry
                .get("guestflow.effects.in.flight")
                .tag("topic", topic)
                .gauge()
                .value();
    }

    private List<ConsumerRecord<String, String>> outcomes(String topic, int count) {
        return kafka.readCommitted(topic, count + " outcomes", all -> all.size() >= count, SOON);
    }
}
