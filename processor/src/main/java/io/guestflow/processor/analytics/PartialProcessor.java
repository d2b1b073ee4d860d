package io.guestflow.processor.analytics;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.analytics.MetricsKey;
import io.guestflow.contracts.analytics.MetricsPartial;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.codec.Problem;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.processor.analytics.AnalyticsMeters.Fate;
import io.guestflow.processor.analytics.AnalyticsMeters.Stage;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.timers.DueTimers;
import io.guestflow.processor.timers.GuardedTimers;
import io.guestflow.processor.timers.Timer;
import io.guestflow.processor.wire.Origin;
import io.guestflow.processor.wire.PartitionProgress;
import io.guestflow.processor.wire.Partitions;
import io.guestflow.processor.wire.PolledPartitions;
import io.guestflow.processor.wire.ReadMark;
import io.guestflow.processor.wire.Routed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Counts the facts of one partition where they are, so that a channel may be as busy as all partitions together can be.
 * What they come to in a window goes on when the window closes and its facts are read; what comes late is gathered and
 * sent as the whole of it again.
 *
 * <p>Threading: one for a task, on its stream thread.
 */
final class PartialProcessor implements Processor<byte[], byte[], byte[], Routed> {
    static final String WINDOWS = "analytics-partial-windows";
    static final String TIMERS = "analytics-partial-timers";
    static final Duration PUNCTUATE_EVERY = Duration.ofMillis(200);
    /** A window that closes waits so long for facts that lie unread; they come late then. */
    static final Duration WAIT_MOST = Duration.ofSeconds(8);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final Sending.Pace LATE = new Sending.Pace(5_000, 5_000);

    private final AnalyticsRules rules;
    private final IntSupplier partitions;
    private final PolledPartitions polled;
    private final AnalyticsMeters meters;
    private final UnreadableRecords deadLetters;

    private ProcessorContext<byte[], Routed> context;
    private WindowStore windows;
    private DimensionValues values;
    private DueTimers timers;
    private GuardedTimers guarded;
    private ReadMark mark;
    private long startedAtMs;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    PartialProcessor(
            AnalyticsRules rules,
            IntSupplier partitions,
            PolledPartitions polled,
            AnalyticsMeters meters,
            UnreadableRecords deadLetters) {
        this.rules = rules;
        this.partitions = partitions;
        this.polled = polled;
        this.meters = meters;
        this.deadLetters = deadLetters;
    }

    @Override
    public void init(ProcessorContext<byte[], Routed> context) {
        this.context = context;
        KeyValueStore<Bytes, byte[]> windowStore = context.getStateStore(WINDOWS);
        KeyValueStore<Bytes, byte[]> timerStore = context.getStateStore(TIMERS);
        startedAtMs = context.currentSystemTimeMs();
        windows = new WindowStore(windowStore);
        values = new DimensionValues(windows, rules.valuesMost(), meters);
        timers = new DueTimers(timerStore, System::nanoTime, startedAtMs, Duration.ZERO);
        guarded = new GuardedTimers(
                timers,
                context,
                deadLetters,
                new GuardedTimers.Owner(
                        TIMERS,
                        meters::timerFailed,
                        meters::timerGivenUp,
                        "a window is not published, or its entries stay in " + WINDOWS,
                        "a later fact of the same window sends its row again"));
        mark = new ReadMark(progress());
        context.schedule(PUNCTUATE_EVERY, PunctuationType.WALL_CLOCK_TIME, timestamp -> fireTimers());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        mark.processed(Instant.ofEpochMilli(Math.min(record.timestamp(), context.currentSystemTimeMs())));
        switch (FactReading.of(record.headers(), record.value())) {
            case FactReading.Told told -> count(told.fact(), record);
            case FactReading.Unknown ignored -> meters.fact(Fate.UNKNOWN);
            case FactReading.Unreadable unreadable -> {
                deadLetters.tell(context, record, Origin.of(context), unreadable.violation());
                meters.fact(Fate.UNREADABLE);
            }
        }
    }

    @Override
    public void close() {
        meters.gone(context.taskId().toString());
    }

    private void count(Fact fact, Record<byte[], byte[]> record) {
        long nowMs = context.currentSystemTimeMs();
        long atMs = fact.at().toEpochMilli();
        if (atMs > rules.latestMs(nowMs)) {
            deadLetters.tell(context, record, Origin.of(context), fromTheFuture());
            meters.fact(Fate.FUTURE);
            return;
        }
        if (!Aggregate.counts(fact)) {
            meters.fact(Fate.NOT_COUNTED);
            return;
        }
        boolean counted = false;
        for (Duration size : rules.windows()) {
            Window window = Window.at(atMs, size.toMillis());
            if (nowMs < rules.countsUntilMs(window)) {
                add(fact, window, nowMs);
                counted = true;
            } else {
                meters.dropped(Stage.FACT);
            }
        }
        meters.fact(counted ? Fate.COUNTED : Fate.DROPPED);
    }

