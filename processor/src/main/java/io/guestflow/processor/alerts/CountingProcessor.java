package io.guestflow.processor.alerts;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.alerts.Alert;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.processor.alerts.AlertMeters.Fate;
import io.guestflow.processor.factlog.FactRecord;
import io.guestflow.processor.wire.PartitionProgress;
import io.guestflow.processor.wire.PolledPartitions;
import io.guestflow.processor.wire.ReadMark;
import io.guestflow.processor.wire.Routed;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Counts the facts of its partition by slot and scope, by their own time, and sends what has changed to where each scope
 * is judged, and once a slot how far the partition is read. A fact that is older than what alerts look back at tells
 * nothing about now, however late it is read; for a window longer it says that what fires is not over.
 *
 * <p>Threading: one for a task, on its stream thread.
 */
final class CountingProcessor extends ContextualProcessor<byte[], Object, byte[], Routed> {
    static final String STORE = "alert-counts";
    /** A transaction must not grow without bound; the rest is sent, or forgotten, a tick later. */
    static final int SENT_AT_ONCE = 1_000;

    static final int FORGOTTEN_AT_ONCE = 5_000;

    private final AlertRules rules;
    private final IntSupplier partitions;
    private final PolledPartitions polled;
    private final AlertMeters meters;
    private Judges judges;
    private OpenSlots slots;
    private KnownChannels channels;
    private ReadMark mark;
    private @Nullable Untold untold;
    private long toldSlotMs;

    /** The partition is read until then, which is told once so many rows are sent. */
    private record Untold(long untilMs, long rows) {}

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    CountingProcessor(AlertRules rules, IntSupplier partitions, PolledPartitions polled, AlertMeters meters) {
        this.rules = rules;
        this.partitions = partitions;
        this.polled = polled;
        this.meters = meters;
    }

    @Override
    public void init(ProcessorContext<byte[], Routed> context) {
        super.init(context);
        KeyValueStore<Bytes, byte[]> store = context.getStateStore(STORE);
        judges = new Judges(context, partitions, rules);
        slots = new OpenSlots(store, rules.slotMs());
        channels = new KnownChannels(store, rules);
        mark = new ReadMark(progress());
        untold = null;
        toldSlotMs = 0;
        context.schedule(Duration.ofMillis(rules.tickMs()), PunctuationType.WALL_CLOCK_TIME, timestamp -> tick());
    }

    @Override
    public void process(Record<byte[], Object> record) {
        long nowMs = context().currentSystemTimeMs();
        mark.processed(Instant.ofEpochMilli(record.timestamp()), Instant.ofEpochMilli(nowMs));
        if (record.value() instanceof FactRecord.Told told) {
            meters.fact(count(told.fact(), nowMs));
        }
    }

    @Override
    public void close() {
        meters.countingGone(context().taskId().toString());
    }

    private Fate count(Fact fact, long nowMs) {
        Counts counts = Counts.of(fact);
        if (counts.equals(Counts.NONE)) {
            return Fate.NOT_COUNTED;
        }
        long atMs = fact.at().toEpochMilli();
        if (rules.isAhead(atMs, nowMs)) {
            return Fate.FUTURE;
        }
        long slotMs = rules.slotOf(atMs);
        if (slotMs < rules.firstKeptMs(nowMs)) {
            return Fate.OLD;
        }
        slots.add(slotMs, Alert.ALL, counts);
        String channelId = fact.dimensions().channelId();
        if (channelId != null) {
            if (channels.have(channelId, served(fact), nowMs)) {
                slots.add(slotMs, Alert.channel(channelId), counts);
            } else {
                meters.unknownChannel();
            }
        }
        return rules.counts(slotMs, nowMs) ? Fate.COUNTED : Fate.OLD;
    }

    /** Sessions are of guests that were authenticated. */
    private static boolean served(Fact fact) {
        return !(fact instanceof Fact.AuthRejected || fact instanceof Fact.AuthFailed);
    }

    private void tick() {
        long nowMs = context().currentSystemTimeMs();
        slots.forgetBefore(rules.firstKeptMs(nowMs), FORGOTTEN_AT_ONCE);
        slots.send(SENT_AT_ONCE, judges::counts);
        tellRead(nowMs);
        meters.channelsKnown(context().taskId().toString(), channels.size());
    }

    /** Behind what it comes to, on each way: so whoever hears of it has that already. */
    private void tellRead(long nowMs) {
        Optional<Instant> until = mark.readUntil(progress(), Instant.ofEpochMilli(nowMs));
        if (untold == null && until.isPresent() && rules.slotOf(until.get().toEpochMilli()) > toldSlotMs) {
            untold = new Untold(until.get().toEpochMilli(), slots.changed());
        }
        if (untold != null && slots.isSent(untold.rows())) {
            judges.read(untold.untilMs());
            // Those who judge wait for it, and for the counts before it, no longer than a tick.
            context().commit();
            toldSlotMs = rules.slotOf(untold.untilMs());
            untold = null;
        }
    }

    private Optional<PartitionProgress> progress() {
        return polled.progress(Topics.GUEST_FACTS.name(), context().taskId().partition());
    }
}
