package io.guestflow.processor.audit;

import io.guestflow.contracts.Topics;
import io.guestflow.processor.factlog.FactLog;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.wire.Nodes;
import io.micrometer.core.instrument.MeterRegistry;
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

    static final String AUDIT_SINK = "guest-audit-sink";

    private AuditTopology() {}

    /**
     * Adds the audit to a topology that has the {@link FactLog}.
     *
     * @param refs salt the hashes of contents
     */
    public static void addTo(Topology topology, GuestRefs refs, MeterRegistry registry) {
        AuditMeters meters = new AuditMeters(registry);
        topology.addProcessor(AUDIT, () -> new AuditProcessor(refs, meters), FactLog.READER);
        topology.addStateStore(Nodes.store(AuditProcessor.CHAIN), AUDIT);
        Nodes.sink(topology, AUDIT_SINK, Topics.GUEST_AUDIT.name(), AUDIT);
    }
}
