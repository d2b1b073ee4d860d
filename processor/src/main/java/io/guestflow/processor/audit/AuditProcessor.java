package io.guestflow.processor.audit;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.audit.AuditEntry;
import io.guestflow.contracts.audit.AuditRecord;
import io.guestflow.contracts.audit.ChainRule;
import io.guestflow.processor.factlog.ReadFact;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.wire.Routed;
import io.guestflow.processor.wire.Trace;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Numbers and chains the facts of its partition in the order in which they lie there, each once. What comes again is
 * dropped before it is numbered: written under a new number, it would take its own record's place when the topic is
 * compacted, and leave a gap.
 *
 * <p>Threading: one for a task, on its stream thread.
 */
final class AuditProcessor extends ContextualProcessor<byte[], Object, byte[], Routed> {
    static final String CHAIN = "audit-chain";
    /** A store belongs to one partition, which has one chain. */
    private static final Bytes HEAD = Bytes.wrap("head".getBytes(StandardCharsets.UTF_8));

    private final GuestRefs refs;
    private final AuditMeters meters;
    private KeyValueStore<Bytes, byte[]> chain;
    private KnownFacts known;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    AuditProcessor(GuestRefs refs, AuditMeters meters) {
        this.refs = refs;
        this.meters = meters;
    }

    @Override
    public void init(ProcessorContext<byte[], Routed> context) {
        super.init(context);
        chain = context.getStateStore(CHAIN);
        known = new KnownFacts(context.getStateStore(KnownFacts.STORE));
    }

    @Override
    public void process(Record<byte[], Object> record) {
        ReadFact read = (ReadFact) record.value();
        Optional<AuditEntry> entry = AuditEntries.of(read.fact());
        if (entry.isEmpty()) {
            meters.notAudited();
            return;
        }
        ChainHead head = ChainHead.read(chain.get(HEAD));
        // An instance whose clock is behind another's, or was wrong, must not remember under a time that is over.
        long nowMs = Math.max(context().currentSystemTimeMs(), head.rememberedMs());
        if (known.has(read.fact().factId(), nowMs)) {
            meters.known();
            return;
        }
        append(record, read, entry.get(), head, nowMs);
        meters.written(entry.get().event());
    }

    private void append(Record<byte[], Object> record, ReadFact read, AuditEntry entry, ChainHead head, long nowMs) {
        // All that can fail because of the record comes before anything is stored.
        int partition = context().taskId().partition();
        AuditRecord.Entry next =
                ChainRule.next(entry, partition, head.seq() + 1, head.hash(), refs.auditSalt(entry.auditId()));
        byte[] value = AuditRecord.CODEC.write(next);
        ChainHead after = new ChainHead(next.chain().seq(), next.chain().hash(), nowMs);

        known.add(entry.auditId(), nowMs);
        chain.put(HEAD, after.write());
        context()
                .forward(
                        new Record<>(
                                entry.auditId().getBytes(StandardCharsets.UTF_8),
                                new Routed(partition, value),
                                record.timestamp(),
                                headers(read.trace())),
                        AuditTopology.AUDIT_SINK);
    }

    private static Headers headers(Trace trace) {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        headers.add(RecordHeaders.SCHEMA, AuditRecord.CODEC.schema().getBytes(StandardCharsets.UTF_8));
        trace.addTo(headers);
        return headers;
    }
}
