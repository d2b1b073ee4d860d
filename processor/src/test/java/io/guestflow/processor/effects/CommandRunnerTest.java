package io.guestflow.processor.effects;

import static io.guestflow.processor.effects.AuthCommands.NOW;
import static io.guestflow.processor.effects.AuthCommands.command;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.auth.AuthOutcome.CallFailed;
import io.guestflow.contracts.auth.ErrorCode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(30)
class CommandRunnerTest {
    private static final int PARTITION = 3;
    private static final TopicPartition COMMANDS = new TopicPartition(Topics.CXONE_AUTH_COMMANDS.name(), PARTITION);

    private final MockProducer<byte[], byte[]> producer = producer(true);
    private final List<Long> deadLetters = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<String> fatal = new ConcurrentLinkedQueue<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AssignedPartition partition = assigned(0, 0);
    private long nextOffset;
    private CommandRunner runner = runner(producer);

    @AfterEach
    void close() {
        runner.close();
    }

    @Test
    void theOutcomeGoesToThePartitionWithTheCommandsNumberWithKeyAndHeaders() {
        submit((command, delivery) -> AuthCommands.created(command), command("c1", "guest-1"));

        ProducerRecord<byte[], byte[]> outcome =
                await().until(producer::history, h -> h.size() == 1).getFirst();
        assertEquals(Topics.CXONE_AUTH_OUTCOMES.name(), outcome.topic());
        assertEquals(PARTITION, outcome.partition());
        assertEquals("guest-1", new String(outcome.key(), UTF_8));
        assertEquals(NOW.toEpochMilli(), outcome.timestamp());
        assertEquals("cxone-auth-outcome/1", header(outcome, "schema"));
        assertEquals(AuthCommands.TRACEPARENT, header(outcome, "traceparent"));
        assertEquals("order-7", header(outcome, "correlation-id"));
        assertEquals("c1", AuthOutcome.CODEC.read(outcome.value()).commandId());
        awaitCommittable(1);
        assertEquals(1, count("outcomes"));
        assertEquals(0, runner.inFlight(COMMANDS.topic()));
    }

    @Test
    void theHandlerLearnsTheTraceAndWhetherTheCommandMayHaveRunBefore() {
        AssignedPartition afterCrash = assigned(0, 1);
        ConcurrentLinkedQueue<Delivery> deliveries = new ConcurrentLinkedQueue<>();
        CommandHandler<AuthCommand, AuthOutcome> handler = (command, delivery) -> {
            deliveries.add(delivery);
            return AuthCommands.created(command);
        };

        submit(afterCrash, handler, command("c1", "g"));
        submit(afterCrash, handler, command("c2", "g"));

        await().until(() -> deliveries.size() == 2);
        assertEquals(new Delivery(true, AuthCommands.TRACEPARENT, "order-7"), deliveries.poll());
        assertEquals(new Delivery(false, AuthCommands.TRACEPARENT, "order-7"), deliveries.poll());
        assertEquals(1, count("redelivered"));
    }

    @Test
    void aCommandIsCompleteOnlyWhenTheBrokerHasItsOutcome() {
        MockProducer<byte[], byte[]> waiting = producer(false);
        runner = runner(waiting);
        submit((command, delivery) -> AuthCommands.created(command), command("c1", "g"));
        await().until(() -> waiting.history().size() == 1);
        assertNull(partition.progress());
        assertEquals(1, runner.inFlight(COMMANDS.topic()));

        waiting.completeNext();

        awaitCommittable(1);
    }

    @Test
    void theNextCommandOfAKeyWaitsForTheOutcomeOfTheFirst() {
        MockProducer<byte[], byte[]> waiting = producer(false);
        runner = runner(waiting);
        CountDownLatch other = new CountDownLatch(1);
        submit((command, delivery) -> AuthCommands.created(command), command("c1", "g"));
        submit((command, delivery) -> AuthCommands.created(command), command("c2", "g"));
        submit(
                (command, delivery) -> {
                    other.countDown();
                    return AuthCommands.created(command);
                },
                command("c3", "another"));

        await().until(() -> other.getCount() == 0 && waiting.history().size() == 2);
        assertEquals(List.of("c1", "c3"), answered(waiting).sorted().toList());

        waiting.completeNext();
        waiting.completeNext();
        await().until(() -> waiting.history().size() == 3);
    }

