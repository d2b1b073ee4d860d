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
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Numbers and chains the facts of its partition in the order in which they lie there. Each comes once: under a second
 * number, it would take its own record's place when the topic is compacted, and leave a gap.
 *
 * <p>Threading: one for a task, on its stream thread.
 */
final class AuditProcessor extends ContextualProcessor<byte[], Object, byte[], Routed> {
    static final String CHAIN = "audit-chain";
    /** A store belongs to one partition, which has one chain. */
    private static final Bytes HEAD = Bytes.wrap("head".getBytes(StandardCharsets.UTF_8));

    private final Supplier<String> salts;
    private final Supplier<Map<Integer, Chain>> chains;
    private final AuditMeters meters;
    private KeyValueStore<Bytes, byte[]> chain;
    /** What a transaction loses, the task that begins again reads again. */
    private ChainHead head = ChainHead.NONE;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    AuditProcessor(Supplier<String> salts, Supplier<Map<Integer, Chain>> chains, AuditMeters meters) {
        this.salts = salts;
        this.chains = chains;
        this.meters = meters;
    }

    @Override
    public void init(ProcessorContext<byte[], Routed> context) {
        super.init(context);
        chain = context.getStateStore(CHAIN);
        head = ChainHead.read(chain.get(HEAD));
        Chain end = chains.get().get(context.taskId().partition());
        if (head.seq() == 0 && end != null) {
            head = new ChainHead(end.seq(), end.hash());
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
        AuditRecord.Entry next = ChainRule.next(entry, partition, head.seq() + 1, head.hash(), salts.get());
        byte[] value = AuditRecord.CODEC.write(next);
        if (value.length > JsonCodec.MAX_BYTES) {
            throw new IllegalStateException(
                    "an audit record of " + value.length + " bytes could not be read by anybody");
        }

        head = new ChainHead(next.chain().seq(), next.chain().hash());
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
