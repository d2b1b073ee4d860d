package io.guestflow.processor.analytics;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.analytics.MetricsPartial;
import io.guestflow.contracts.analytics.MetricsWindow;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.codec.Problem;
import io.guestflow.processor.analytics.AnalyticsMeters.Stage;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.timers.DueTimers;
import io.guestflow.processor.timers.GuardedTimers;
import io.guestflow.processor.timers.Timer;
import io.guestflow.processor.wire.Origin;
import io.guestflow.processor.wire.Routed;
import io.guestflow.processor.wire.StoredForm.In;
import io.guestflow.processor.wire.StoredForm.Out;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Merges what the partitions of facts send, and publishes windows. The last part of each partition takes the place of the
 * one before, so nothing counts twice however often it is sent.
 *
 * <p>Threading: one for a task, on its stream thread.
 */
final class MergeProcessor implements Processor<byte[], byte[], byte[], Routed> {
    static final String WINDOWS = "analytics-merged-windows";
    static final String TIMERS = "analytics-merged-timers";
    static final Duration PUNCTUATE_EVERY = Duration.ofMillis(200);
    /** How long after a window has closed its parts may take to come here. */
    static final Duration SETTLE = Duration.ofSeconds(1);
    /** Parts that had been waiting while the task was down are read before anything is published. */
    static final Duration HOLD_OFF = Duration.ofSeconds(1);

    private static final Sending.Pace LATE = new Sending.Pace(1_000, 5_000);

    private final AnalyticsRules rules;
    private final AnalyticsMeters meters;
    private final UnreadableRecords deadLetters;

    private ProcessorContext<byte[], Routed> context;
    private WindowStore windows;
    private DueTimers timers;
    private GuardedTimers guarded;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    MergeProcessor(AnalyticsRules rules, AnalyticsMeters meters, UnreadableRecords deadLetters) {
        this.rules = rules;
        this.meters = meters;
        this.deadLetters = deadLetters;
    }

    @Override
    public void init(ProcessorContext<byte[], Routed> context) {
        this.context = context;
        KeyValueStore<Bytes, byte[]> windowStore = context.getStateStore(WINDOWS);
        KeyValueStore<Bytes, byte[]> timerStore = context.getStateStore(TIMERS);
        windows = new WindowStore(windowStore);
        timers = new DueTimers(timerStore, System::nanoTime, context.currentSystemTimeMs(), HOLD_OFF);
        guarded = new GuardedTimers(
                timers,
                context,
                deadLetters,
                new GuardedTimers.Owner(
                        TIMERS,
                        meters::timerFailed,
                        meters::timerGivenUp,
                        "a window is not published, or its entries stay in " + WINDOWS,
                        "a later fact of the same window publishes it"));
        context.schedule(PUNCTUATE_EVERY, PunctuationType.WALL_CLOCK_TIME, timestamp -> fireTimers());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        MetricsPartial partial;
        try {
            partial = MetricsPartial.CODEC.read(record.value());
            if (!partial.windowEnd().isAfter(partial.windowStart())) {
                throw new ContractViolation(
                        MetricsPartial.CODEC.schema(),
                        List.of(new Problem("windowEnd", Problem.Defect.WRONG, "must be after windowStart")));
            }
        } catch (ContractViolation violation) {
            deadLetters.tell(context, record, Origin.of(context), violation);
            return;
        }
        merge(partial);
    }

    @Override
    public void close() {
        meters.gone(context.taskId().toString());
    }

    private void merge(MetricsPartial partial) {
        long nowMs = context.currentSystemTimeMs();
        long endMs = partial.windowEnd().toEpochMilli();
        Window window = new Window(endMs, endMs - partial.windowStart().toEpochMilli());
        long forgetAtMs = rules.countsUntilMs(window) + AnalyticsRules.MERGED.toMillis();
        if (nowMs >= forgetAtMs) {
            // What the others had sent is forgotten: the window would be published without it.
            meters.dropped(Stage.PARTIAL);
            return;
        }
        Row row = new Row(window, partial.channelId(), partial.segment(), partial.campaign());
        byte[] part = bytes(Aggregate.of(partial));
        Bytes partKey = row.partKey(partial.sourcePartition());
        if (Arrays.equals(part, windows.get(partKey))) {
            return;
        }
        windows.put(partKey, part);
        Bytes key = row.key();
        byte[] stored = windows.get(key);
        MergedRow before = MergedRow.of(stored).with(partial.sourcePartition());
        long publishAtMs = rules.closesAtMs(window) + SETTLE.toMillis();
        boolean late = nowMs >= publishAtMs;
        if (stored == null) {
            timers.arm(TimerKind.FORGET.timer(forgetAtMs, window.prefix()));
        }
        Sending sending = before.sending();
        if (!late && !sending.changed()) {
            // Not only for a new row: an instance whose clock is ahead may have published the window already.
            timers.arm(TimerKind.CLOSE.timer(publishAtMs, window.prefix()));
        }
        if (late && !sending.queued()) {
            timers.arm(TimerKind.SEND.timer(sending.dueMs(nowMs, LATE), key));
        }
        windows.put(
                key,
                before.with(late ? sending.changedLate() : sending.changedInTime())
                        .bytes());
    }

    private void fireTimers() {
        long nowMs = context.currentSystemTimeMs();
        meters.timersFired(guarded.fire(nowMs, this::fire));
        meters.late(context.taskId().toString(), timers.lagMs(context.currentSystemTimeMs()));
    }

    private void fire(Timer timer) {
        switch (TimerKind.of(timer)) {
            case CLOSE -> {
                for (KeyValue<Bytes, byte[]> stored :
                        windows.rows(Window.of(timer.entity().get()))) {
                    MergedRow row = MergedRow.of(stored.value);
                    if (row.sending().changed()) {
                        publish(stored.key, row);
                    }
                }
            }
            case SEND -> {
                byte[] stored = windows.get(timer.entity());
                if (stored != null) {
                    MergedRow row = MergedRow.of(stored);
                    publish(timer.entity(), row.with(row.sending().woken()));
                }
            }
            case FORGET -> windows.forget(Window.of(timer.entity().get()));
        }
    }

    private void publish(Bytes key, MergedRow known) {
        MergedRow after = known;
        if (known.sending().changed()) {
            long nowMs = context.currentSystemTimeMs();
            after = known.published(nowMs);
            Row row = Row.of(key);
            MetricsWindow published = merged(row, known).toWindow(row, after.revision());
            Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
            headers.add(RecordHeaders.SCHEMA, MetricsWindow.CODEC.schema().getBytes(StandardCharsets.UTF_8));
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

    private Aggregate merged(Row row, MergedRow known) {
        Aggregate merged = new Aggregate();
        for (int partition : known.partitions()) {
            byte[] part = windows.get(row.partKey(partition));
            if (part == null) {
                throw new IllegalStateException("the part of partition " + partition + " is missing in " + WINDOWS);
            }
            merged.add(Aggregate.read(new In(part)));
        }
        return merged;
    }

    private static byte[] bytes(Aggregate aggregate) {
        Out out = new Out();
        aggregate.write(out);
        return out.bytes();
    }
}
