package io.guestflow.processor.analytics;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.analytics.MetricsPartial;
import io.guestflow.processor.wire.Partitions;
import io.guestflow.processor.wire.Routed;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.IntSupplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Those who merge windows: what a task that counts has to say to them.
 *
 * <p>Threading: for the stream thread of the task.
 */
final class Mergers {
    private static final byte[] SCHEMA = MetricsPartial.CODEC.schema().getBytes(StandardCharsets.UTF_8);

    private final ProcessorContext<byte[], Routed> context;
    private final IntSupplier partitions;

    Mergers(ProcessorContext<byte[], Routed> context, IntSupplier partitions) {
        this.context = context;
        this.partitions = partitions;
    }

    /** To the one who merges this row. */
    void part(Row row, Aggregate whole, long countedTo) {
        byte[] key = row.recordKey();
        tell(
                key,
                Partitions.of(key, partitions.getAsInt()),
                whole.toPart(row, context.taskId().partition(), countedTo));
    }

    /** To all: a few times a minute. */
    void closed(long untilMs) {
        int partition = context.taskId().partition();
        byte[] key = ("closed/" + partition).getBytes(StandardCharsets.UTF_8);
        MetricsPartial closed = new MetricsPartial.Closed(partition, Instant.ofEpochMilli(untilMs));
        for (int to = 0; to < partitions.getAsInt(); to++) {
            tell(key, to, closed);
        }
    }

    private void tell(byte[] key, int partition, MetricsPartial value) {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        headers.add(RecordHeaders.SCHEMA, SCHEMA);
        context.forward(
                new Record<>(
                        key,
                        new Routed(partition, MetricsPartial.CODEC.write(value)),
                        context.currentSystemTimeMs(),
                        headers),
                AnalyticsTopology.PARTIALS_SINK);
    }
}
