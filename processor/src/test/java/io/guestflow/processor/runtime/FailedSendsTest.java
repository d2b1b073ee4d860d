package io.guestflow.processor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.junit.jupiter.api.Test;

class FailedSendsTest {
    private static final KafkaException SILENT = new KafkaException("It is safe to abort the transaction and continue");

    private final FailedSends failed = new FailedSends();

    @Test
    void whatTookTooLongLosesAllTasksOfTheThread() {
        for (KafkaException failure : List.of(
                new TimeoutException("no answer"),
                new KafkaException("error state", new NotEnoughReplicasException("1 of 2")),
                new KafkaException("once more", new KafkaException("error state", new TimeoutException("Expiring"))),
                new KafkaException("error state", new OutOfOrderSequenceException("gap")),
                new TransactionAbortableException("exhausted"))) {
            assertTrue(failed.loss(failure).isPresent(), failure::toString);
        }
    }

    /** As where a batch that was sent once and never acknowledged has run out of time. */
    @Test
    void whatATransactionLeavesOutIsWhatASendInItSaid() {
        assertEquals(Optional.empty(), failed.loss(SILENT));

        failed.told(new TimeoutException("Expiring 1 record"));
        failed.told(new RecordTooLargeException("which came after"));
        assertTrue(failed.loss(SILENT).isPresent());

        failed.transactionBegins();
        assertEquals(Optional.empty(), failed.loss(SILENT), "another transaction's");
    }

    @Test
    void whatCannotBeSentAtAllEndsTheApplication() {
        for (KafkaException cause :
                List.of(new RecordTooLargeException("2 MiB"), new TopicAuthorizationException("t"))) {
            failed.transactionBegins();
            assertSame(cause, failed.told(cause));
            assertEquals(Optional.empty(), failed.loss(cause));
            assertEquals(Optional.empty(), failed.loss(new KafkaException("error state", cause)));
            assertEquals(Optional.empty(), failed.loss(SILENT));
            assertEquals(Optional.empty(), failed.loss(new TransactionAbortableException("exhausted")));
        }
    }

    @Test
    void whatKafkaStreamsKnowsStaysAsItIs() {
        assertEquals(Optional.empty(), failed.loss(new ProducerFencedException("fenced")));
        failed.told(new TimeoutException("Expiring"));
        assertEquals(Optional.empty(), failed.loss(new InvalidProducerEpochException("old")));
    }

    /** Kafka Streams would begin that task again, and no other. */
    @Test
    void theCallbackOfASendThatTookTooLongIsToldOfTheLossToo() {
        assertInstanceOf(InvalidProducerEpochException.class, failed.told(new TimeoutException("Expiring")));

        failed.transactionBegins();
        assertInstanceOf(
                InvalidProducerEpochException.class, failed.told(new TransactionAbortableException("exhausted")));
        assertTrue(failed.loss(SILENT).isPresent());
    }
}
