package io.guestflow.processor.wire;

import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TimestampExtractor;

/** Where topologies begin and end: bytes come in and go out, and are read and written in the processors. */
public final class Nodes {
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
}
