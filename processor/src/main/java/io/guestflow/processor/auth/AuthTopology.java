package io.guestflow.processor.auth;

import io.guestflow.contracts.Topics;
import io.guestflow.processor.context.ContextPolicy;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.wire.CommitPacer;
import io.guestflow.processor.wire.Routed;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.function.IntSupplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The application {@code guestflow-auth}.
 *
 * <pre>
 * guest-auth-requests ─────────► request-reader ──► guest-auth ──► guest-auth-results
 * guest-auth-requests-rekeyed ─┘       │    └──► …-rekeyed   ├───► cxone-auth-commands
 *                                      ▼                     └───► guest-facts
 *                              guest-dead-letters                  stores: auth-pending auth-ended auth-timers
 *                                      ▲
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
    static final String REKEYED_SINK = "guest-auth-requests-rekeyed-sink";
    static final String DEAD_LETTERS_SINK = "guest-dead-letters-sink";

    /** Small, quickly compacted changelogs: they are what a takeover has to read. */
    private static final Map<String, String> CHANGELOG = Map.of(
            "min.cleanable.dirty.ratio", "0.1",
            "segment.ms", "1200000",
            "delete.retention.ms", "7200000",
            "segment.bytes", "67108864",
            "max.compaction.lag.ms", "3600000");

    /** A record without a timestamp does not stop the stream, as Kafka Streams' own extractor would have it. */
    private static final TimestampExtractor RECORD_TIME = (record, partitionTime) -> Math.max(0, record.timestamp());

    private AuthTopology() {}

    /**
     * The topology.
     *
     * @param partitions how many partitions each of the co-partitioned topics has
     * @param commits the one that is told of polls
     */
    public static Topology build(
            AuthRules rules,
            ContextPolicy contextPolicy,
            GuestRefs refs,
            IntSupplier partitions,
            CommitPacer commits,
            MeterRegistry registry) {
        AuthMeters meters = new AuthMeters(registry);
        AuthDecisions decisions = new AuthDecisions(rules, contextPolicy, refs);
        Unreadable unreadable = new Unreadable(new DeadLetters(refs), meters);

        Topology topology = new Topology();
        source(topology, REQUESTS_SOURCE, Topics.GUEST_AUTH_REQUESTS.name());
        source(topology, REKEYED_SOURCE, Topics.GUEST_AUTH_REQUESTS_REKEYED.name());
        source(topology, OUTCOMES_SOURCE, Topics.CXONE_AUTH_OUTCOMES.name());
        topology.addProcessor(
                REQUEST_READER,
                () -> new RequestReader(partitions, unreadable, commits, meters),
                REQUESTS_SOURCE,
                REKEYED_SOURCE);
        topology.addProcessor(OUTCOME_READER, () -> new OutcomeReader(unreadable, commits), OUTCOMES_SOURCE);
        topology.addProcessor(
                GUEST_AUTH,
                () -> new GuestAuthProcessor(decisions, meters, commits, unreadable),
                REQUEST_READER,
                OUTCOME_READER);
        topology.addStateStore(store(RequestStore.PENDING), GUEST_AUTH);
        topology.addStateStore(store(RequestStore.ENDED), GUEST_AUTH);
        topology.addStateStore(store(GuestAuthProcessor.TIMERS), GUEST_AUTH);
        sink(topology, RESULTS_SINK, Topics.GUEST_AUTH_RESULTS.name(), GUEST_AUTH);
        sink(topology, COMMANDS_SINK, Topics.CXONE_AUTH_COMMANDS.name(), GUEST_AUTH);
        sink(topology, FACTS_SINK, Topics.GUEST_FACTS.name(), GUEST_AUTH);
        sink(topology, REKEYED_SINK, Topics.GUEST_AUTH_REQUESTS_REKEYED.name(), REQUEST_READER);
        sink(topology, DEAD_LETTERS_SINK, Topics.GUEST_DEAD_LETTERS.name(), REQUEST_READER, OUTCOME_READER, GUEST_AUTH);
        return topology;
    }

    private static void source(Topology topology, String name, String topic) {
        topology.addSource(
                AutoOffsetReset.earliest(),
                name,
                RECORD_TIME,
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                topic);
    }

    private static void sink(Topology topology, String name, String topic, String... parents) {
        topology.addSink(name, topic, new ByteArraySerializer(), Routed.serializer(), Routed.partitioner(), parents);
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(CHANGELOG);
    }
}
