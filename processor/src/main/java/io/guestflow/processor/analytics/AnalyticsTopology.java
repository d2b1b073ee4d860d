package io.guestflow.processor.analytics;

import io.guestflow.contracts.Topics;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.factlog.FactLog;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.timers.FiringTime;
import io.guestflow.processor.wire.Nodes;
import io.guestflow.processor.wire.PolledPartitions;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.IntSupplier;
import org.apache.kafka.streams.Topology;

/**
 * The windows' part of the application {@code guestflow-facts}.
 *
 * <pre>
 * fact-reader ────────────► analytics-partial ──► guest-metrics-partials
 *                                stores: analytics-partial-windows analytics-partial-timers
 * guest-metrics-partials ─► analytics-merge ────► guest-metrics
 *                                stores: analytics-merged-windows analytics-merged-timers
 *            both ─► guest-dead-letters
 * </pre>
 *
 * Facts are counted in the partition in which they lie; the parts of a window meet in the partition of the window's key.
 * The two halves share no node, so they are tasks of their own.
 */
public final class AnalyticsTopology {
    /** The processor of facts, a derivation of {@link FactLog}'s. */
    public static final String PARTIAL = "analytics-partial";

    static final String PARTIALS_SINK = "guest-metrics-partials-sink";
    static final String PARTIAL_DEAD_LETTERS_SINK = "analytics-partial-dead-letters-sink";
    static final String PARTIALS_SOURCE = "guest-metrics-partials-source";
    static final String MERGE = "analytics-merge";
    static final String METRICS_SINK = "guest-metrics-sink";
    static final String MERGE_DEAD_LETTERS_SINK = "analytics-merge-dead-letters-sink";

    private AnalyticsTopology() {}

    /**
     * Adds the windows to a topology that has the {@link FactLog}.
     *
     * @param partitions how many partitions each of the co-partitioned topics has
     * @param polled asks the consumer of the stream thread how far it is with {@code guest-facts}
     * @param firingTime what timers may take; one for the application
     */
    public static void addTo(
            Topology topology,
            AnalyticsRules rules,
            GuestRefs refs,
            IntSupplier partitions,
            PolledPartitions polled,
            FiringTime firingTime,
            MeterRegistry registry) {
        AnalyticsMeters meters = new AnalyticsMeters(registry);
        DeadLetters deadLetters = new DeadLetters(refs);
        UnreadableRecords ofFacts = new UnreadableRecords(deadLetters, registry, PARTIAL_DEAD_LETTERS_SINK);
        UnreadableRecords ofPartials = new UnreadableRecords(deadLetters, registry, MERGE_DEAD_LETTERS_SINK);

        topology.addProcessor(
                PARTIAL,
                FactLog.derivation(() -> new PartialProcessor(rules, partitions, polled, firingTime, meters, ofFacts)),
                FactLog.READER);
        topology.addStateStore(Nodes.largeDerivedStore(PartialProcessor.WINDOWS), PARTIAL);
        topology.addStateStore(Nodes.derivedStore(PartialProcessor.TIMERS), PARTIAL);
        Nodes.sink(topology, PARTIALS_SINK, Topics.GUEST_METRICS_PARTIALS.name(), PARTIAL);
        Nodes.sink(topology, PARTIAL_DEAD_LETTERS_SINK, Topics.GUEST_DEAD_LETTERS.name(), PARTIAL);

        Nodes.source(topology, PARTIALS_SOURCE, Topics.GUEST_METRICS_PARTIALS.name());
        topology.addProcessor(
                MERGE, () -> new MergeProcessor(rules, partitions, firingTime, meters, ofPartials), PARTIALS_SOURCE);
        topology.addStateStore(Nodes.largeDerivedStore(MergeProcessor.WINDOWS), MERGE);
        topology.addStateStore(Nodes.derivedStore(MergeProcessor.TIMERS), MERGE);
        Nodes.sink(topology, METRICS_SINK, Topics.GUEST_METRICS.name(), MERGE);
        Nodes.sink(topology, MERGE_DEAD_LETTERS_SINK, Topics.GUEST_DEAD_LETTERS.name(), MERGE);
    }
}
