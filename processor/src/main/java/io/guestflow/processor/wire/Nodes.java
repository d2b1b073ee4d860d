package io.guestflow.processor.wire;

import java.time.Duration;
import java.util.Map;
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

/** Where topologies begin, end and remember: bytes come in and go out, and are read and written in the processors. */
public final class Nodes {
    /** How long the changelogs tell of a deletion, at the least; state that has been away for longer must not be built upon. */
    public static final Duration TOMBSTONES_KEPT = Duration.ofHours(2);

    /** The same for what is derived: its state is large, so it may be away for longer before it is restored whole. */
    public static final Duration DERIVED_TOMBSTONES_KEPT = Duration.ofDays(2);

    /** Small, quickly compacted changelogs: they are what a takeover has to read. */
    private static final Map<String, String> CHANGELOG = quickly(TOMBSTONES_KEPT);

    private static final Map<String, String> DERIVED_CHANGELOG = quickly(DERIVED_TOMBSTONES_KEPT);

    /**
     * For stores of gigabytes: a cleaner that rewrote them all the time would keep the broker busy, and what is deleted is
     * days old.
     */
    private static final Map<String, String> LARGE_DERIVED_CHANGELOG = Map.of(
            "min.cleanable.dirty.ratio", "0.5",
            "segment.ms", "21600000",
            "delete.retention.ms", Long.toString(DERIVED_TOMBSTONES_KEPT.toMillis()),
            "segment.bytes", "268435456",
            "max.compaction.lag.ms", "86400000");

    /** A record without a timestamp does not stop the stream, as Kafka Streams' own extractor would have it. */
    private static final TimestampExtractor RECORD_TIME = (record, partitionTime) -> Math.max(0, record.timestamp());

    private Nodes() {}

    /** Adds a source that reads a topic from its beginning. */
    public static void source(Topology topology, String name, String topic) {
        topology.addSource(
                AutoOffsetReset.earliest(),
                name,
                RECORD_TIME,
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                topic);
    }

    /** Adds a sink that takes {@link Routed} values. */
    public static void sink(Topology topology, String name, String topic, String... parents) {
        topology.addSink(name, topic, new ByteArraySerializer(), Routed.serializer(), Routed.partitioner(), parents);
    }

    /** A store on disk, kept in a changelog. */
    public static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(String name) {
        return onDisk(name).withLoggingEnabled(CHANGELOG).withCachingDisabled();
    }

    /** The same for an application whose state may be away for {@link #DERIVED_TOMBSTONES_KEPT}. */
    public static StoreBuilder<KeyValueStore<Bytes, byte[]>> derivedStore(String name) {
        return onDisk(name).withLoggingEnabled(DERIVED_CHANGELOG).withCachingDisabled();
    }

    /**
     * The same for entries of which some change with nearly every record: between two commits they change in the
     * application's cache, and are written once.
     */
    public static StoreBuilder<KeyValueStore<Bytes, byte[]>> cachedDerivedStore(String name) {
        return onDisk(name).withLoggingEnabled(DERIVED_CHANGELOG).withCachingEnabled();
    }

    /** The same for a store that holds days of what happens. */
    public static StoreBuilder<KeyValueStore<Bytes, byte[]>> largeDerivedStore(String name) {
        return onDisk(name).withLoggingEnabled(LARGE_DERIVED_CHANGELOG).withCachingEnabled();
    }

    private static Map<String, String> quickly(Duration tombstonesKept) {
        return Map.of(
                "min.cleanable.dirty.ratio", "0.1",
                "segment.ms", "1200000",
                "delete.retention.ms", Long.toString(tombstonesKept.toMillis()),
                "segment.bytes", "67108864",
                "max.compaction.lag.ms", "3600000");
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> onDisk(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray());
    }
}
