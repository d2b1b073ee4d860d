package io.guestflow.processor.wire;

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

/** How sources, sinks and stores are set up in every application: values are bytes, and sinks take their partition as told. */
public final class Nodes {
    /** Small, quickly compacted changelogs: they are what a takeover has to read. */
    private static final Map<String, String> CHANGELOG = Map.of(
            "min.cleanable.dirty.ratio", "0.1",
            "segment.ms", "1200000",
            "delete.retention.ms", "7200000",
            "segment.bytes", "67108864",
            "max.compaction.lag.ms", "3600000");

    /** A record without a timestamp does not stop the stream, as Kafka Streams' own extractor would have it. */
    private static final TimestampExtractor RECORD_TIME = (record, partitionTime) -> Math.max(0, record.timestamp());

    private Nodes() {}

    /** Adds a source of bytes. */
    public static void source(Topology topology, String name, String topic) {
        topology.addSource(
                AutoOffsetReset.earliest(),
                name,
                RECORD_TIME,
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                topic);
    }

    /** Adds a sink of {@link Routed}. */
    public static void sink(Topology topology, String name, String topic, String... parents) {
        topology.addSink(name, topic, new ByteArraySerializer(), Routed.serializer(), Routed.partitioner(), parents);
    }

    /** A store on disk, kept in a changelog. */
    public static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(CHANGELOG);
    }
}
