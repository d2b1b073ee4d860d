package io.guestflow.processor.analytics;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.analytics.MetricsPartial;
import io.guestflow.contracts.analytics.MetricsWindow;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.Problem;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.analytics.AnalyticsMeters.Stage;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.timers.DueTimers;
import io.guestflow.processor.timers.FiringTime;
import io.guestflow.processor.timers.GuardedTimers;
import io.guestflow.processor.timers.Timer;
import io.guestflow.processor.wire.Origin;
import io.guestflow.processor.wire.Routed;
import io.guestflow.processor.wire.StoredForm.In;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Merges what the partitions of facts send, and publishes windows: once all partitions have sent all, or by the clock. The
 * last part of each partition takes the place of the one before, so nothing counts twice however often it is sent.
 *
 * <p>Threading: one for a task, on its stream thread.
 */
final class MergeProcessor implements Processor<byte[], byte[], byte[], Routed> {
    static final String WINDOWS = "analytics-merged-windows";
    static final String TIMERS = "analytics-merged-timers";
    static final Duration PUNCTUATE_EVERY = Duration.ofMillis(200);
    /** A window that closes waits so long for partitions that have not sent all; their parts come late then. */
    static final Duration WAIT_MOST = Duration.ofSeconds(9);

    private static final byte[] PARTIAL_SCHEMA = MetricsPartial.CODEC.schema().getBytes(StandardCharsets.UTF_8);
    private static final byte[] WINDOW_SCHEMA = MetricsWindow.CODEC.schema().getBytes(StandardCharsets.UTF_8);

