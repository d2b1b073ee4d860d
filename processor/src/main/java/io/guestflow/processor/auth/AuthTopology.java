package io.guestflow.processor.auth;

import io.guestflow.contracts.Topics;
import io.guestflow.processor.context.ContextPolicy;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.timers.FiringTime;
import io.guestflow.processor.wire.CommitPacer;
import io.guestflow.processor.wire.Nodes;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.IntSupplier;
import org.apache.kafka.streams.Topology;

/**
 * The application {@code guestflow-auth}.
 *
 * <pre>
 * guest-auth-requests ─────────► request-reader ──► guest-auth ──► guest-auth-results
 * guest-auth-requests-rekeyed ─┘       │    └──► …-rekeyed   ├───► cxone-auth-commands
 *                                      ▼                     ├───► guest-facts
 *                              guest-dead-letters            └───► session-events
 *                                      ▲                           stores: auth-pending auth-ended auth-timers
 * cxone-auth-outcomes ─────────► outcome-reader ──► guest-auth
 * </pre>
 *
 * Values are read in the processors, not by serdes: what cannot be read becomes a redacted dead letter there.
 */
public final class AuthTopology {
    static final String REQUESTS_SOURCE = "guest-auth-requests-source";
    static final String REKEYED_SOURCE = "guest-auth-requests-rekeyed-source";
    static final String OUTCOMES_SOURCE = "cxone-auth-outcomes-source";
    static final String REQUEST_READER = "request-reader";
    static final String OUTCOME_READER = "outcome-reader";
    static final String GUEST_AUTH = "guest-auth";
    static final String RESULTS_SINK = "guest-auth-results-sink";
    static final String COMMANDS_SINK = "cxone-auth-commands-sink";
    static final String FACTS_SINK = "guest-facts-sink";
    static final String SESSION_EVENTS_SINK = "session-events-sink";
    static final String REKEYED_SINK = "guest-auth-requests-rekeyed-sink";
    static final String DEAD_LETTERS_SINK = "guest-dead-letters-sink";

    private AuthTopology() {}

    /**
     * The topology.
     *
     * @param partitions how many partitions each of the co-partitioned topics has
     * @param commits the one that is told of polls
     * @param firingTime for timers: guests wait meanwhile
     */
    public static Topology build(
            AuthRules rules,
            ContextPolicy contextPolicy,
            GuestRefs refs,
            IntSupplier partitions,
            CommitPacer commits,
            FiringTime firingTime,
            MeterRegistry registry) {
        Topology topology = new Topology();
        addTo(topology, rules, contextPolicy, refs, partitions, commits, firingTime, registry);
        return topology;
    }

    /** Adds it to a topology. */
    public static void addTo(
            Topology topology,
            AuthRules rules,
            ContextPolicy contextPolicy,
            GuestRefs refs,
            IntSupplier partitions,
            CommitPacer commits,
            FiringTime firingTime,
            MeterRegistry registry) {
        AuthMeters meters = new AuthMeters(registry);
        AuthDecisions decisions = new AuthDecisions(rules, contextPolicy, refs);
        UnreadableRecords unreadable = new UnreadableRecords(new DeadLetters(refs), registry, DEAD_LETTERS_SINK);

        Nodes.source(topology, REQUESTS_SOURCE, Topics.GUEST_AUTH_REQUESTS.name());
        Nodes.source(topology, REKEYED_SOURCE, Topics.GUEST_AUTH_REQUESTS_REKEYED.name());
        Nodes.source(topology, OUTCOMES_SOURCE, Topics.CXONE_AUTH_OUTCOMES.name());
        topology.addProcessor(
                REQUEST_READER,
                () -> new RequestReader(partitions, unreadable, commits, meters),
                REQUESTS_SOURCE,
                REKEYED_SOURCE);
        topology.addProcessor(OUTCOME_READER, () -> new OutcomeReader(unreadable, commits), OUTCOMES_SOURCE);
        topology.addProcessor(
                GUEST_AUTH,
                () -> new GuestAuthProcessor(
                        decisions, new SessionOpenings(refs), partitions, firingTime, meters, commits, unreadable),
                REQUEST_READER,
                OUTCOME_READER);
        topology.addStateStore(Nodes.store(RequestStore.PENDING), GUEST_AUTH);
        topology.addStateStore(Nodes.store(RequestStore.ENDED), GUEST_AUTH);
        topology.addStateStore(Nodes.store(GuestAuthProcessor.TIMERS), GUEST_AUTH);
        Nodes.sink(topology, RESULTS_SINK, Topics.GUEST_AUTH_RESULTS.name(), GUEST_AUTH);
        Nodes.sink(topology, COMMANDS_SINK, Topics.CXONE_AUTH_COMMANDS.name(), GUEST_AUTH);
        Nodes.sink(topology, FACTS_SINK, Topics.GUEST_FACTS.name(), GUEST_AUTH);
        Nodes.sink(topology, SESSION_EVENTS_SINK, Topics.SESSION_EVENTS.name(), GUEST_AUTH);
        Nodes.sink(topology, REKEYED_SINK, Topics.GUEST_AUTH_REQUESTS_REKEYED.name(), REQUEST_READER);
        Nodes.sink(
                topology,
                DEAD_LETTERS_SINK,
                Topics.GUEST_DEAD_LETTERS.name(),
                REQUEST_READER,
                OUTCOME_READER,
                GUEST_AUTH);
    }
}
