package io.guestflow.processor.alerts;

import io.guestflow.contracts.Topics;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.factlog.FactLog;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.wire.Nodes;
import io.guestflow.processor.wire.PolledPartitions;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.IntSupplier;
import org.apache.kafka.streams.Topology;

/**
 * The alerts' part of the application {@code guestflow-facts}.
 *
 * <pre>
 * fact-reader ────────► alert-counting ──► guest-alert-counts
 *                           store: alert-counts
 * guest-alert-counts ─► alert-judging ───► guest-alerts
 *                           store: alert-scopes
 *                                     └──► guest-dead-letters
 * </pre>
 *
 * Facts are counted in the partition in which they lie, and a scope is judged in the partition of its name; how far facts
 * are read goes to all who judge. The two halves share no node, so they are tasks of their own.
 */
public final class AlertTopology {
    /** The processor that counts, a derivation of {@link FactLog}'s. */
    public static final String COUNTING = "alert-counting";

    static final String COUNTS_SINK = "guest-alert-counts-sink";
    static final String COUNTS_SOURCE = "guest-alert-counts-source";
    static final String JUDGING = "alert-judging";
    static final String ALERTS_SINK = "guest-alerts-sink";
    static final String DEAD_LETTERS_SINK = "alert-dead-letters-sink";

    private AlertTopology() {}

    /**
     * Adds alerts to a topology that has the {@link FactLog}.
     *
     * @param partitions how many partitions each of the co-partitioned topics has
     * @param polled asks the consumer of the stream thread how far it is with {@code guest-facts}
     */
    public static void addTo(
            Topology topology,
            AlertRules rules,
            GuestRefs refs,
            IntSupplier partitions,
            PolledPartitions polled,
            MeterRegistry registry) {
        AlertMeters meters = new AlertMeters(registry);
        UnreadableRecords unreadable = new UnreadableRecords(new DeadLetters(refs), registry, DEAD_LETTERS_SINK);

        topology.addProcessor(
                COUNTING,
                FactLog.derivation(() -> new CountingProcessor(rules, partitions, polled, meters)),
                FactLog.READER);
        topology.addStateStore(Nodes.cachedDerivedStore(CountingProcessor.STORE), COUNTING);
        Nodes.sink(topology, COUNTS_SINK, Topics.GUEST_ALERT_COUNTS.name(), COUNTING);

        Nodes.source(topology, COUNTS_SOURCE, Topics.GUEST_ALERT_COUNTS.name());
        topology.addProcessor(
                JUDGING, () -> new JudgingProcessor(rules, partitions, meters, unreadable), COUNTS_SOURCE);
        topology.addStateStore(Nodes.cachedDerivedStore(JudgingProcessor.STORE), JUDGING);
        Nodes.sink(topology, ALERTS_SINK, Topics.GUEST_ALERTS.name(), JUDGING);
        Nodes.sink(topology, DEAD_LETTERS_SINK, Topics.GUEST_DEAD_LETTERS.name(), JUDGING);
    }
}
