package io.guestflow.processor.runtime;

import io.guestflow.contracts.failure.DeadLetter;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a record that cannot be produced. One that is too large never can be. At least once, it becomes a redacted
 * dead letter, and the stream goes on. Exactly once, the producer gives the whole transaction up with it, a dead letter
 * too: the process ends, with a line that says which record it was and what to do, and would meet the same record again. So
 * nothing may come to that: what is read is bounded to 64 KiB before anything is made of it, and no header is passed on
 * unless it is short.
 *
 * <p>Whatever else fails to be produced is the broker's or the configuration's fault: retried where Kafka says so, else the end
 * of the process.
 */
public final class UnproducibleRecords implements ProductionExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(UnproducibleRecords.class);

    private FailedRecords failed;
    private boolean transactional;

    /** Made by Kafka Streams. */
    @SuppressWarnings("NullAway.Init") // configure comes first.
    public UnproducibleRecords() {}

    @Override
    public void configure(Map<String, ?> configs) {
        failed = FailedRecords.in(configs);
        transactional = StreamsConfig.EXACTLY_ONCE_V2.equals(configs.get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG));
    }

    @Override
    public Response handleError(
            ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
        if (exception instanceof RecordTooLargeException || exception instanceof RecordBatchTooLargeException) {
            return transactional ? tooLargeForItsTransaction(context, record) : tooLarge(context, record, exception);
        }
        return exception instanceof RetriableException ? Response.retry() : Response.fail();
    }

    private Response tooLarge(ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
        return Response.resume(List.of(
                failed.deadLetter(DeadLetter.Cause.PRODUCTION, context, record.key(), record.value(), exception)));
    }

    private static Response tooLargeForItsTransaction(
            ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record) {
        LOG.error(
                "What came of {}-{}@{} is too large for {} ({} bytes), and its transaction cannot be committed: raise"
                        + " KAFKA_MAX_REQUEST_SIZE, 1 MiB by default, and max.message.bytes of that topic",
                context.topic(),
                context.partition(),
                context.offset(),
                record.topic(),
                record.value() == null ? 0 : record.value().length);
        return Response.fail();
    }
}
