package io.guestflow.processor.effects;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.codec.ContractViolation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of one delivered command: read, carried out unless it is answered or too late, its outcome written. It
 * is complete when the broker has acknowledged the outcome, and not before.
 *
 * <p>Threading: the poll thread submits; each command has a virtual thread of its own.
 */
final class CommandRunner {
    private static final Logger log = LoggerFactory.getLogger(CommandRunner.class);
    private static final int CAUSES_LOGGED = 5;

    private final EffectsPorts ports;
    private final InstantSource clock;
    private final EffectsMeters meters;
    private final int remembered;
    private final Runnable onProgress;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("effects-", 0).factory());
    private final KeyLanes keys = new KeyLanes(threads);
    /** Of each topic of commands. */
    private final Map<String, AtomicInteger> inFlight = new ConcurrentHashMap<>();
    /** Of each partition of commands, the ids lately answered, over all its assignments to this process. */
    private final Map<TopicPartition, AnsweredCommands> answered = new ConcurrentHashMap<>();

    private volatile boolean closed;

    /**
     * @param remembered how many answered ids of a partition to keep
     * @param onProgress called whenever a command is no longer in flight
     */
    CommandRunner(EffectsPorts ports, InstantSource clock, EffectsMeters meters, int remembered, Runnable onProgress) {
        this.ports = ports;
        this.clock = clock;
        this.meters = meters;
        this.remembered = remembered;
        this.onProgress = onProgress;
    }

    /** Commands of the topic that were submitted and are not complete, those of ended assignments included. */
    int inFlight(String topic) {
        return counted(topic).get();
    }

    private AtomicInteger counted(String topic) {
        return inFlight.computeIfAbsent(topic, t -> new AtomicInteger());
    }

    /** The ids of {@code partition}'s commands that need not be carried out again. */
    AnsweredCommands answered(TopicPartition partition) {
        return answered.computeIfAbsent(partition, p -> new AnsweredCommands(remembered));
    }

    /** Takes a record that was delivered under {@code assignment}. */
    <C, O> void submit(CommandLane<C, O> lane, AssignedPartition assignment, ConsumerRecord<byte[], byte[]> record) {
        boolean suspect = assignment.delivered(record.offset());
        meters.delivered(record.topic());
        counted(record.topic()).incrementAndGet();
        C command;
        try {
            command = lane.commands().codec().read(record.value());
        } catch (ContractViolation violation) {
            keys.execute(coordinates(record), () -> settle(assignment, record, () -> bury(record, violation)));
            return;
        }
        Delivery delivery = Delivery.of(record.headers(), suspect);
        keys.execute(
                lane.turn().apply(command),
                () -> settle(assignment, record, () -> carryOut(lane, command, delivery, record)));
    }

    /** Gives up what is still running or waiting; its commands are delivered again to their next owner. */
    void close() {
        closed = true;
        keys.clear();
        threads.shutdownNow();
    }

    private interface Work {
        void run() throws InterruptedException, ExecutionException;
    }

    private void settle(AssignedPartition assignment, ConsumerRecord<byte[], byte[]> record, Work work) {
        try {
            if (!assignment.begin(record.offset())) {
                meters.dropped(record.topic());
                return;
            }
            if (completes(record, work)) {
                assignment.complete(record.offset());
            } else {
                meters.dropped(record.topic());
                assignment.abandon();
            }
        } finally {
            counted(record.topic()).decrementAndGet();
            onProgress.run();
        }
    }

    private boolean completes(ConsumerRecord<byte[], byte[]> record, Work work) {
        try {
            work.run();
            return true;
        } catch (InterruptedException | InterruptException stopped) {
            if (!closed) {
                ports.fatal().end("the thread of command " + coordinates(record) + " was interrupted", stopped);
            }
        } catch (ExecutionException refused) {
            cannotWrite(record, refused.getCause() == null ? refused : refused.getCause());
        } catch (RuntimeException refused) {
            cannotWrite(record, refused);
        } catch (Error broken) {
            ports.fatal().end("command " + coordinates(record) + " broke the process: " + broken, broken);
        }
        return false;
    }

    /** The producer retries for ever what can be retried, so this is final: an outcome must not be lost. */
    private void cannotWrite(ConsumerRecord<byte[], byte[]> record, Throwable cause) {
        if (!closed) {
            ports.fatal()
                    .end(
                            "what came of command " + coordinates(record) + " cannot be written to Kafka: " + cause,
                            cause);
        }
    }

    private void bury(ConsumerRecord<byte[], byte[]> record, ContractViolation violation) throws InterruptedException {
        log.warn("command {} cannot be read: {}", coordinates(record), violation.getMessage());
        ports.deadLetters().write(record, violation);
        meters.deadLetter(record.topic());
    }

    private <C, O> void carryOut(
            CommandLane<C, O> lane, C command, Delivery delivery, ConsumerRecord<byte[], byte[]> record)
            throws InterruptedException, ExecutionException {
        String id = lane.commandId().apply(command);
        AnsweredCommands known = answered(new TopicPartition(record.topic(), record.partition()));
        if (known.contains(id, record.timestamp())) {
            meters.skipped(record.topic());
            return;
        }
        O outcome = outcome(lane, command, delivery, record);
        var written = outcomeRecord(lane, command, outcome, record);
        ports.producer().send(written).get();
        known.add(id, written.timestamp());
        meters.outcome(record.topic(), outcome.getClass().getSimpleName());
    }

    private <C, O> O outcome(
            CommandLane<C, O> lane, C command, Delivery delivery, ConsumerRecord<byte[], byte[]> record)
            throws InterruptedException {
        Instant now = clock.instant();
        if (!now.isBefore(lane.deadline().apply(command))) {
            meters.expired(record.topic());
            return lane.fallback().of(command, FallbackOutcome.Cause.DEADLINE_EXCEEDED, now);
        }
        if (delivery.redelivered()) {
            meters.redelivered(record.topic());
        }
        try {
            return lane.handler().handle(command, delivery);
        } catch (RuntimeException bug) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException("told to stop while it ran");
            }
            meters.failure(record.topic());
            log.error(
                    "the handler of command {} failed, which is answered as a failure: {}",
                    coordinates(record),
                    withoutMessages(bug));
            return lane.fallback().of(command, FallbackOutcome.Cause.HANDLER_FAILED, clock.instant());
        }
    }

    private <C, O> ProducerRecord<byte[], byte[]> outcomeRecord(
            CommandLane<C, O> lane, C command, O outcome, ConsumerRecord<byte[], byte[]> record) {
        var result = new ProducerRecord<>(
                lane.outcomes().name(),
                record.partition(),
                clock.millis(),
                lane.key().apply(command).getBytes(StandardCharsets.UTF_8),
                lane.outcomes().codec().write(outcome));
        result.headers()
                .add(RecordHeaders.SCHEMA, lane.outcomes().codec().schema().getBytes(StandardCharsets.UTF_8));
        pass(RecordHeaders.TRACEPARENT, record.headers(), result.headers());
        pass(RecordHeaders.CORRELATION_ID, record.headers(), result.headers());
        return result;
    }

    private static void pass(String name, Headers from, Headers to) {
        Header header = from.lastHeader(name);
        if (header != null) {
            to.add(header);
        }
    }

    /** A message may quote the command. */
    private static String withoutMessages(Throwable bug) {
        return Stream.iterate(bug, Objects::nonNull, Throwable::getCause)
                .limit(CAUSES_LOGGED)
                .map(t -> Stream.concat(Stream.of(t.getClass().getName()), Stream.of(t.getStackTrace()))
                        .map(Object::toString)
                        .collect(Collectors.joining("\n\tat ")))
                .collect(Collectors.joining("\ncaused by "));
    }

    private static String coordinates(ConsumerRecord<?, ?> record) {
        return record.topic() + "/" + record.partition() + "/" + record.offset();
    }
}
