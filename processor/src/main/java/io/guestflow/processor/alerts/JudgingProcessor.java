package io.guestflow.processor.alerts;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.alerts.Alert;
import io.guestflow.contracts.alerts.AlertCounts;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.processor.alerts.AlertMeters.PartFate;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.wire.Origin;
import io.guestflow.processor.wire.Routed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
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
 * Judges its scopes by the clock, each time that the window has moved on by a slot: partitions of facts in which nothing
 * happens hold up nobody. An alert and how it stands from then on are one transaction's, so it is told once.
 *
 * <p>Threading: one for a task, on its stream thread.
 */
final class JudgingProcessor extends ContextualProcessor<byte[], byte[], byte[], Routed> {
    static final String STORE = "alert-scopes";
    /** A transaction must not grow without bound; the rest is judged a tick later. */
    static final int JUDGED_AT_ONCE = 500;

    private static final Logger LOG = LoggerFactory.getLogger(JudgingProcessor.class);

    private final AlertRules rules;
    private final AlertMeters meters;
    private final UnreadableRecords unreadable;
    /** The scopes in the store, and the end of the window that was judged last. */
    private final Map<String, Long> judgedMs = new HashMap<>();

    private KeyValueStore<Bytes, byte[]> store;
    private long notBeforeMs;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    JudgingProcessor(AlertRules rules, AlertMeters meters, UnreadableRecords unreadable) {
        this.rules = rules;
        this.meters = meters;
        this.unreadable = unreadable;
    }

    @Override
    public void init(ProcessorContext<byte[], Routed> context) {
        super.init(context);
        store = context.getStateStore(STORE);
        // What happened while the task was down is read first: what fires is not over because nothing is known.
        notBeforeMs = context.currentSystemTimeMs() + rules.slotMs();
        judgedMs.clear();
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> entry = all.next();
                String name = new String(entry.key.get(), StandardCharsets.UTF_8);
                Scope scope = StoredScope.read(entry.value).under(rules);
                judgedMs.put(name, scope.judgedMs());
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
            told = AlertCounts.CODEC.read(record.value());
        } catch (ContractViolation violation) {
            unreadable.tell(context(), record, Origin.of(context()), violation);
            return;
        }
        long slotMs = told.slotStart().toEpochMilli();
        boolean ours = told.slotMs() == rules.slotMs() && rules.slotOf(slotMs) == slotMs;
        if (!ours || !rules.counts(slotMs, context().currentSystemTimeMs())) {
            meters.part(PartFate.ELSEWHEN);
            return;
        }
        Scope before = scope(told.scope());
        Scope after = before.with(slotMs, told.sourcePartition(), Counts.of(told));
        if (!after.equals(before)) {
            store.put(key(told.scope()), StoredScope.write(after));
            judgedMs.putIfAbsent(told.scope(), after.judgedMs());
        }
        meters.part(PartFate.TAKEN);
    }

    @Override
    public void close() {
        meters.gone(context().taskId().toString());
    }

    private void tick() {
        long nowMs = context().currentSystemTimeMs();
        if (nowMs < notBeforeMs) {
            return;
        }
        long windowEndMs = rules.windowEndMs(nowMs);
        judgedMs.entrySet().stream()
                .filter(scope -> Scope.isDue(scope.getValue(), windowEndMs, rules))
                .map(Map.Entry::getKey)
                .limit(JUDGED_AT_ONCE)
                .toList()
                .forEach(name -> judgeGuarded(name, windowEndMs));
    }

    /** A punctuation that fails ends the process; one scope must neither do that nor hold up the others. */
    private void judgeGuarded(String name, long windowEndMs) {
        try {
            judge(name, windowEndMs);
        } catch (KafkaException forStreams) {
            throw forStreams;
        } catch (RuntimeException defect) {
            meters.failed();
            judgedMs.put(name, windowEndMs);
            LOG.error(
                    "A scope of alerts of task {} could not be judged ({}): nothing was told of it, and it is judged again"
                            + " with the next window. This is a defect of guestflow",
                    context().taskId(),
                    defect.getClass().getName());
        }
    }

    private void judge(String name, long windowEndMs) {
        Scope.Judged judged = scope(name).judge(name, windowEndMs, rules);
        boolean gone = judged.scope().isGone();
        byte[] after = StoredScope.write(judged.scope());
        judged.alerts().forEach(this::tell);
        if (gone) {
            store.delete(key(name));
            judgedMs.remove(name);
        } else {
            store.put(key(name), after);
            judgedMs.put(name, windowEndMs);
        }
        meters.fires(
                context().taskId().toString(), name, judged.scope().firing().keySet());
    }

    private void tell(Alert alert) {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        headers.add(RecordHeaders.SCHEMA, Alert.CODEC.schema().getBytes(StandardCharsets.UTF_8));
        context()
                .forward(
                        new Record<>(
                                alert.key().getBytes(StandardCharsets.UTF_8),
                                new Routed(context().taskId().partition(), Alert.CODEC.write(alert)),
                                context().currentSystemTimeMs(),
                                headers),
                        AlertTopology.ALERTS_SINK);
        meters.told(alert);
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
