package io.guestflow.processor.alerts;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.alerts.Alert;
import io.guestflow.contracts.alerts.AlertCounts;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.codec.Problem;
import io.guestflow.processor.alerts.AlertMeters.PartFate;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.wire.Origin;
import io.guestflow.processor.wire.Routed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.IntSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges its scopes by the clock, each time that the window has moved on by a slot. What fires needs no partition of facts
 * to be waited for; what fires is over once all of them are read. An alert and how it stands from then on are one
 * transaction's, so it is told once.
 *
 * <p>Threading: one for a task, on its stream thread.
 */
final class JudgingProcessor extends ContextualProcessor<byte[], byte[], byte[], Routed> {
    static final String STORE = "alert-scopes";
    /** A transaction must not grow without bound; the rest is judged a tick later. */
    static final int JUDGED_AT_ONCE = 500;

    private static final Logger LOG = LoggerFactory.getLogger(JudgingProcessor.class);
    private static final Problem IMPOSSIBLE = new Problem(
            "attempts", Problem.Defect.WRONG, "must not be less than what failed, and so must refreshes not be");

    private final AlertRules rules;
    private final IntSupplier partitions;
    private final AlertMeters meters;
    private final UnreadableRecords unreadable;
    /** The scopes in the store, and the end of the window when each was judged last, by our clock. */
    private final Map<String, Long> lookedMs = new HashMap<>();

    private KeyValueStore<Bytes, byte[]> store;
    private ReadPartitions read;
    private long notBeforeMs;
    private boolean givenUp;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    JudgingProcessor(AlertRules rules, IntSupplier partitions, AlertMeters meters, UnreadableRecords unreadable) {
        this.rules = rules;
        this.partitions = partitions;
        this.meters = meters;
        this.unreadable = unreadable;
    }

