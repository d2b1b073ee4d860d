package io.guestflow.processor.analytics;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.codec.Problem;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.processor.analytics.AnalyticsMeters.Fate;
import io.guestflow.processor.analytics.AnalyticsMeters.Stage;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.factlog.FactRecord;
import io.guestflow.processor.timers.DueTimers;
import io.guestflow.processor.timers.FiringTime;
import io.guestflow.processor.timers.GuardedTimers;
import io.guestflow.processor.timers.Timer;
import io.guestflow.processor.wire.PartitionProgress;
import io.guestflow.processor.wire.PolledPartitions;
import io.guestflow.processor.wire.ReadMark;
import io.guestflow.processor.wire.Routed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.apache.kafka.common.KafkaException;
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
 * What they come to in a window goes on when the window closes and its facts are read, and then that this was all. Of a
 * window with many rows most go while its grace runs: those of all partitions at once would take longer than anybody waits.
 * What comes late is gathered and sent as the whole of it again.
 *
 * <p>Threading: one for a task, on its stream thread.
 */
final class PartialProcessor implements Processor<byte[], Object, byte[], Routed> {
    static final String WINDOWS = "analytics-partial-windows";
    static final String TIMERS = "analytics-partial-timers";
    static final Duration PUNCTUATE_EVERY = Duration.ofMillis(200);
    /** A window that closes waits so long for facts that lie unread; they come late then. */
    static final Duration WAIT_MOST = Duration.ofSeconds(8);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final Sending.Pace LATE = new Sending.Pace(5_000, 5_000);

    private final AnalyticsRules rules;
    private final RowNames names;
    private final IntSupplier partitions;
    private final PolledPartitions polled;
    private final FiringTime firingTime;
    private final AnalyticsMeters meters;
    private final UnreadableRecords deadLetters;

