package io.guestflow.processor.runtime;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction that cannot be committed says of the send that failed in it. After a flush, Kafka Streams looks at
 * each send itself, and begins its tasks again where that helps. Of a commit it expects an exception that says the same;
 * but a producer that gave a transaction up wraps the reason, or leaves it out, which would end the application.
 *
 * <p>Threading: {@link #remember} by any thread, the others by the one that the producer belongs to.
 */
final class FailedSends {
    private final AtomicReference<Exception> first = new AtomicReference<>();

    void transactionBegins() {
        first.set(null);
    }

    void remember(Exception failure) {
        first.compareAndSet(null, failure);
    }

    /** The exception that makes Kafka Streams do what it does when a flush finds this one; itself if it does. */
    KafkaException asFlushWouldHaveToldThem(KafkaException failure) {
        return behind(failure).orElse(failure);
    }

    /**
     * What a send is to throw that a lost transaction refuses: Kafka Streams begins its tasks again where the cause is that
     * another took their place, and would end for any other. Itself if what was lost cannot be mended by that.
     */
    KafkaException asOfATransactionThatIsLost(KafkaException refused) {
        return behind(refused)
                .map(told ->
                        new KafkaException(told.getMessage(), new InvalidProducerEpochException(refused.toString())))
                .orElse(refused);
    }

    private Optional<KafkaException> behind(KafkaException failure) {
        // What is not wrapped, Kafka Streams knows.
        if (failure.getClass() != KafkaException.class) {
            return Optional.empty();
        }
        return told(failure.getCause(), failure).or(() -> told(first.get(), failure));
    }

    private static Optional<KafkaException> told(@Nullable Throwable failed, KafkaException failure) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfOrderSequenceException) {
                return Optional.of(new InvalidProducerEpochException(cause.toString()));
            }
            if (cause instanceof RetriableException) {
                return Optional.of(
                        new TimeoutException("A record was not sent in time, its transaction is given up", failure));
            }
        }
        return Optional.empty();
    }
}
