package io.guestflow.processor.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.facts.Source;
import io.guestflow.contracts.session.SessionEvent.Revoked;
import io.guestflow.processor.wire.MarkedPartition;
import io.guestflow.processor.wire.Routed;
import io.guestflow.processor.wire.Trace;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.Test;

class SessionEventsTest {
    private static final int PARTITIONS = 12;
    private static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");

    private final MockProcessorContext<byte[], Routed> context = new MockProcessorContext<>();
    private final SessionEvents events = new SessionEvents(() -> PARTITIONS);

    @Test
    void anEventLiesWhereKafkasOwnProducerWouldPutItsConversation() {
        for (int i = 0; i < 200; i++) {
            context.resetForwards();
            String conversation = "conv-" + i;
            events.send(
                    context,
                    new Revoked(conversation, NOW, "r", "b"),
                    new Source("guest-session-revocations", 7, 17),
                    Trace.NONE,
                    NOW);
            assertEquals(
                    List.of(BuiltInPartitioner.partitionForKey(
                            conversation.getBytes(StandardCharsets.UTF_8), PARTITIONS)),
                    partitions());
        }
    }

    @Test
    void aMarkGoesToTheOnePartitionWhoseTaskTellsTheOthers() {
        events.mark(context, NOW, NOW);
        assertEquals(List.of(MarkedPartition.NUMBER), partitions());
        assertEquals(
                Set.of(IntakeTopology.EVENTS_SINK),
                context.forwarded().stream()
                        .map(forward -> forward.childName().orElseThrow())
                        .collect(Collectors.toSet()));
    }

    private List<Integer> partitions() {
        return context.forwarded().stream()
                .map(forward -> forward.record().value().partition())
                .toList();
    }
}
