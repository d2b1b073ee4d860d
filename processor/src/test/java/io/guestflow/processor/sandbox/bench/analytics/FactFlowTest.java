package io.guestflow.processor.sandbox.bench.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.facts.Fact;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class FactFlowTest {
    private static final Instant AT = Instant.parse("2026-11-22T07:00:00Z");
    private static final int MANY = 60_000;

    @Test
    void factsAreAsTheContractHasThemAndNoneIsThereTwice() {
        FactFlow flow = new FactFlow(12, 20);
        Set<String> ids = new HashSet<>();
        Set<Integer> partitions = new HashSet<>();
        Set<Integer> channels = new HashSet<>();
        Map<String, Integer> kinds = new HashMap<>();
        for (int i = 0; i < MANY; i++) {
            FactFlow.Told told = flow.next(AT.plusMillis(i));
            assertEquals(told.fact(), Fact.CODEC.read(Fact.CODEC.write(told.fact())));
            assertTrue(ids.add(told.fact().factId()));
            assertEquals(
                    FactFlow.channelId(told.channel()), told.fact().dimensions().channelId());
            partitions.add(told.partition());
            channels.add(told.channel());
            kinds.merge(told.fact().getClass().getSimpleName(), 1, Integer::sum);
        }
        assertEquals(12, partitions.size());
        assertEquals(20, channels.size());
        assertEquals(
                Set.of(
                        "AuthSucceeded",
                        "AuthRejected",
                        "AuthFailed",
                        "ContextInjected",
                        "SessionOpened",
                        "MessageSeen",
                        "SessionRefreshed",
                        "SessionExpiring",
                        "SessionEnded"),
                kinds.keySet());
        double messages = kinds.getOrDefault("MessageSeen", 0) / (double) MANY;
        assertTrue(messages > 0.65 && messages < 0.8, kinds::toString);
    }

    @Test
    void everyChannelIsHeardOfThoughThereAreMany() {
        FactFlow flow = new FactFlow(12, 1_500);
        Set<Integer> channels = new HashSet<>();
        for (int i = 0; i < MANY / 2; i++) {
            channels.add(flow.next(AT).channel());
        }
        assertEquals(1_500, channels.size());
    }

    @Test
    void everyFactThatCountsIsAccountedForInItsWindow() {
        try (var producer = new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer())) {
            FactLoad load = new FactLoad(3, 4, Duration.ofMinutes(1));
            load.fill(producer, 9_000, AT, AT.plus(Duration.ofMinutes(3)));

            long first = sum(load.expected(AT, "1m"));
            assertEquals(
                    load.counted(),
                    first
                            + sum(load.expected(AT.plus(Duration.ofMinutes(1)), "1m"))
                            + sum(load.expected(AT.plus(Duration.ofMinutes(2)), "1m")));
            assertEquals(9_000, load.facts());
            long inFirst = producer.history().stream()
                    .map(ProducerRecord::value)
                    .map(Fact.CODEC::read)
                    .filter(fact -> fact.at().isBefore(AT.plus(Duration.ofMinutes(1))))
                    .filter(fact -> !(fact instanceof Fact.ContextInjected || fact instanceof Fact.SessionExpiring))
                    .count();
            assertEquals(inFirst, first);
        }
    }

    private static long sum(Map<String, Long> rows) {
        assertEquals(4, rows.size());
        return rows.values().stream().mapToLong(Long::longValue).sum();
    }
}
