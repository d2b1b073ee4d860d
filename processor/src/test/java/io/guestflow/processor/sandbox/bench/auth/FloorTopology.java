package io.guestflow.processor.sandbox.bench.auth;

import io.guestflow.processor.wire.CommitPacer;
import io.guestflow.processor.wire.Routed;
import java.time.Duration;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * What Kafka alone costs an authentication that CXone grants with its context. For each guest it writes what
 * {@code AuthTopology} writes, in the same two transactions, to as many topics, and to the same partition
 * number of all but one of them:
 *
 * <ul>
 *   <li>a request: put into <i>pending</i>, put into <i>timers</i>, one command; a commit is requested
 *   <li>an outcome: delete from <i>pending</i>, put into <i>ended</i>, one result, two facts (succeeded, context
 *       injected), the opening of a session in the partition of its conversation; a commit is requested
 *   <li>when the request's timeout is over: delete from <i>timers</i>, put the later time at which the result is
 *       forgotten, in the punctuation every 200 ms
 * </ul>
 *
 * The configuration is the processor's own ({@code StreamsProperties}), so is the pace of commits
 * ({@code CommitPacer}); its consumers poll as Kafka Streams' do. Each record is as large as the system's latest ones were ({@link RecordSizes}). It leaves
 * out, in the floor's favour: JSON, decisions, reading the stores, scanning timers (a queue in memory knows the next
 * one), the re-keying topic, metrics, dead letters.
 */
final class FloorTopology {
    static final String PENDING = "pending";
    static final String ENDED = "ended";
    static final String TIMERS = "timers";
    static final String COMMANDS_SINK = "commands-sink";
    static final String RESULTS_SINK = "results-sink";
    static final String FACTS_SINK = "facts-sink";
    static final String OPENINGS_SINK = "openings-sink";

    private FloorTopology() {}

    static Topology build(RecordSizes sizes, Duration timeout, Duration rememberFor, CommitPacer commits) {
        var topology = new Topology();
        source(topology, "requests-source", Hop.REQUESTS);
        source(topology, "outcomes-source", Hop.OUTCOMES);
        topology.addProcessor(
                "floor",
                () -> new FloorProcessor(sizes, commits, timeout, rememberFor),
                "requests-source",
                "outcomes-source");
        topology.addStateStore(store(PENDING), "floor");
        topology.addStateStore(store(ENDED), "floor");
        topology.addStateStore(store(TIMERS), "floor");
        sink(topology, COMMANDS_SINK, Hop.COMMANDS);
        sink(topology, RESULTS_SINK, Hop.RESULTS);
        sink(topology, FACTS_SINK, Hop.FACTS);
        sink(topology, OPENINGS_SINK, Hop.OPENINGS);
        return topology;
    }

    private static void source(Topology topology, String name, Hop hop) {
        topology.addSource(
                AutoOffsetReset.earliest(),
                name,
                (record, partitionTime) -> Math.max(0, record.timestamp()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                hop.floor());
    }

    private static void sink(Topology topology, String name, Hop hop) {
        topology.addSink(
                name, hop.floor(), new ByteArraySerializer(), Routed.serializer(), Routed.partitioner(), "floor");
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled();
    }
}
