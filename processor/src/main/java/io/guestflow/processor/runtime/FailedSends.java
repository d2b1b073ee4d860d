package io.guestflow.processor.runtime;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * What a transaction that cannot be committed says of the send that failed in it. After a flush, Kafka Streams looks at
 * each send itself, and begins its tasks again where that helps. Of a commit it expects an exception that says the same;
 * but a producer that gave a transaction up wraps the reason, which would end the application.
 */
final class FailedSends {
    private FailedSends() {}

    /** The exception that makes Kafka Streams do what it does when a flush finds this one; itself if it does. */
    static KafkaException asFlushWouldHaveToldThem(KafkaException failure) {
        // What is not wrapped, it knows.
        if (failure.getClass() != KafkaException.class) {
            return failure;
        }
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfOrderSequenceException) {
                return new InvalidProducerEpochException(cause.toString());
            }
            if (cause instanceof RetriableException) {
                return new TimeoutException("A record was not sent in time, its transaction is given up", failure);
            }
        }
        return failure;
    }
}
