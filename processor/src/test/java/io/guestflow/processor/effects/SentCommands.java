package io.guestflow.processor.effects;

import static io.guestflow.processor.effects.AuthCommands.command;
import static io.guestflow.processor.effects.EffectsMember.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Commands on a broker, the members that carry them out, and what became of them. */
final class SentCommands {
    static final int PARTITIONS = 4;
    static final String COMMANDS = Topics.CXONE_AUTH_COMMANDS.name();
    static final String OUTCOMES = Topics.CXONE_AUTH_OUTCOMES.name();
    static final String GROUP = "guestflow-effects";

    /** Commands that were called, by their ids. */
    final ConcurrentLinkedQueue<String> calls = new ConcurrentLinkedQueue<>();

    private final KafkaSandbox kafka;

    SentCommands(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    /** Calls it, and has made a conversation. */
    AuthOutcome answer(AuthCommand command, Delivery delivery) {
        calls.add(command.commandId());
        return AuthCommands.created(command);
    }

    EffectsMember start(String instanceId, CommandHandler<AuthCommand, AuthOutcome> handler)
            throws InterruptedException {
        return EffectsMember.start(kafka.bootstrap(), settings(instanceId), handler);
    }

    EffectsClients clients(String instanceId) {
        return EffectsMember.clients(kafka.bootstrap(), settings(instanceId));
    }

    private static EffectsSettings settings(String instanceId) {
        return new EffectsSettings(
                GROUP, instanceId, Duration.ofSeconds(6), 256, 512, 1024, Duration.ofSeconds(2), true);
    }

    void send(int partition, AuthCommand command) {
        kafka.produce(AuthCommands.record(partition, command));
    }

    List<ConsumerRecord<String, String>> outcomes(int count) {
        return kafka.readCommitted(OUTCOMES, count + " outcomes", all -> all.size() >= count, SOON);
    }

    static List<String> ids(List<ConsumerRecord<String, String>> outcomes) {
        return outcomes.stream().map(SentCommands::commandId).toList();
    }

    static String commandId(ConsumerRecord<String, String> outcome) {
        return AuthOutcome.CODEC.read(outcome.value().getBytes(UTF_8)).commandId();
    }

    /** Until the group has committed the very end of every partition that has records. */
    void awaitAllCommitted() {
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
