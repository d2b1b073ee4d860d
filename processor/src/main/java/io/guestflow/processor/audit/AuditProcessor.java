package io.guestflow.processor.audit;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.audit.AuditEntry;
import io.guestflow.contracts.audit.AuditRecord;
import io.guestflow.contracts.audit.Chain;
import io.guestflow.contracts.audit.ChainRule;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.processor.factlog.FactRecord;
import io.guestflow.processor.wire.Routed;
import io.guestflow.processor.wire.Trace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Numbers and chains the facts of its partition in the order in which they lie there. Each comes once: under a second
 * number, it would take its own record's place when the topic is compacted, and leave a gap.
 *
 * <p>Threading: one for a task, on its stream thread.
 */
final class AuditProcessor extends ContextualProcessor<byte[], Object, byte[], Routed> {
    static final String CHAIN = "audit-chain";
    /** A store belongs to one partition, which has one chain. It changes with each fact, and is written with the commit. */
    private static final Bytes HEAD = Bytes.wrap("head".getBytes(StandardCharsets.UTF_8));

    /** Many commits later. A task whose transaction came to nothing has begun anew by then. */
    private static final Duration KEPT_AFTER = Duration.ofMinutes(1);

    private final Supplier<String> salts;
    private final ChainEnds ends;
    private final AuditMeters meters;
    private KeyValueStore<Bytes, byte[]> chain;
    /** What a transaction loses, the task that begins again reads again. */
    private ChainHead head = ChainHead.NONE;

    private @Nullable Cancellable keeping;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    AuditProcessor(Supplier<String> salts, ChainEnds ends, AuditMeters meters) {
        this.salts = salts;
        this.ends = ends;
        this.meters = meters;
    }

    @Override
    public void init(ProcessorContext<byte[], Routed> context) {
        super.init(context);
        chain = context.getStateStore(CHAIN);
        ChainHead stored = ChainHead.read(chain.get(HEAD));
        head = ends.of(context.taskId().partition())
                .map(end -> end.goOnFrom(stored, context.stateDir()))
                .orElse(stored);
        if (head.seq() == stored.seq()) {
            ends.kept(context.taskId().partition());
        } else {
            keepSoon(context);
        }
    }

    /**
     * Without waiting for a fact: the next start would find the state gone again. What is put while a task is initialized
     * would not be committed.
     */
    private void keepSoon(ProcessorContext<byte[], Routed> context) {
        keeping = context.schedule(Duration.ofMillis(1), PunctuationType.WALL_CLOCK_TIME, now -> keep());
    }

    private void keep() {
        chain.put(HEAD, head.write());
        stopKeeping();
        keeping = context().schedule(KEPT_AFTER, PunctuationType.WALL_CLOCK_TIME, now -> {
            ends.kept(context().taskId().partition());
            stopKeeping();
        });
    }

    private void stopKeeping() {
        if (keeping != null) {
            keeping.cancel();
        }
    }

    @Override
    public void process(Record<byte[], Object> record) {
        if (!(record.value() instanceof FactRecord.Told told)) {
            return;
        }
        Optional<AuditEntry> entry = AuditEntries.of(told.fact());
        if (entry.isEmpty()) {
            meters.notAudited();
            return;
        }
        try {
            append(record, told, entry.get());
        } catch (KafkaException forStreams) {
            throw forStreams;
        } catch (RuntimeException defect) {
            // It becomes a dead letter, and the stream goes on: what is missing from the audit must show.
            meters.failed();
            throw defect;
        }
        meters.written(entry.get().event());
    }

    private void append(Record<byte[], Object> record, FactRecord.Told told, AuditEntry entry) {
        // All that can fail because of the record comes before anything is stored.
        int partition = context().taskId().partition();
        ChainRule.Written next = ChainRule.writeNext(entry, partition, head.seq() + 1, head.hash(), salts.get());
        byte[] value = next.value();
        if (value.length > JsonCodec.MAX_BYTES) {
            throw new IllegalStateException(
                    "an audit record of " + value.length + " bytes could not be read by anybody");
        }

        Chain chained = next.record().chain();
        head = new ChainHead(chained.seq(), chained.hash());
        chain.put(HEAD, head.write());
        context()
                .forward(
                        new Record<>(
                                entry.auditId().getBytes(StandardCharsets.UTF_8),
                                new Routed(partition, value),
                                record.timestamp(),
                                headers(told.trace())),
                        AuditTopology.AUDIT_SINK);
    }

    private static Headers headers(Trace trace) {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        headers.add(RecordHeaders.SCHEMA, AuditRecord.CODEC.schema().getBytes(StandardCharsets.UTF_8));
        trace.addTo(headers);
        return headers;
    }
}
