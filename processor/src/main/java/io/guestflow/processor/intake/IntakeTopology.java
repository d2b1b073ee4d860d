package io.guestflow.processor.intake;

import io.guestflow.contracts.Topics;
import io.guestflow.processor.context.ContextPolicy;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.wire.CommitPacer;
import io.guestflow.processor.wire.Nodes;
import io.guestflow.processor.wire.PolledPartitions;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.IntSupplier;
import org.apache.kafka.streams.Topology;

/**
 * The part of the application {@code guestflow-sessions} that takes in what others write.
 *
 * <pre>
 * cxone-events ──────────────► webhook-reader ────────┐
 * guest-context-updates ─────► context-update-reader ─┼──► session-events
 * guest-session-revocations ─► revocation-reader ─────┘
 *                                       └──► guest-dead-letters
 * </pre>
 *
 * Has no state. Its nodes are connected by their sinks, so one task reads the same partition of all three topics.
 */
public final class IntakeTopology {
    static final String WEBHOOKS_SOURCE = "cxone-events-source";
    static final String CONTEXT_UPDATES_SOURCE = "guest-context-updates-source";
    static final String REVOCATIONS_SOURCE = "guest-session-revocations-source";
    static final String WEBHOOK_READER = "webhook-reader";
    static final String CONTEXT_UPDATE_READER = "context-update-reader";
    static final String REVOCATION_READER = "revocation-reader";
    static final String EVENTS_SINK = "session-events-sink";
    /** Not named after its topic alone: what reads session events in the same topology has a sink of its own. */
    static final String DEAD_LETTERS_SINK = "intake-dead-letters-sink";

    private IntakeTopology() {}

    /**
     * Adds it to a topology.
     *
     * @param partitions how many partitions each of the co-partitioned topics has
     * @param polled asks the consumer of the stream thread how far it is with {@code cxone-events}
     * @param commits the one that is told of polls
     */
    public static void addTo(
            Topology topology,
            IntakeRules rules,
            ContextPolicy contextPolicy,
            GuestRefs refs,
            IntSupplier partitions,
            PolledPartitions polled,
            CommitPacer commits,
            MeterRegistry registry) {
        IntakeMeters meters = new IntakeMeters(registry);
        WebhookReader reader = new WebhookReader(rules, refs);
        SessionEvents events = new SessionEvents(partitions);
        UnreadableRecords unreadable = new UnreadableRecords(new DeadLetters(refs), registry, DEAD_LETTERS_SINK);

        Nodes.source(topology, WEBHOOKS_SOURCE, Topics.CXONE_EVENTS.name());
        Nodes.source(topology, CONTEXT_UPDATES_SOURCE, Topics.GUEST_CONTEXT_UPDATES.name());
        Nodes.source(topology, REVOCATIONS_SOURCE, Topics.GUEST_SESSION_REVOCATIONS.name());
        topology.addProcessor(
                WEBHOOK_READER,
                () -> new WebhookProcessor(reader, events, unreadable, polled, commits, meters),
                WEBHOOKS_SOURCE);
        topology.addProcessor(
                CONTEXT_UPDATE_READER,
                () -> new ContextUpdateProcessor(rules, contextPolicy, events, unreadable, commits, meters),
                CONTEXT_UPDATES_SOURCE);
        topology.addProcessor(
                REVOCATION_READER,
                () -> new RevocationProcessor(events, unreadable, commits, meters),
                REVOCATIONS_SOURCE);
        String[] readers = {WEBHOOK_READER, CONTEXT_UPDATE_READER, REVOCATION_READER};
        Nodes.sink(topology, EVENTS_SINK, Topics.SESSION_EVENTS.name(), readers);
        Nodes.sink(topology, DEAD_LETTERS_SINK, Topics.GUEST_DEAD_LETTERS.name(), readers);
    }
}
