package io.guestflow.processor;

import io.guestflow.processor.alerts.AlertRules;
import io.guestflow.processor.alerts.AlertTopology;
import io.guestflow.processor.analytics.AnalyticsRules;
import io.guestflow.processor.analytics.AnalyticsTopology;
import io.guestflow.processor.audit.AuditTopology;
import io.guestflow.processor.audit.ChainEnd;
import io.guestflow.processor.factlog.FactLog;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.measure.MeasureRules;
import io.guestflow.processor.measure.MeasureTopology;
import io.guestflow.processor.timers.FiringTime;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.apache.kafka.streams.Topology;

/** All that is derived from facts, as one topology: the first sub-topology reads them, and each fact once. */
final class FactsTopology {
    private FactsTopology() {}

    /** What is derived, and how. */
    record Rules(AnalyticsRules analytics, AlertRules alerts, MeasureRules measure) {}

    /**
     * Adds it to a topology with nothing in it.
     *
     * @param salts for the contents of audit records
     * @param chains where the audit's chains ended when the process started
     * @param partitions how many partitions each of the co-partitioned topics has
     * @param around the reader of facts; it asks the consumers of the application that the topology is for
     * @param firingTime for the timers of all derivations together
     */
    static void addTo(
            Topology topology,
            Supplier<String> salts,
            Supplier<Map<Integer, ChainEnd>> chains,
            Rules rules,
            GuestRefs refs,
            IntSupplier partitions,
            FactLog.Surroundings around,
            FiringTime firingTime,
            MeterRegistry registry) {
        FactLog.addTo(
                topology,
                refs,
                around,
                registry,
                AuditTopology.AUDIT,
                AnalyticsTopology.PARTIAL,
                AlertTopology.COUNTING,
                MeasureTopology.MEASURE);
        AuditTopology.addTo(topology, salts, chains, registry);
        AnalyticsTopology.addTo(topology, rules.analytics(), refs, partitions, around.polled(), firingTime, registry);
        AlertTopology.addTo(topology, rules.alerts(), refs, partitions, around.polled(), registry);
        MeasureTopology.addTo(topology, rules.measure(), refs, firingTime, registry);
    }
}
