package io.guestflow.processor.alerts;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.alerts.Alert;
import io.guestflow.contracts.alerts.AlertCounts;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.processor.alerts.AlertMeters.Fate;
import io.guestflow.processor.factlog.FactRecord;
import io.guestflow.processor.wire.Partitions;
import io.guestflow.processor.wire.Routed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.IntSupplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Counts the facts of its partition by slot and scope, by their own time, and sends what has changed to where each scope
 * is judged. A fact that is older than what alerts look back at tells nothing about now, however late it is read.
 *
 * <p>Threading: one for a task, on its stream thread.
 */
final class CountingProcessor extends ContextualProcessor<byte[], Object, byte[], Routed> {
    static final String STORE = "alert-counts";
    /** A transaction must not grow without bound; the rest is sent a tick later. */
    static final int SENT_AT_ONCE = 1_000;

    private final AlertRules rules;
    private final IntSupplier partitions;
    private final AlertMeters meters;
    private OpenSlots slots;
    private KnownChannels channels;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    CountingProcessor(AlertRules rules, IntSupplier partitions, AlertMeters meters) {
        this.rules = rules;
        this.partitions = partitions;
        this.meters = meters;
    }

    @Override
    public void init(ProcessorContext<byte[], Routed> context) {
        super.init(context);
        KeyValueStore<Bytes, byte[]> store = context.getStateStore(STORE);
        slots = new OpenSlots(store);
        channels = new KnownChannels(store, rules);
        context.schedule(Duration.ofMillis(rules.tickMs()), PunctuationType.WALL_CLOCK_TIME, timestamp -> tick());
    }

    @Override
    public void process(Record<byte[], Object> record) {
        if (record.value() instanceof FactRecord.Told told) {
            meters.fact(count(told.fact()));
        }
    }

    private Fate count(Fact fact) {
        Counts counts = Counts.of(fact);
        if (counts.equals(Counts.NONE)) {
            return Fate.NOT_COUNTED;
        }
        long nowMs = context().currentSystemTimeMs();
        long atMs = fact.at().toEpochMilli();
        if (atMs > nowMs + AlertRules.AHEAD.toMillis()) {
            return Fate.FUTURE;
        }
        long slotMs = rules.slotOf(atMs);
        if (!rules.counts(slotMs, nowMs)) {
            return Fate.OLD;
        }
        slots.add(slotMs, Alert.ALL, counts);
        String channelId = fact.dimensions().channelId();
        if (channelId != null) {
            if (channels.have(channelId, served(fact), nowMs)) {
                slots.add(slotMs, Alert.channel(channelId), counts);
            } else {
                meters.strangeChannel();
            }
        }
        return Fate.COUNTED;
    }

    /** Sessions are of guests that were authenticated. */
    private static boolean served(Fact fact) {
        return !(fact instanceof Fact.AuthRejected || fact instanceof Fact.AuthFailed);
    }

    private void tick() {
        slots.forgetBefore(rules.firstSlotMs(rules.windowEndMs(context().currentSystemTimeMs())));
        slots.send(SENT_AT_ONCE, this::send);
    }

    private void send(long slotMs, String scope, Counts counts) {
        byte[] key = scope.getBytes(StandardCharsets.UTF_8);
        AlertCounts told =
                counts.told(scope, slotMs, rules.slotMs(), context().taskId().partition());
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        headers.add(RecordHeaders.SCHEMA, AlertCounts.CODEC.schema().getBytes(StandardCharsets.UTF_8));
        context()
                .forward(
                        new Record<>(
                                key,
                                new Routed(Partitions.of(key, partitions.getAsInt()), AlertCounts.CODEC.write(told)),
                                context().currentSystemTimeMs(),
                                headers),
                        AlertTopology.COUNTS_SINK);
    }
}
