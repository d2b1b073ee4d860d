package io.guestflow.processor.measure;

import io.guestflow.contracts.Topics;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.factlog.FactLog;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.timers.FiringTime;
import io.guestflow.processor.wire.Nodes;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.streams.Topology;

/**
 * CXone's own figures, in the application {@code guestflow-facts}.
 *
 * <pre>
 * fact-reader ─────────────────────────► measure ──► cxone-query-commands
 *                                         ▲   ├────► guest-conversation-metrics
 * cxone-query-outcomes ► outcome-reader ──┘   └────► guest-facts
 *                              └► guest-dead-letters       stores: measure-batches measure-timers
 * </pre>
 *
 * What it tells on {@code guest-facts} comes back to it, and means nothing to it.
 */
public final class MeasureTopology {
    /** The processor that hears of facts: a derivation of {@link FactLog}. */
    public static final String MEASURE = "measure";

    static final String OUTCOMES_SOURCE = "cxone-query-outcomes-source";
    static final String OUTCOME_READER = "query-outcome-reader";
    static final String COMMANDS_SINK = "cxone-query-commands-sink";
    static final String METRICS_SINK = "guest-conversation-metrics-sink";
    static final String FACTS_SINK = "measure-facts-sink";
    static final String DEAD_LETTERS_SINK = "measure-dead-letters-sink";

    private MeasureTopology() {}

    /** Adds it to the topology that {@link FactLog} begins. */
    public static void addTo(
            Topology topology, MeasureRules rules, GuestRefs refs, FiringTime firingTime, MeterRegistry registry) {
        MeasureMeters meters = new MeasureMeters(registry);
        UnreadableRecords unreadable = new UnreadableRecords(new DeadLetters(refs), registry, DEAD_LETTERS_SINK);

        Nodes.source(topology, OUTCOMES_SOURCE, Topics.CXONE_QUERY_OUTCOMES.name());
        topology.addProcessor(OUTCOME_READER, () -> new OutcomeReader(unreadable), OUTCOMES_SOURCE);
        topology.addProcessor(
                MEASURE,
                FactLog.derivation(() -> new MeasureProcessor(rules, firingTime, meters, unreadable)),
                FactLog.READER,
                OUTCOME_READER);
        // Not cached: a store makes room only among its own entries, and conversations that wait would leave none to
        // the rows of windows, which change with each fact.
        topology.addStateStore(Nodes.derivedStore(BatchStore.NAME), MEASURE);
        topology.addStateStore(Nodes.derivedStore(MeasureProcessor.TIMERS), MEASURE);
        Nodes.sink(topology, COMMANDS_SINK, Topics.CXONE_QUERY_COMMANDS.name(), MEASURE);
        Nodes.sink(topology, METRICS_SINK, Topics.GUEST_CONVERSATION_METRICS.name(), MEASURE);
        Nodes.sink(topology, FACTS_SINK, Topics.GUEST_FACTS.name(), MEASURE);
        Nodes.sink(topology, DEAD_LETTERS_SINK, Topics.GUEST_DEAD_LETTERS.name(), OUTCOME_READER, MEASURE);
    }
}
