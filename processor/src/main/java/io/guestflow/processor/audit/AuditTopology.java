package io.guestflow.processor.audit;

import io.guestflow.contracts.Topics;
import io.guestflow.processor.factlog.FactLog;
import io.guestflow.processor.wire.Nodes;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.streams.Topology;

/**
 * The audit's part of the application {@code guestflow-facts}.
 *
 * <pre>
 * fact-reader ──► audit ──► guest-audit
 *                           store: audit-chain
 * </pre>
 *
 * It must run exactly once: a number that is given twice, or lost, breaks the chain for good.
 */
public final class AuditTopology {
    /** The processor, a derivation of {@link FactLog}'s. */
    public static final String AUDIT = "audit";

    /** Where Kafka Streams keeps the ends of the chains, each as a {@link ChainHead} in the partition of its chain. */
    public static final String CHAINS_CHANGELOG = FactLog.APPLICATION + "-" + AuditProcessor.CHAIN + "-changelog";

    static final String AUDIT_SINK = "guest-audit-sink";

    private AuditTopology() {}

    /**
     * Adds the audit to a topology that has the {@link FactLog}.
     *
     * @param salts make the hashes of contents such that nobody can guess the contents by them
     * @param chains where the chains ended when the process started, by partition; asked by each task
     */
    public static void addTo(
            Topology topology,
            Supplier<String> salts,
            Supplier<Map<Integer, ChainEnd>> chains,
            MeterRegistry registry) {
        AuditMeters meters = new AuditMeters(registry);
        ChainEnds ends = new ChainEnds(chains);
        topology.addProcessor(AUDIT, FactLog.derivation(() -> new AuditProcessor(salts, ends, meters)), FactLog.READER);
        topology.addStateStore(Nodes.cachedDerivedStore(AuditProcessor.CHAIN), AUDIT);
        Nodes.sink(topology, AUDIT_SINK, Topics.GUEST_AUDIT.name(), AUDIT);
    }
}
