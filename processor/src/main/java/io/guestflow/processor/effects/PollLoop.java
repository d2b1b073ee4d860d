package io.guestflow.processor.effects;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The poll thread: takes part in the group, hands commands to the runner as long as there is room, commits what is
 * complete. Never waits for a command, except for a bounded time when partitions are taken away or at the end.
 *
 * <p>Threading: runs on one thread, which also calls the rebalance listener; the rest is for other threads, as said.
 */
final class PollLoop implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(PollLoop.class);
    private static final Duration COMMITTED_BOUND = Duration.ofSeconds(5);
    private static final Duration LAST_WORD_BOUND = Duration.ofSeconds(5);
    /** A process that ends has seconds for all of it, also when the broker is away. */
    private static final Duration LAST_WORD_AT_END_BOUND = Duration.ofSeconds(1);

    private static final Duration LEAVE_BOUND = Duration.ofSeconds(1);

    private final EffectsSettings settings;
    private final Map<String, CommandLane<?, ?>> lanes;
    /** The topic whose partitions are this instance's part of the work. */
    private final String measure;

    private final EffectsPorts ports;
    private final Share share;
    private final Consumer<byte[], byte[]> consumer;
    private final OutcomeTail tail;
    private final Commits commits;
    private final CommandRunner runner;
    private final Admission admission;
    private final Map<TopicPartition, AssignedPartition> assigned = new HashMap<>();

    private final CountDownLatch assignedOnce = new CountDownLatch(1);
    /** Partitions are held back, so a completion must not wait until the poll ends by itself. */
    private final AtomicBoolean holdsBack = new AtomicBoolean();

    private boolean begins;
    private volatile boolean ready;
    private volatile boolean closing;
    private volatile Duration drainBound = Duration.ZERO;
    private volatile Map<String, Integer> widestWindows = Map.of();

    PollLoop(
            EffectsSettings settings,
            List<CommandLane<?, ?>> lanes,
            EffectsPorts ports,
            InstantSource clock,
            EffectsMeters meters,
            Consumer<byte[], byte[]> consumer,
            OutcomeTail tail) {
        this.settings = settings;
        this.lanes = lanes.stream()
                .collect(Collectors.toUnmodifiableMap(lane -> lane.commands().name(), Function.identity()));
        this.measure = lanes.getFirst().commands().name();
        this.ports = ports;
        this.share = new Share(ports.assignment());
        this.consumer = consumer;
        this.tail = tail;
        this.commits = new Commits(consumer, meters, this::holdBack);
        this.runner = new CommandRunner(ports, clock, meters, settings.tail(), this::progressed);
        this.admission = settings.admission();
        this.lanes
                .keySet()
                .forEach(topic ->
                        meters.begin(topic, () -> runner.inFlight(topic), () -> widestWindows.getOrDefault(topic, 0)));
    }

    @Override
    public void run() {
        try {
            consumer.subscribe(lanes.keySet(), new Rebalance());
            while (!closing) {
                pollOnce();
            }
            end(List.copyOf(assigned.keySet()), drainBound, LAST_WORD_AT_END_BOUND);
        } catch (RuntimeException failure) {
            ports.fatal().end(GroupFailure.line(failure, settings), failure);
        } catch (Error broken) {
            ports.fatal().end("the thread that polls commands broke: " + broken, broken);
        } finally {
            ready = false;
            forget(List.copyOf(assigned.keySet()));
            leave();
        }
    }

    /** From any thread. */
    boolean isAssigned() {
        return ready;
    }

    /** From any thread. */
    boolean awaitAssigned(Duration timeout) throws InterruptedException {
        return assignedOnce.await(timeout.toNanos(), TimeUnit.NANOSECONDS) && ready;
    }

    /** From any thread: {@link #run} ends soon, after waiting up to {@code drain} for commands that run. */
    void close(Duration drain) {
        drainBound = drain;
        closing = true;
        consumer.wakeup();
    }

    /** From any thread, after {@link #close}. */
    void interruptCommands() {
        runner.close();
    }

    private void pollOnce() {
        commits.ifDue(assigned.values());
        holdBack();
        ConsumerRecords<byte[], byte[]> records;
        try {
            records = consumer.poll(commits.patience());
        } catch (WakeupException progressOrClosing) {
            return;
        } finally {
            holdsBack.set(false);
        }
        records.partitions().forEach(partition -> deliver(partition, records));
        records.nextOffsets().forEach((partition, next) -> {
            AssignedPartition to = assigned.get(partition);
            if (to != null) {
                to.position(next.offset());
            }
        });
    }

    private void deliver(TopicPartition partition, ConsumerRecords<byte[], byte[]> records) {
        AssignedPartition to = assigned.get(partition);
        CommandLane<?, ?> lane = lanes.get(partition.topic());
        if (to == null || lane == null) {
            throw new IllegalStateException("the consumer delivered records of " + partition + ", which it has not");
        }
        records.records(partition).forEach(record -> runner.submit(lane, to, record));
    }

    /** Pauses the partitions that have no room for what a poll may bring, and resumes those that have room again. */
    private void holdBack() {
        begins = begins || ports.begin().getAsBoolean();
        // Set before looking: a command that completes after the look then ends the poll at once.
        holdsBack.set(true);
        Map<String, Integer> inFlight =
                lanes.keySet().stream().collect(Collectors.toMap(Function.identity(), runner::inFlight));
        Map<String, Integer> widest = new HashMap<>();
        Set<TopicPartition> full = new HashSet<>();
        for (AssignedPartition partition : assigned.values()) {
            String topic = partition.partition().topic();
            int window = partition.window();
            widest.merge(topic, window, Math::max);
            if (!begins || !admission.admits(window, partition.incomplete(), inFlight.getOrDefault(topic, 0))) {
                full.add(partition.partition());
            }
        }
        widestWindows = Map.copyOf(widest);
        Set<TopicPartition> paused = consumer.paused();
        consumer.pause(full.stream().filter(p -> !paused.contains(p)).toList());
        consumer.resume(paused.stream().filter(p -> !full.contains(p)).toList());
        if (full.isEmpty()) {
            holdsBack.set(false);
        }
    }

    private void progressed() {
        commits.completed();
        if (holdsBack.compareAndSet(true, false)) {
            consumer.wakeup();
        }
    }

    /** Ends assignments: nothing more is begun, what runs has {@code wait} to complete, what is complete is committed. */
    private void end(Collection<TopicPartition> partitions, Duration wait, Duration lastWord) {
        holdsBack.set(false);
        List<AssignedPartition> ending = forget(partitions);
        long left = wait.toNanos();
        try {
            for (AssignedPartition partition : ending) {
                left = partition.awaitQuiet(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        int running = ending.stream().mapToInt(AssignedPartition::running).sum();
        if (running > 0) {
            log.info("{} commands still run as their partitions go; their next owner may repeat them", running);
        }
        commits.lastWord(ending, lastWord);
    }

    private List<AssignedPartition> forget(Collection<TopicPartition> partitions) {
        List<AssignedPartition> ending = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            AssignedPartition was = assigned.remove(partition);
            if (was != null) {
                was.end();
                ending.add(was);
            }
        }
        return ending;
    }

    /** Begins assignments: learns first what of them is answered already, and what an earlier owner may have begun. */
    private void begin(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> committed = committed(partitions);
        Map<TopicPartition, Long> ends = tail.read(
                partitions,
                (partition, commandId, outcomeMs) -> runner.answered(partition).add(commandId, outcomeMs));
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata last = committed.get(partition);
            long end = ends.getOrDefault(partition, Long.MAX_VALUE);
            assigned.put(
                    partition, new AssignedPartition(partition, last, Redelivery.since(last, end, settings.window())));
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(Collection<TopicPartition> partitions) {
        try {
            return Wakeups.ignored(() -> consumer.committed(Set.copyOf(partitions), COMMITTED_BOUND));
        } catch (RetriableException slow) {
            log.warn("the committed offsets of {} are not known: more may count as redelivered", partitions, slow);
            return Map.of();
        }
    }

    private int total() {
        return Wakeups.ignored(() -> consumer.partitionsFor(measure)).size();
    }

    private int measured(Collection<TopicPartition> partitions) {
        return (int) partitions.stream()
                .filter(partition -> partition.topic().equals(measure))
                .count();
    }

    private void leave() {
        try {
            consumer.close(CloseOptions.timeout(LEAVE_BOUND)
                    .withGroupMembershipOperation(
                            settings.leaveOnClose()
                                    ? GroupMembershipOperation.LEAVE_GROUP
                                    : GroupMembershipOperation.REMAIN_IN_GROUP));
        } catch (KafkaException e) {
            log.warn("the consumer of commands could not be closed in order", e);
        } finally {
            tail.close();
        }
    }

    /** Called from within polls, by the poll thread. */
    private final class Rebalance implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            end(partitions, settings.revokeWait(), LAST_WORD_BOUND);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            ready = false;
            forget(partitions);
            share.lost();
            log.warn("lost {}: the group went on without this instance; what runs may be repeated", partitions);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            int total = total();
            share.known(measured(assigned.keySet()) + measured(partitions), total);
            if (!partitions.isEmpty()) {
                begin(partitions);
            }
            share.begun();
            // The poll that this is called from may bring records of these partitions already.
            holdBack();
            log.info("has {} of {} parts of the commands: {}", measured(assigned.keySet()), total, assigned.keySet());
            ready = true;
            assignedOnce.countDown();
        }
    }
}
