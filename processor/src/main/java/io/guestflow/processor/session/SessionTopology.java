package io.guestflow.processor.session;

import io.guestflow.contracts.Topics;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.timers.FiringTime;
import io.guestflow.processor.wire.Nodes;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.streams.Topology;

/**
 * The sessions' part of the application {@code guestflow-sessions}.
 *
 * <pre>
 * session-events ────────► session-event-reader ────► session ──► guest-sessions
 *                                   │                  ▲  ├─────► cxone-session-commands
 *                                   ▼                  │  └─────► guest-facts
 *                           guest-dead-letters         │          stores: session-live session-held session-timers
 *                                   ▲                  │
 * cxone-session-outcomes ► session-outcome-reader ─────┘
 * </pre>
 *
 * The task of one partition hears from intake how far webhooks are read, and tells the others over {@code session-events}.
 * Values are read in the processors, not by serdes: what cannot be read becomes a redacted dead letter there.
 */
public final class SessionTopology {
    static final String EVENTS_SOURCE = "session-events-source";
    static final String OUTCOMES_SOURCE = "cxone-session-outcomes-source";
    static final String EVENT_READER = "session-event-reader";
    static final String OUTCOME_READER = "session-outcome-reader";
    static final String SESSION = "session";
    static final String SESSIONS_SINK = "guest-sessions-sink";
    static final String COMMANDS_SINK = "cxone-session-commands-sink";
    static final String FACTS_SINK = "session-facts-sink";
    static final String MARKS_SINK = "session-marks-sink";
    static final String DEAD_LETTERS_SINK = "session-dead-letters-sink";

    private SessionTopology() {}

    /** Adds the sessions to an application's topology. */
    public static void addTo(
            Topology topology, SessionRules rules, GuestRefs refs, FiringTime firingTime, MeterRegistry registry) {
        SessionMeters meters = new SessionMeters(registry);
        SessionDecisions decisions = new SessionDecisions(rules, refs);
        UnreadableRecords unreadable = new UnreadableRecords(new DeadLetters(refs), registry, DEAD_LETTERS_SINK);

        Nodes.source(topology, EVENTS_SOURCE, Topics.SESSION_EVENTS.name());
        Nodes.source(topology, OUTCOMES_SOURCE, Topics.CXONE_SESSION_OUTCOMES.name());
        topology.addProcessor(EVENT_READER, () -> new EventReader(unreadable), EVENTS_SOURCE);
        topology.addProcessor(OUTCOME_READER, () -> new OutcomeReader(unreadable), OUTCOMES_SOURCE);
        topology.addProcessor(
                SESSION,
                () -> new SessionProcessor(rules, decisions, firingTime, meters, unreadable),
                EVENT_READER,
                OUTCOME_READER);
        topology.addStateStore(Nodes.store(ConversationStore.LIVE), SESSION);
        topology.addStateStore(Nodes.store(ConversationStore.HELD), SESSION);
        topology.addStateStore(Nodes.store(SessionProcessor.TIMERS), SESSION);
        Nodes.sink(topology, MARKS_SINK, Topics.SESSION_EVENTS.name(), SESSION);
        Nodes.sink(topology, SESSIONS_SINK, Topics.GUEST_SESSIONS.name(), SESSION);
        Nodes.sink(topology, COMMANDS_SINK, Topics.CXONE_SESSION_COMMANDS.name(), SESSION);
        Nodes.sink(topology, FACTS_SINK, Topics.GUEST_FACTS.name(), SESSION);
        Nodes.sink(
                topology, DEAD_LETTERS_SINK, Topics.GUEST_DEAD_LETTERS.name(), EVENT_READER, OUTCOME_READER, SESSION);
    }
}