    private ContractViolation fromTheFuture() {
        Duration most = rules.grace().plus(AnalyticsRules.AHEAD);
        return new ContractViolation(
                Fact.CODEC.schema(),
                List.of(new Problem(
                        "at",
                        Problem.Defect.WRONG,
                        "must not be more than " + most.toSeconds() + " s ahead of the clock of this instance")));
    }

    private void add(Fact fact, Window window, long nowMs) {
        Row row = row(window, fact.dimensions());
        Bytes key = row.key();
        byte[] stored = windows.get(key);
        if (stored == null) {
            row = values.bounded(row);
            key = row.key();
            stored = windows.get(key);
        }
        PartialRow before = PartialRow.of(stored);
        before.aggregate().add(fact);
        long closesAtMs = rules.closesAtMs(window);
        boolean late = nowMs >= closesAtMs;
        if (stored == null) {
            timers.arm(TimerKind.FORGET.timer(
                    rules.countsUntilMs(window) + AnalyticsRules.PASSED_ON.toMillis(), window.prefix()));
        }
        Sending sending = before.sending();
        if (!late && !sending.changed()) {
            // Not only for a new row: an instance whose clock is ahead may have closed the window already.
            timers.arm(TimerKind.CLOSE.timer(closesAtMs, window.prefix()));
        }
        if (late && !sending.queued()) {
            timers.arm(TimerKind.SEND.timer(sending.dueMs(nowMs, LATE), key));
        }
        windows.put(
                key,
                before.with(late ? sending.changedLate() : sending.changedInTime())
                        .bytes());
    }

    private Row row(Window window, Dimensions dimensions) {
        return new Row(
                window,
                known(dimensions.channelId()),
                rules.bySegment() ? known(dimensions.segment()) : MetricsKey.OFF,
                rules.byCampaign() ? known(dimensions.campaign()) : MetricsKey.OFF);
    }

    private static String known(@Nullable String value) {
        return value == null ? MetricsKey.UNKNOWN : value;
    }

    private void fireTimers() {
        long nowMs = context.currentSystemTimeMs();
        meters.timersFired(guarded.fire(nowMs, this::fire));
        meters.late(context.taskId().toString(), timers.lagMs(context.currentSystemTimeMs()));
    }

    private void fire(Timer timer) {
        switch (TimerKind.of(timer)) {
            case CLOSE -> close(Window.of(timer.entity().get()));
            case SEND -> {
                byte[] stored = windows.get(timer.entity());
                if (stored != null) {
                    PartialRow row = PartialRow.of(stored);
                    send(timer.entity(), row.with(row.sending().woken()));
                }
            }
            case FORGET -> windows.forget(Window.of(timer.entity().get()));
        }
    }

    private void close(Window window) {
        long nowMs = context.currentSystemTimeMs();
        long closesAtMs = rules.closesAtMs(window);
        // What had been waiting while the task was down is read first, too.
        long waitUntilMs = Math.max(closesAtMs, startedAtMs) + WAIT_MOST.toMillis();
        Optional<Instant> readUntil = mark.readUntil(progress(), Instant.ofEpochMilli(nowMs));
        boolean read = readUntil.isPresent() && readUntil.get().toEpochMilli() >= closesAtMs;
        if (!read && nowMs < waitUntilMs) {
            timers.arm(TimerKind.CLOSE.timer(nowMs + LOOK_AGAIN.toMillis(), window.prefix()));
            return;
        }
        for (KeyValue<Bytes, byte[]> stored : windows.rows(window)) {
            PartialRow row = PartialRow.of(stored.value);
            if (row.sending().changed()) {
                send(stored.key, row);
            }
        }
    }

    private void send(Bytes key, PartialRow known) {
        PartialRow after = known;
        if (known.sending().changed()) {
            long nowMs = context.currentSystemTimeMs();
            Row row = Row.of(key);
            byte[] recordKey = row.recordKey();
            byte[] value = MetricsPartial.CODEC.write(
                    known.aggregate().toPartial(row, context.taskId().partition()));
            Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
            headers.add(RecordHeaders.SCHEMA, MetricsPartial.CODEC.schema().getBytes(StandardCharsets.UTF_8));
            context.forward(
                    new Record<>(
                            recordKey,
                            new Routed(Partitions.of(recordKey, partitions.getAsInt()), value),
                            nowMs,
                            headers),
                    AnalyticsTopology.PARTIALS_SINK);
            meters.partial();
            after = known.with(known.sending().sent(nowMs));
        }
        windows.put(key, after.bytes());
    }

    private Optional<PartitionProgress> progress() {
        return polled.progress(Topics.GUEST_FACTS.name(), context.taskId().partition());
    }
}
