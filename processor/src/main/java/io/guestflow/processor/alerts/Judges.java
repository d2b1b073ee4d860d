package io.guestflow.processor.alerts;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.alerts.AlertCounts;
import io.guestflow.processor.wire.Partitions;
import io.guestflow.processor.wire.Routed;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.IntSupplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Those who judge scopes: what a task that counts has to say to them.
 *
 * <p>Threading: for the stream thread of the task.
 */
final class Judges {
    private final ProcessorContext<byte[], Routed> context;
    private final IntSupplier partitions;
    private final long slotLengthMs;

    Judges(ProcessorContext<byte[], Routed> context, IntSupplier partitions, AlertRules rules) {
        this.context = context;
        this.partitions = partitions;
        this.slotLengthMs = rules.slotMs();
    }

    /** To the one who judges that scope. */
    void counts(long slotMs, String scope, Counts counts) {
        byte[] key = scope.getBytes(StandardCharsets.UTF_8);
        tell(
                key,
                Partitions.of(key, partitions.getAsInt()),
                counts.told(scope, slotMs, slotLengthMs, context.taskId().partition()));
    }

    /** To all, once a slot: what was recorded until then is read, and what it comes to was sent before. */
    void read(long untilMs) {
        int partition = context.taskId().partition();
        byte[] key = ("read/" + partition).getBytes(StandardCharsets.UTF_8);
        AlertCounts read = new AlertCounts.Read(partition, Instant.ofEpochMilli(untilMs));
        for (int to = 0; to < partitions.getAsInt(); to++) {
            tell(key, to, read);
        }
    }

    private void tell(byte[] key, int partition, AlertCounts value) {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        headers.add(RecordHeaders.SCHEMA, AlertCounts.CODEC.schema().getBytes(StandardCharsets.UTF_8));
        context.forward(
                new Record<>(
                        key,
                        new Routed(partition, AlertCounts.CODEC.write(value)),
                        context.currentSystemTimeMs(),
                        headers),
                AlertTopology.COUNTS_SINK);
    }
}
