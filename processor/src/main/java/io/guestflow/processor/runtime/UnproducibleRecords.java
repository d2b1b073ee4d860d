package io.guestflow.processor.runtime;

import io.guestflow.contracts.failure.DeadLetter;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;

/**
 * A record that the broker will never take because of its size becomes a redacted dead letter. Whatever else fails to be
 * produced is the broker's or the configuration's fault: retried where Kafka says so, else the end of the process.
 */
public final class UnproducibleRecords implements ProductionExceptionHandler {
    private FailedRecords failed;

    /** Made by Kafka Streams. */
    @SuppressWarnings("NullAway.Init") // configure comes first.
    public UnproducibleRecords() {}

    @Override
    public void configure(Map<String, ?> configs) {
        failed = FailedRecords.in(configs);
    }

    @Override
    public Response handleError(
            ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
        if (exception instanceof RecordTooLargeException || exception instanceof RecordBatchTooLargeException) {
            return Response.resume(List.of(
                    failed.deadLetter(DeadLetter.Cause.PRODUCTION, context, record.key(), record.value(), exception)));
        }
        return exception instanceof RetriableException ? Response.retry() : Response.fail();
    }
}