    @Test
    void pastItsDeadlineACommandIsAnsweredWithoutACall() {
        submit(
                (command, delivery) -> {
                    throw new AssertionError("called");
                },
                command("c1", "g", NOW));

        CallFailed failed = assertInstanceOf(CallFailed.class, onlyOutcome());
        assertEquals(ErrorCode.DEADLINE_EXCEEDED, failed.code());
        assertEquals(0, failed.calls());
        assertEquals(1, count("expired"));
        assertTrue(fatal.isEmpty());
    }

    @Test
    void aHandlerThatThrowsIsAnsweredAsFailedAndLoggedWithoutTheMessage() {
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        Logger logger = (Logger) LoggerFactory.getLogger(CommandRunner.class);
        logger.addAppender(logged);

        submit(
                (command, delivery) -> {
                    throw new IllegalStateException("cannot call for " + command.guestId());
                },
                command("c1", "secret-guest"));

        CallFailed failed = assertInstanceOf(CallFailed.class, onlyOutcome());
        logger.detachAppender(logged);
        assertEquals(ErrorCode.UPSTREAM_ERROR, failed.code());
        assertFalse(failed.message().contains("secret-guest"));
        assertEquals(1, count("failures"));
        String line = logged.list.getFirst().getFormattedMessage();
        assertTrue(line.contains("cxone-auth-commands/3/0"), line);
        assertTrue(line.contains("CommandRunnerTest"), line);
        assertFalse(line.contains("secret-guest"), line);
        awaitCommittable(1);
    }

    @Test
    void aCommandThatCannotBeReadBecomesADeadLetterAndIsComplete() {
        submitBytes("{\"kind\":\"Authenticate\"}".getBytes(UTF_8));

        await().until(() -> deadLetters.equals(List.of(0L)));
        awaitCommittable(1);
        assertEquals(1, count("dead.letters"));
        assertTrue(producer.history().isEmpty());
    }

    @Test
    void aCommandThatIsAnsweredAlreadyIsSkipped() {
        runner.answered(COMMANDS).add("c1", NOW.toEpochMilli());

        submit(
                (command, delivery) -> {
                    throw new AssertionError("called");
                },
                command("c1", "g"));

        awaitCommittable(1);
        assertEquals(1, count("skipped"));
        assertTrue(producer.history().isEmpty());
    }

    @Test
    void aCommandDeliveredAgainWhileItStillRunsIsNotCarriedOutTwice() {
        CountDownLatch hang = new CountDownLatch(1);
        CommandHandler<AuthCommand, AuthOutcome> slow = (command, delivery) -> {
            hang.await();
            return AuthCommands.created(command);
        };
        submit(slow, command("c1", "g"));
        await().until(() -> partition.running() == 1);
        partition.end();
        AssignedPartition next = assigned(0, 1);
        nextOffset = 0;
        submit(next, slow, command("c1", "g"));

        hang.countDown();

        await().until(() -> next.progress() != null);
        assertEquals(1, producer.history().size());
        assertEquals(1, count("skipped"));
    }

    @Test
    void whatHadNotBegunWhenItsPartitionWentIsDropped() {
        CountDownLatch hang = new CountDownLatch(1);
        CommandHandler<AuthCommand, AuthOutcome> slow = (command, delivery) -> {
            hang.await();
            return AuthCommands.created(command);
        };
        submit(slow, command("c1", "g"));
        submit(slow, command("c2", "g"));
        await().until(() -> partition.running() == 1);

        partition.end();
        hang.countDown();

        await().until(() -> runner.inFlight(COMMANDS.topic()) == 0);
        assertEquals(List.of("c1"), answered(producer).toList());
        assertEquals(1, count("dropped"));
    }

    @Test
    void anErrorEndsTheProcessAndTheCommandStaysIncomplete() {
        submit(
                (command, delivery) -> {
                    throw new OutOfMemoryError("made up");
                },
                command("c1", "g"));

        await().until(() -> !fatal.isEmpty());
        assertTrue(fatal.poll().contains("cxone-auth-commands/3/0"));
        await().until(() -> runner.inFlight(COMMANDS.topic()) == 0);
        assertNull(partition.progress());
        assertTrue(producer.history().isEmpty());
    }

