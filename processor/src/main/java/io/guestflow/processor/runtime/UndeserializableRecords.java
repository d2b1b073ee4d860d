package io.guestflow.processor.runtime;

import io.guestflow.contracts.failure.DeadLetter;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;

/** A record that Kafka Streams cannot deserialize becomes a redacted dead letter, and the stream goes on. */
public final class UndeserializableRecords implements DeserializationExceptionHandler {
    private FailedRecords failed;

    /** Made by Kafka Streams. */
    @SuppressWarnings("NullAway.Init") // configure comes first.
    public UndeserializableRecords() {}

    @Override
    public void configure(Map<String, ?> configs) {
        failed = FailedRecords.in(configs);
    }

    @Override
    public Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        return Response.resume(List.of(
                failed.deadLetter(DeadLetter.Cause.DESERIALIZATION, context, record.key(), record.value(), exception)));
    }
}
