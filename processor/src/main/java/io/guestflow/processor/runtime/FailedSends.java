package io.guestflow.processor.runtime;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionAbortableException;

/**
 * What Kafka Streams is told of a transaction that cannot be committed because something in it took too long: that its
 * producer was fenced. Then it begins all tasks of the thread again, from what was committed, with a new producer. Told what
 * it was, it would begin some of the tasks again and keep what others have made of records that are lost; or go on with a
 * producer whose last call has not come to an end; or, where the producer does not say which send failed, end.
 *
 * <p>Threading: {@link #told} by any thread, the others by the one that the producer belongs to.
 */
final class FailedSends {
    private final AtomicReference<Exception> first = new AtomicReference<>();

    void transactionBegins() {
        first.set(null);
    }

    /** A send has failed; returns what its callback is to be told. */
    Exception told(Exception failure) {
        first.compareAndSet(null, failure);
        return isLost(failure) ? fenced(failure) : failure;
    }

    /** What is to be told instead of this failure of a call; empty if to begin again would not mend it. */
    Optional<InvalidProducerEpochException> loss(KafkaException failure) {
        return isLost(failure) ? Optional.of(fenced(failure)) : Optional.empty();
    }

    private boolean isLost(Exception failure) {
        return tookTooLong(failure) || (isSilent(failure) && isLostBehind(failure));
    }

    /** A producer may leave out which send failed, or tell of the transaction before it tells of the send. */
    private static boolean isSilent(Exception failure) {
        return failure.getClass() == KafkaException.class || failure instanceof TransactionAbortableException;
    }

    private boolean isLostBehind(Exception failure) {
        Exception sent = first.get();
        return sent == null
                ? failure instanceof TransactionAbortableException
                : tookTooLong(sent) || sent instanceof TransactionAbortableException;
    }

    private static boolean tookTooLong(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RetriableException || cause instanceof OutOfOrderSequenceException) {
                return true;
            }
        }
        return false;
    }

    private static InvalidProducerEpochException fenced(Exception failure) {
        return new InvalidProducerEpochException("The transaction is given up: " + failure);
    }
}