    @Test
    void anOutcomeThatCannotBeWrittenEndsTheProcess() {
        producer.sendException = new TopicAuthorizationException("cxone-auth-outcomes");

        submit((command, delivery) -> AuthCommands.created(command), command("c1", "g"));

        await().until(() -> !fatal.isEmpty());
        assertTrue(fatal.poll().contains("cannot be written"));
        assertNull(partition.progress());
    }

    @Test
    void closingInterruptsWhatRunsAndIsNoFailure() {
        CountDownLatch interrupted = new CountDownLatch(1);
        submit(
                (command, delivery) -> {
                    try {
                        new CountDownLatch(1).await();
                        throw new AssertionError("cannot be");
                    } finally {
                        interrupted.countDown();
                    }
                },
                command("c1", "g"));
        await().until(() -> partition.running() == 1);

        runner.close();

        await().until(() -> interrupted.getCount() == 0 && runner.inFlight(COMMANDS.topic()) == 0);
        assertNull(partition.progress());
        assertTrue(fatal.isEmpty());
        assertTrue(producer.history().isEmpty());
    }

    private AuthOutcome onlyOutcome() {
        return AuthOutcome.CODEC.read(
                await().until(producer::history, h -> h.size() == 1).getFirst().value());
    }

    private static Stream<String> answered(MockProducer<byte[], byte[]> producer) {
        return producer.history().stream()
                .map(outcome -> AuthOutcome.CODEC.read(outcome.value()).commandId());
    }

    private void awaitCommittable(long offset) {
        await().until(() -> Optional.ofNullable(partition.progress())
                        .map(OffsetAndMetadata::offset)
                        .orElse(-1L)
                == offset);
    }

    private void submit(CommandHandler<AuthCommand, AuthOutcome> handler, AuthCommand command) {
        submit(partition, handler, command);
    }

    private void submit(AssignedPartition to, CommandHandler<AuthCommand, AuthOutcome> handler, AuthCommand command) {
        submit(to, handler, AuthCommands.record(PARTITION, command));
    }

    private void submitBytes(byte[] value) {
        submit(
                partition,
                (command, delivery) -> AuthCommands.created(command),
                AuthCommands.record(PARTITION, "g", value));
    }

    private void submit(
            AssignedPartition to,
            CommandHandler<AuthCommand, AuthOutcome> handler,
            ProducerRecord<byte[], byte[]> sent) {
        long offset = nextOffset++;
        runner.submit(
                AuthLane.of(handler),
                to,
                new ConsumerRecord<>(
                        sent.topic(),
                        PARTITION,
                        offset,
                        NOW.toEpochMilli(),
                        TimestampType.CREATE_TIME,
                        sent.key().length,
                        sent.value().length,
                        sent.key(),
                        sent.value(),
                        sent.headers(),
                        Optional.empty()));
        to.position(nextOffset);
    }

    private double count(String meter) {
        return registry.find("guestflow.effects." + meter).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private static String header(ProducerRecord<?, ?> record, String name) {
        return new String(
                Objects.requireNonNull(record.headers().lastHeader(name)).value(), UTF_8);
    }

    private static AssignedPartition assigned(long committed, long end) {
        OffsetAndMetadata last = new OffsetAndMetadata(committed);
        return new AssignedPartition(COMMANDS, last, Redelivery.since(last, end, 256));
    }

    private CommandRunner runner(MockProducer<byte[], byte[]> to) {
        EffectsPorts ports = new EffectsPorts(
                to,
                (record, violation) -> deadLetters.add(record.offset()),
                (assigned, total) -> {},
                () -> true,
                (line, cause) -> fatal.add(line));
        return new CommandRunner(ports, () -> NOW, new EffectsMeters(registry), 1024, () -> {});
    }

    private static MockProducer<byte[], byte[]> producer(boolean acknowledgesAtOnce) {
        return new MockProducer<>(acknowledgesAtOnce, null, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