    @Override
    public void init(ProcessorContext<byte[], Routed> context) {
        super.init(context);
        long nowMs = context.currentSystemTimeMs();
        store = context.getStateStore(STORE);
        read = new ReadPartitions(rules, partitions.getAsInt(), nowMs);
        givenUp = false;
        // Counts that lie unread are read first: a part of them could be a higher rate than the whole.
        notBeforeMs = nowMs + rules.settledMs();
        lookedMs.clear();
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> entry = all.next();
                String name = new String(entry.key.get(), StandardCharsets.UTF_8);
                Scope scope = StoredScope.read(entry.value).under(rules);
                // Whoever judged a later one had a clock that is ahead of ours.
                boolean ours = scope.judgedMs() <= rules.windowEndMs(nowMs);
                lookedMs.put(name, ours ? scope.judgedMs() : 0L);
                meters.fires(context.taskId().toString(), name, scope.firing().keySet());
            }
        }
        context.schedule(Duration.ofMillis(rules.tickMs()), PunctuationType.WALL_CLOCK_TIME, timestamp -> tick());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (!isThisVersion(record.headers())) {
            meters.part(PartFate.UNKNOWN);
            return;
        }
        AlertCounts told;
        try {
            told = read(record);
        } catch (ContractViolation violation) {
            unreadable.tell(context(), record, Origin.of(context()), violation);
            return;
        }
        switch (told) {
            case AlertCounts.Slot slot -> meters.part(take(slot));
            case AlertCounts.Read until -> read.told(until);
        }
    }

    private static AlertCounts read(Record<byte[], byte[]> record) {
        AlertCounts told = AlertCounts.CODEC.read(record.value());
        if (told instanceof AlertCounts.Slot slot && !Counts.of(slot).isPossible()) {
            throw new ContractViolation(AlertCounts.CODEC.schema(), List.of(IMPOSSIBLE));
        }
        return told;
    }

    private PartFate take(AlertCounts.Slot told) {
        long slotMs = told.slotStart().toEpochMilli();
        boolean ours = told.slotMs() == rules.slotMs() && rules.slotOf(slotMs) == slotMs;
        if (!ours || !rules.takes(slotMs, context().currentSystemTimeMs())) {
            return PartFate.ELSEWHEN;
        }
        Scope before = scope(told.scope());
        Scope after = before.with(slotMs, told.sourcePartition(), Counts.of(told));
        if (!after.equals(before)) {
            store.put(key(told.scope()), StoredScope.write(after));
            lookedMs.putIfAbsent(told.scope(), 0L);
        }
        return PartFate.TAKEN;
    }

    @Override
    public void close() {
        meters.judgingGone(context().taskId().toString());
    }

    private void tick() {
        long nowMs = context().currentSystemTimeMs();
        meters.behind(context().taskId().toString(), read.behindMs(nowMs));
        if (nowMs < notBeforeMs) {
            return;
        }
        long windowEndMs = rules.windowEndMs(nowMs);
        OptionalLong readEndMs = read.readEndMs(windowEndMs, nowMs);
        tellGivenUp(read.isGivenUp(nowMs));
        lookedMs.entrySet().stream()
                .filter(scope -> scope.getValue() < windowEndMs)
                .map(Map.Entry::getKey)
                .limit(JUDGED_AT_ONCE)
                .toList()
                .forEach(name -> judgeGuarded(name, windowEndMs, readEndMs));
    }

    private void tellGivenUp(boolean now) {
        if (now && !givenUp) {
            LOG.warn(
                    "Facts have not been read for {} s: alerts of task {} that fire are over now if nothing that is known"
                            + " tells otherwise. guestflow_alerts_behind_seconds tells how far behind they are",
                    ReadPartitions.UNKNOWN_MOST.toSeconds(),
                    context().taskId());
        }
        givenUp = now;
    }

    /** A punctuation that fails ends the process; one scope must neither do that nor hold up the others. */
    private void judgeGuarded(String name, long windowEndMs, OptionalLong readEndMs) {
        try {
            judge(name, windowEndMs, readEndMs);
        } catch (KafkaException forStreams) {
            throw forStreams;
        } catch (RuntimeException defect) {
            meters.failed();
            lookedMs.put(name, windowEndMs);
            LOG.error(
                    "Scope {} of alerts could not be judged ({}): nothing was told of it, and it is judged again with the"
                            + " next window. This is a defect of guestflow",
                    name,
                    defect.getClass().getName());
        }
    }

    private void judge(String name, long windowEndMs, OptionalLong readEndMs) {
        Scope before = scope(name);
        Scope.Judged judged = before.judge(name, Scope.endMs(before.judgedMs(), windowEndMs, rules), readEndMs, rules);
        byte[] after = StoredScope.write(judged.scope());
        // All that can go wrong comes before the first of them is told, or it would be told again with the next window.
        List<Record<byte[], Routed>> records =
                judged.alerts().stream().map(this::toRecord).toList();
        if (judged.scope().isGone()) {
            store.delete(key(name));
            lookedMs.remove(name);
        } else {
            store.put(key(name), after);
            lookedMs.put(name, windowEndMs);
        }
        records.forEach(record -> context().forward(record, AlertTopology.ALERTS_SINK));
        judged.alerts().forEach(meters::told);
        meters.fires(
                context().taskId().toString(), name, judged.scope().firing().keySet());
    }

    private Record<byte[], Routed> toRecord(Alert alert) {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        headers.add(RecordHeaders.SCHEMA, Alert.CODEC.schema().getBytes(StandardCharsets.UTF_8));
        return new Record<>(
                alert.key().getBytes(StandardCharsets.UTF_8),
                new Routed(context().taskId().partition(), Alert.CODEC.write(alert)),
                context().currentSystemTimeMs(),
                headers);
    }

    private Scope scope(String name) {
        byte[] stored = store.get(key(name));
        return stored == null ? Scope.empty(rules) : StoredScope.read(stored).under(rules);
    }

    private static boolean isThisVersion(Headers headers) {
        Header schema = headers.lastHeader(RecordHeaders.SCHEMA);
        return schema == null
                || schema.value() == null
                || AlertCounts.CODEC.schema().equals(new String(schema.value(), StandardCharsets.UTF_8));
    }

    private static Bytes key(String name) {
        return Bytes.wrap(name.getBytes(StandardCharsets.UTF_8));
    }
}
