package io.guestflow.processor.sandbox.bench.auth;

import io.guestflow.processor.wire.CommitPacer;
import io.guestflow.processor.wire.Routed;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** The writes of {@link FloorTopology}, and nothing else. */
final class FloorProcessor implements Processor<byte[], byte[], byte[], Routed> {
    private static final Duration PUNCTUATE_EVERY = Duration.ofMillis(200);

    private final FloorRecords commands;
    private final FloorRecords results;
    private final FloorRecords facts;
    private final FloorRecords openings;
    private final FloorRecords pendingEntries;
    private final FloorRecords endedEntries;
    private final FloorRecords timerEntries;
    private final CommitPacer commits;
    private final long timeoutMs;
    private final long rememberMs;
    private final Queue<Armed> armed = new ArrayDeque<>();

    private ProcessorContext<byte[], Routed> context;
    private KeyValueStore<Bytes, byte[]> pending;
    private KeyValueStore<Bytes, byte[]> ended;
    private KeyValueStore<Bytes, byte[]> timers;

    /** A timer; all have the same timeout, so the first one armed is the first one due. */
    private record Armed(long dueMs, byte[] guest) {}

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    FloorProcessor(RecordSizes sizes, CommitPacer commits, Duration timeout, Duration rememberFor) {
        this.commands = new FloorRecords(sizes.get(Hop.COMMANDS));
        this.results = new FloorRecords(sizes.get(Hop.RESULTS));
        this.facts = new FloorRecords(sizes.get(Hop.FACTS));
        this.openings = new FloorRecords(sizes.get(Hop.OPENINGS));
        this.pendingEntries = new FloorRecords(sizes.get(Hop.PENDING));
        this.endedEntries = new FloorRecords(sizes.get(Hop.ENDED));
        this.timerEntries = new FloorRecords(sizes.get(Hop.TIMERS));
        this.commits = commits;
        this.timeoutMs = timeout.toMillis();
        this.rememberMs = rememberFor.toMillis();
    }

    @Override
    public void init(ProcessorContext<byte[], Routed> context) {
        this.context = context;
        pending = context.getStateStore(FloorTopology.PENDING);
        ended = context.getStateStore(FloorTopology.ENDED);
        timers = context.getStateStore(FloorTopology.TIMERS);
        context.schedule(PUNCTUATE_EVERY, PunctuationType.WALL_CLOCK_TIME, this::fireTimers);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        byte[] guest = record.key();
        if (context.recordMetadata().orElseThrow().topic().equals(Hop.REQUESTS.floor())) {
            request(guest);
        } else {
            outcome(guest);
        }
        commits.processed(context);
    }

    private void request(byte[] guest) {
        long dueMs = context.currentSystemTimeMs() + timeoutMs;
        pending.put(Bytes.wrap(pendingEntries.key(guest)), pendingEntries.value());
        forward(commands, guest, FloorTopology.COMMANDS_SINK);
        commits.request(context);
        timers.put(timerKey(dueMs, guest), timerEntries.value());
        armed.add(new Armed(dueMs, guest));
    }

    private void outcome(byte[] guest) {
        pending.delete(Bytes.wrap(pendingEntries.key(guest)));
        ended.put(Bytes.wrap(endedEntries.key(guest)), endedEntries.value());
        forward(results, guest, FloorTopology.RESULTS_SINK);
        commits.request(context);
        forward(facts, facts.key(guest), FloorTopology.FACTS_SINK);
        forward(facts, facts.key(guest), FloorTopology.FACTS_SINK);
        forward(openings, openings.key(guest), FloorTopology.OPENINGS_SINK, anyPartition());
    }

    private void fireTimers(long now) {
        for (Armed next = armed.peek(); next != null && next.dueMs() <= now; next = armed.peek()) {
            armed.remove();
            timers.delete(timerKey(next.dueMs(), next.guest()));
            timers.put(timerKey(next.dueMs() + rememberMs, next.guest()), timerEntries.value());
        }
    }

    private Bytes timerKey(long dueMs, byte[] guest) {
        byte[] key = timerEntries.key(ByteBuffer.allocate(Long.BYTES + guest.length)
                .putLong(dueMs)
                .put(guest)
                .array());
        return Bytes.wrap(key);
    }

    /** Conversations lie in partitions of their own; the partitioner folds the number. */
    private static int anyPartition() {
        return ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
    }

    private void forward(FloorRecords kind, byte[] key, String sink) {
        forward(kind, key, sink, context.taskId().partition());
    }

    private void forward(FloorRecords kind, byte[] key, String sink, int partition) {
        context.forward(
                new Record<>(key, new Routed(partition, kind.value()), context.currentSystemTimeMs(), kind.headers()),
                sink);
    }
}
