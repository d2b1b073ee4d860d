package io.guestflow.processor.effects;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.cxone.QueryCommand;
import io.guestflow.contracts.cxone.QueryOutcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class QueryLaneTest {
    private static final String TOPIC = Topics.CXONE_QUERY_COMMANDS.name();
    private static final int PARTITIONS = 3;
    private static final int COMMANDS = 60;

    /** Analytics that hang must leave the places of calls for which nobody waits to others. */
    @Test
    void onlyAFewAreCarriedOutAtOnceHoweverManyThereAre() {
        CountDownLatch answer = new CountDownLatch(1);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CommandLane<QueryCommand, QueryOutcome> lane = QueryLane.of((command, delivery) -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            answer.await();
            running.decrementAndGet();
            return new QueryOutcome.Measured(command.commandId(), List.of(), 1, 1, SessionCommands.NOW);
        });
        MockProducer<byte[], byte[]> producer =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        List<String> failures = new CopyOnWriteArrayList<>();
        CommandRunner runner = runner(producer, failures);
        try {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                submit(runner, lane, partition);
            }
            await().until(() -> running.get() == QueryLane.AT_ONCE);
            assertEquals(COMMANDS, runner.inFlight(TOPIC));
            answer.countDown();
            await().until(() -> producer.history().size() == COMMANDS);
            assertEquals(QueryLane.AT_ONCE, most.get());
            assertEquals(List.of(), failures);
        } finally {
            runner.close();
        }
    }

    private static void submit(CommandRunner runner, CommandLane<QueryCommand, QueryOutcome> lane, int partition) {
        OffsetAndMetadata last = new OffsetAndMetadata(0);
        AssignedPartition assigned =
                new AssignedPartition(new TopicPartition(TOPIC, partition), last, Redelivery.since(last, 0, 256));
        for (int offset = 0; offset < COMMANDS / PARTITIONS; offset++) {
            byte[] value = QueryCommand.CODEC.write(command(partition + "-" + offset + ".oLHqXvFzGJ0u4y1a9b2c3d"));
            runner.submit(
                    lane,
                    assigned,
                    new ConsumerRecord<>(
                            TOPIC,
                            partition,
                            offset,
                            SessionCommands.NOW.toEpochMilli(),
                            TimestampType.CREATE_TIME,
                            1,
                            value.length,
                            "k".getBytes(UTF_8),
                            value,
                            new RecordHeaders(),
                            Optional.empty()));
        }
    }

    private static CommandRunner runner(MockProducer<byte[], byte[]> producer, List<String> failures) {
        EffectsPorts ports = new EffectsPorts(
                producer,
                (record, violation) -> failures.add(violation.getMessage()),
                (assigned, total) -> {},
                () -> true,
                (line, cause) -> failures.add(line));
        return new CommandRunner(
                ports, () -> SessionCommands.NOW, new EffectsMeters(new SimpleMeterRegistry()), 1024, () -> {});
    }

    @Test
    void whatIsNotCarriedOutIsAnsweredAllTheSame() {
        CommandLane<QueryCommand, QueryOutcome> lane = QueryLane.of((command, delivery) -> {
            throw new AssertionError("nothing is carried out here");
        });
        QueryOutcome late =
                lane.fallback().of(command("q1"), FallbackOutcome.Cause.DEADLINE_EXCEEDED, SessionCommands.NOW);
        assertEquals("q1", lane.answers().apply(late));
        assertEquals(
                new QueryOutcome.CallFailed(
                        "q1",
                        ErrorCode.DEADLINE_EXCEEDED,
                        null,
                        "the deadline passed before CXone could be called",
                        null,
                        0,
                        SessionCommands.NOW),
                late);
    }

    private static QueryCommand command(String id) {
        return new QueryCommand.MeasureConversations(id, List.of("c1"), SessionCommands.FAR);
    }
}
