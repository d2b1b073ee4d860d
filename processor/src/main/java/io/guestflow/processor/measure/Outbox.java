package io.guestflow.processor.measure;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.processor.wire.Routed;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * What a task says. A letter is written first and sent later: what cannot be written is known before anything is changed.
 *
 * <p>Threading: for the stream thread of the task.
 */
final class Outbox {
    private final ProcessorContext<byte[], Object> context;

    Outbox(ProcessorContext<byte[], Object> context) {
        this.context = context;
    }

    /** A record on its way to a sink. */
    record Letter(Record<byte[], Object> record, String sink) {}

    <T> Letter letter(String key, JsonCodec<T> codec, T value, String sink) {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        headers.add(RecordHeaders.SCHEMA, codec.schema().getBytes(StandardCharsets.UTF_8));
        return new Letter(
                new Record<>(
                        key.getBytes(StandardCharsets.UTF_8),
                        new Routed(context.taskId().partition(), codec.write(value)),
                        context.currentSystemTimeMs(),
                        headers),
                sink);
    }

    void send(Letter letter) {
        context.forward(letter.record(), letter.sink());
    }
}