    private static final Logger LOG = LoggerFactory.getLogger(MergeProcessor.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final Sending.Pace LATE = new Sending.Pace(1_000, 5_000);

    private final AnalyticsRules rules;
    private final IntSupplier partitions;
    private final FiringTime firingTime;
    private final AnalyticsMeters meters;
    private final UnreadableRecords deadLetters;

    private ProcessorContext<byte[], Routed> context;
    private WindowStore windows;
    private ClosedPartitions closed;
    private Closings closings;
    private DueTimers timers;
    private WindowTimers windowTimers;
    private GuardedTimers guarded;
    private boolean shrunk;
    /** What the timer that was fired last leaves behind: nobody sees to its row any more, so the next late part must. */
    private @Nullable Runnable ifGivenUp;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    MergeProcessor(
            AnalyticsRules rules,
            IntSupplier partitions,
            FiringTime firingTime,
            AnalyticsMeters meters,
            UnreadableRecords deadLetters) {
        this.rules = rules;
        this.partitions = partitions;
        this.firingTime = firingTime;
        this.meters = meters;
        this.deadLetters = deadLetters;
    }

    @Override
    public void init(ProcessorContext<byte[], Routed> context) {
        this.context = context;
        KeyValueStore<Bytes, byte[]> windowStore = context.getStateStore(WINDOWS);
        KeyValueStore<Bytes, byte[]> timerStore = context.getStateStore(TIMERS);
        long nowMs = context.currentSystemTimeMs();
        windows = new WindowStore(windowStore);
        closed = new ClosedPartitions(windows, partitions.getAsInt());
        closings = new Closings(rules, nowMs, WAIT_MOST);
        // What comes before the first punctuation may be late too, and must not go sooner than it may.
        closings.knownUntil(closed.allUntilMs(), nowMs);
        timers = new DueTimers(timerStore, firingTime, nowMs, Duration.ZERO);
        windowTimers = new WindowTimers(timers);
        guarded = new GuardedTimers(
                timers,
                context,
                deadLetters,
                new GuardedTimers.Owner(
                        TIMERS,
                        meters::timerFailed,
                        this::timerGivenUp,
                        "a window is not published, or its entries stay in " + WINDOWS,
                        "a later fact of the same window publishes it"));
        context.schedule(PUNCTUATE_EVERY, PunctuationType.WALL_CLOCK_TIME, timestamp -> fireTimers());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        MetricsPartial partial;
        try {
            partial = read(record, Origin.of(context));
        } catch (ContractViolation violation) {
            deadLetters.tell(context, record, Origin.of(context), violation);
            return;
        }
        switch (partial) {
            case MetricsPartial.Part part -> merge(part);
            case MetricsPartial.Closed told -> closed.told(told, context.currentSystemTimeMs());
        }
    }

    /**
     * What only another version knows is a part of the window all the same: it would be published without it. So the
     * application ends on this instance, and the tasks go to one that knows it.
     */
    private static MetricsPartial read(Record<byte[], byte[]> record, Source here) {
        Header schema = record.headers().lastHeader(RecordHeaders.SCHEMA);
        if (schema != null && schema.value() != null && !Arrays.equals(schema.value(), PARTIAL_SCHEMA)) {
            throw Unmergeable.ofLaterVersion(here, "is of a version that this one does not know");
        }
        MetricsPartial partial;
        try {
            partial = MetricsPartial.CODEC.read(record.value());
        } catch (ContractViolation violation) {
            if (violation.problems().stream().anyMatch(it -> it.expected().equals(Fields.KNOWN_KIND))) {
                throw Unmergeable.ofLaterVersion(here, "is of a kind that this version does not know");
            }
            throw violation;
        }
        if (partial instanceof MetricsPartial.Part part && !part.windowEnd().isAfter(part.windowStart())) {
            throw new ContractViolation(
                    MetricsPartial.CODEC.schema(),
                    List.of(new Problem("windowEnd", Problem.Defect.WRONG, "must be after windowStart")));
        }
        return partial;
    }

    @Override
    public void close() {
        meters.gone(context.taskId().toString());
    }

    private void merge(MetricsPartial.Part told) {
        long nowMs = context.currentSystemTimeMs();
        long endMs = told.windowEnd().toEpochMilli();
        Window window = new Window(endMs, endMs - told.windowStart().toEpochMilli());
        long forgetAtMs = rules.countsUntilMs(window) + AnalyticsRules.MERGED.toMillis();
        if (nowMs >= forgetAtMs || windows.isForgotten(window)) {
            // What the others had sent is forgotten: the window would be published without it.
            meters.dropped(Stage.PARTIAL);
            return;
        }
        Row row = new Row(window, told.channelId(), told.segment(), told.campaign());
        Aggregate part = Aggregate.of(told);
        Bytes key = row.key();
        Bytes partKey = WindowStore.partKey(key, told.sourcePartition());
        if (!isMore(part, windows.get(partKey))) {
            return;
        }
        windows.put(partKey, part.bytes());
        byte[] stored = windows.get(key);
        MergedRow before = MergedRow.of(stored).with(told.sourcePartition());
        if (stored == null) {
            windowTimers.arm(TimerKind.FORGET, window, forgetAtMs);
        }
        boolean late = closings.isOver(window);
        Sending sending = before.sending();
        if (!late && !sending.changed()) {
            // Not only for a new row: an instance whose clock is ahead may have published the window already.
            windowTimers.arm(TimerKind.CLOSE, window, rules.closesAtMs(window));
        }
        if (late && !sending.queued()) {
            timers.arm(TimerKind.SEND.timer(sending.dueMs(nowMs, LATE), key));
        }
        windows.put(
                key,
                before.with(late ? sending.changedLate() : sending.changedInTime())
                        .bytes());
    }

    /** A part that has as many facts is the same one; one that has less is older, or not the whole. */
    private boolean isMore(Aggregate part, byte @Nullable [] stored) {
        if (stored == null) {
            return true;
        }
        long before = Counts.read(new In(stored)).facts();
        long facts = part.counts().facts();
        if (facts < before) {
            meters.dropped(Stage.SHRUNK);
            if (!shrunk) {
                shrunk = true;
                LOG.warn(
                        "Task {} was sent less of a window than it knows already, and keeps what it knows: either"
                                + " guest-metrics-partials is read anew, or the state of those who count was lost, and windows"
                                + " that were open then miss what came since",
                        context.taskId());
            }
        }
        return facts > before;
    }

    private void fireTimers() {
        long nowMs = context.currentSystemTimeMs();
        closings.knownUntil(closed.allUntilMs(), nowMs);
        meters.timersFired(guarded.fire(nowMs, this::fire));
        meters.late(context.taskId().toString(), timers.lagMs(context.currentSystemTimeMs()));
    }

    private void fire(Timer timer) {
        Bytes entity = timer.entity();
        ifGivenUp = null;
        windowTimers.fired(timer);
        switch (TimerKind.of(timer)) {
            case CLOSE -> close(entity);
            case SEND -> {
                byte[] stored = windows.get(entity);
                if (stored != null) {
                    MergedRow row = MergedRow.of(stored);
                    MergedRow woken = row.with(row.sending().woken());
                    ifGivenUp = () -> windows.put(entity, woken.bytes());
                    publish(entity, woken);
                }
            }
            case FORGET -> {
                Bytes next = windows.forget(
                        entity,
                        timers::mustYield,
                        row -> publish(row.key, MergedRow.of(row.value)),
                        () -> meters.dropped(Stage.ROW));
                if (next != null) {
                    windowTimers.goOn(TimerKind.FORGET, next, context.currentSystemTimeMs());
                }
            }
            case AHEAD -> throw new IllegalStateException("windows are not published ahead of their end");
        }
    }

    private void timerGivenUp() {
        meters.timerGivenUp();
        Runnable left = ifGivenUp;
        if (left != null) {
            left.run();
        }
    }

    private void close(Bytes from) {
        long nowMs = context.currentSystemTimeMs();
        if (!closings.isOver(Window.of(from.get()))) {
            windowTimers.goOn(TimerKind.CLOSE, from, nowMs + LOOK_AGAIN.toMillis());
            return;
        }
        Bytes next = windows.eachRow(from, timers::mustYield, this::publishInTime);
        if (next != null) {
            windowTimers.goOn(TimerKind.CLOSE, next, nowMs);
        }
        context.commit();
    }

    /** A row that fails must not hide those behind it: it gets a timer of its own. */
    private void publishInTime(KeyValue<Bytes, byte[]> stored) {
        try {
            MergedRow row = MergedRow.of(stored.value);
            if (row.sending().goesWithWindow()) {
                publish(stored.key, row);
            }
        } catch (KafkaException forStreams) {
            throw forStreams;
        } catch (RuntimeException defect) {
            meters.timerFailed();
            timers.arm(TimerKind.SEND.timer(context.currentSystemTimeMs(), stored.key));
        }
    }

    private void publish(Bytes key, MergedRow known) {
        MergedRow after = known;
        if (known.sending().changed()) {
            long nowMs = context.currentSystemTimeMs();
            after = known.published(nowMs);
            Row row = Row.of(key);
            MetricsWindow published = merged(key, known).toWindow(row, after.revision());
            Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
            headers.add(RecordHeaders.SCHEMA, WINDOW_SCHEMA);
            context.forward(
                    new Record<>(
                            row.recordKey(),
                            new Routed(context.taskId().partition(), MetricsWindow.CODEC.write(published)),
                            nowMs,
                            headers),
                    AnalyticsTopology.METRICS_SINK);
            meters.published(after.revision());
        }
        windows.put(key, after.bytes());
    }

    private Aggregate merged(Bytes key, MergedRow known) {
        Aggregate merged = new Aggregate();
        for (int partition : known.partitions()) {
            byte[] part = windows.get(WindowStore.partKey(key, partition));
            if (part == null) {
                throw new IllegalStateException("the part of partition " + partition + " is missing in " + WINDOWS);
            }
            merged.add(Aggregate.of(part));
        }
        return merged;
    }
}
