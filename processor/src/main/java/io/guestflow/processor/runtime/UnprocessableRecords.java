package io.guestflow.processor.runtime;

import io.guestflow.contracts.failure.DeadLetter;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;

/**
 * A record whose processing fails because of a defect of ours becomes a redacted dead letter: one poison record must not
 * end the process again and again. Kafka's own exceptions are not the record's fault, and end it.
 */
public final class UnprocessableRecords implements ProcessingExceptionHandler {
    private FailedRecords failed;

    /** Made by Kafka Streams. */
    @SuppressWarnings("NullAway.Init") // configure comes first.
    public UnprocessableRecords() {}

    @Override
    public void configure(Map<String, ?> configs) {
        failed = FailedRecords.in(configs);
    }

    @Override
    public Response handleError(ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        // Without a source topic it is a punctuation that failed, which answers for its timers itself.
        if (exception instanceof KafkaException || context.topic() == null) {
            return Response.fail();
        }
        return Response.resume(List.of(failed.deadLetter(
                DeadLetter.Cause.PROCESSING, context, context.sourceRawKey(), context.sourceRawValue(), exception)));
    }
}