    private ProcessorContext<byte[], Routed> context;
    private Mergers mergers;
    private WindowStore windows;
    private PartialRows rows;
    private DimensionValues values;
    private DueTimers timers;
    private WindowTimers windowTimers;
    private GuardedTimers guarded;
    private ReadMark mark;
    private Closings closings;
    /** What the timer that was fired last leaves behind: nobody sees to its row any more, so the next late fact must. */
    private @Nullable Runnable ifGivenUp;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    PartialProcessor(
            AnalyticsRules rules,
            IntSupplier partitions,
            PolledPartitions polled,
            FiringTime firingTime,
            AnalyticsMeters meters,
            UnreadableRecords deadLetters) {
        this.rules = rules;
        this.names = new RowNames(rules);
        this.partitions = partitions;
        this.polled = polled;
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
        mergers = new Mergers(context, partitions);
        windows = new WindowStore(windowStore);
        rows = new PartialRows(windows);
        values = new DimensionValues(windows, rules.valuesMost(), rules.channels(), meters);
        closings = new Closings(rules, nowMs, WAIT_MOST);
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
                        "a later fact of the same window sends its row again"));
        mark = new ReadMark(progress());
        context.schedule(PUNCTUATE_EVERY, PunctuationType.WALL_CLOCK_TIME, timestamp -> fireTimers());
    }

    @Override
    public void process(Record<byte[], Object> record) {
        long nowMs = context.currentSystemTimeMs();
        mark.processed(Instant.ofEpochMilli(record.timestamp()), Instant.ofEpochMilli(nowMs));
        if (record.value() instanceof FactRecord.Told told) {
            count(told, nowMs);
        }
    }

    @Override
    public void close() {
        meters.gone(context.taskId().toString());
    }

    private void count(FactRecord.Told told, long nowMs) {
        Fact fact = told.fact();
        long atMs = fact.at().toEpochMilli();
        if (atMs > rules.latestMs(nowMs)) {
            deadLetters.tell(context, told.raw(), told.at(), fromTheFuture());
            meters.fact(Fate.FUTURE);
            return;
        }
        if (!Counts.counts(fact)) {
            meters.fact(Fate.NOT_COUNTED);
            return;
        }
        byte[] dimensions = names.dimensions(fact);
        Fate fate = Fate.DROPPED;
        for (Duration size : rules.windows()) {
            Window window = Window.at(atMs, size.toMillis());
            if (nowMs >= rules.countsUntilMs(window) || windows.isForgotten(window)) {
                meters.dropped(Stage.FACT);
            } else if (add(fact, told.at().offset(), dimensions, window, nowMs)) {
                fate = Fate.COUNTED;
            } else if (fate == Fate.DROPPED) {
                fate = Fate.KNOWN;
            }
        }
        meters.fact(fate);
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

    /** Whether it was not in the window before: a partition that is read anew tells of facts that are. */
    private boolean add(Fact fact, long offset, byte[] dimensions, Window window, long nowMs) {
        Bytes key = Row.key(window, dimensions);
        PartialRow before = rows.take(key);
        if (before == null) {
            key = values.bounded(Row.of(key), offset).key();
            before = rows.take(key);
        }
        boolean first = before == null;
        if (before == null) {
            before = PartialRow.none();
        }
        if (offset <= before.countedTo()) {
            return false;
        }
        if (first) {
            windowTimers.arm(
                    TimerKind.FORGET, window, rules.countsUntilMs(window) + AnalyticsRules.PASSED_ON.toMillis());
        }
        boolean late = closings.isOver(window);
        Sending sending = before.sending();
        if (!late && !sending.changed()) {
            // Not only for a new row: an instance whose clock is ahead may have closed the window already.
            windowTimers.arm(TimerKind.CLOSE, window, rules.closesAtMs(window));
            if (nowMs < rules.sentAheadAtMs(window)) {
                windowTimers.arm(TimerKind.AHEAD, window, rules.sentAheadAtMs(window));
            }
        }
        if (late && !sending.queued()) {
            timers.arm(TimerKind.SEND.timer(sending.dueMs(nowMs, LATE), key));
        }
        PartialRow after = before.counted(fact, offset, late ? sending.changedLate() : sending.changedInTime());
        if (after.last().isMany()) {
            windows.put(WindowStore.durationsKey(key), durations(key, after).bytes());
            after = after.withoutLast();
        }
        rows.put(key, after);
        return true;
    }

    /** How long things took in all facts of a row. */
    private Durations durations(Bytes key, PartialRow row) {
        if (row.lastIsAll()) {
            return row.last();
        }
        Durations all = Durations.of(windows.get(WindowStore.durationsKey(key)));
        all.add(row.last());
        return all;
    }

    private void fireTimers() {
        long nowMs = context.currentSystemTimeMs();
        mark.readUntil(progress(), Instant.ofEpochMilli(nowMs))
                .ifPresentOrElse(
                        until -> closings.knownUntil(until.toEpochMilli(), nowMs), () -> closings.knownUntil(0, nowMs));
        meters.timersFired(guarded.fire(nowMs, this::fire));
        long lagMs = timers.lagMs(nowMs);
        meters.late(context.taskId().toString(), lagMs);
        closings.closedUntil(lagMs == 0 ? nowMs : nowMs - lagMs - 1).ifPresent(untilMs -> {
            mergers.closed(untilMs);
            context.commit();
        });
    }

    private void fire(Timer timer) {
        Bytes entity = timer.entity();
        ifGivenUp = null;
        windowTimers.fired(timer);
        switch (TimerKind.of(timer)) {
            case AHEAD -> sendAhead(entity);
            case CLOSE -> close(entity);
            case SEND -> {
                PartialRow row = rows.take(entity);
                if (row != null) {
                    PartialRow woken = row.with(row.sending().woken());
                    ifGivenUp = () -> rows.put(entity, woken);
                    send(entity, woken);
                }
            }
            case FORGET -> {
                Bytes next = windows.forget(entity, timers::mustYield, this::sendLast, () -> meters.dropped(Stage.ROW));
                if (next != null) {
                    windowTimers.goOn(TimerKind.FORGET, next, context.currentSystemTimeMs());
                }
            }
        }
    }

    private void timerGivenUp() {
        meters.timerGivenUp();
        Runnable left = ifGivenUp;
        if (left != null) {
            left.run();
        }
    }

    private void sendAhead(Bytes from) {
        Window window = Window.of(from.get());
        long nowMs = context.currentSystemTimeMs();
        if (nowMs >= rules.closesAtMs(window)) {
            // Its close is due, and does it all.
            return;
        }
        if (!closings.hasEnded(window)) {
            // Its facts are still being read: what went now would go once more.
            windowTimers.goOn(TimerKind.AHEAD, from, nowMs + LOOK_AGAIN.toMillis());
            return;
        }
        Bytes next = windows.eachRow(from, timers::mustYield, this::sendInTime);
        if (next != null) {
            windowTimers.goOn(TimerKind.AHEAD, next, nowMs);
        }
    }

    private void close(Bytes from) {
        Window window = Window.of(from.get());
        long nowMs = context.currentSystemTimeMs();
        closings.unfinished(window);
        if (!closings.isOver(window)) {
            windowTimers.goOn(TimerKind.CLOSE, from, nowMs + LOOK_AGAIN.toMillis());
            return;
        }
        Bytes next;
        try {
            next = windows.eachRow(from, timers::mustYield, this::sendInTime);
        } catch (RuntimeException failed) {
            // It is tried again, ever later, and its rows come late: all other windows would wait with it.
            closings.finished(window);
            throw failed;
        }
        if (next == null) {
            closings.finished(window);
        } else {
            windowTimers.goOn(TimerKind.CLOSE, next, nowMs);
        }
        context.commit();
    }

    /** The row is deleted next. */
    private void sendLast(KeyValue<Bytes, byte[]> stored) {
        try {
            send(stored.key, PartialRow.of(stored.value));
        } finally {
            rows.forget(stored.key);
        }
    }

    /** A row that fails must not hide those behind it: it gets a timer of its own. */
    private void sendInTime(KeyValue<Bytes, byte[]> stored) {
        try {
            PartialRow row = PartialRow.of(stored.value);
            if (row.sending().goesWithWindow()) {
                send(stored.key, row);
            }
        } catch (KafkaException forStreams) {
            throw forStreams;
        } catch (RuntimeException defect) {
            meters.timerFailed();
            timers.arm(TimerKind.SEND.timer(context.currentSystemTimeMs(), stored.key));
        }
    }

    private void send(Bytes key, PartialRow known) {
        PartialRow after = known;
        if (known.sending().changed()) {
            Row row = Row.of(key);
            mergers.part(row, new Aggregate(known.counts(), durations(key, known)), known.countedTo());
            meters.partial();
            after = known.with(known.sending().sent(context.currentSystemTimeMs()));
        }
        rows.put(key, after);
    }

    private Optional<PartitionProgress> progress() {
        return polled.progress(Topics.GUEST_FACTS.name(), context.taskId().partition());
    }
}
