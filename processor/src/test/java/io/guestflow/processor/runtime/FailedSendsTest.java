package io.guestflow.processor.runtime;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class FailedSendsTest {
    @Test
    void aSendThatRanOutOfTimeBeginsItsTasksAgain() {
        assertInstanceOf(TimeoutException.class, told(new TimeoutException("Expiring 3 record(s)")));
        assertInstanceOf(TimeoutException.class, told(new NotEnoughReplicasException("1 of 2")));
        assertInstanceOf(
                TimeoutException.class, told(new KafkaException("once more", new TimeoutException("Expiring"))));
    }

    @Test
    void aProducerThatLostItsPlaceLosesItsTasks() {
        assertInstanceOf(InvalidProducerEpochException.class, told(new OutOfOrderSequenceException("gap")));
    }

    @Test
    void whatCannotBeSentAtAllEndsTheApplication() {
        for (RuntimeException cause :
                new RuntimeException[] {new RecordTooLargeException("2 MiB"), new TopicAuthorizationException("t")}) {
            KafkaException failure = new KafkaException("error state", cause);
            assertSame(failure, new FailedSends().asFlushWouldHaveToldThem(failure));
        }
    }

    @Test
    void whatKafkaStreamsKnowsStaysAsItIs() {
        for (KafkaException known :
                new KafkaException[] {new ProducerFencedException("fenced"), new TimeoutException("no answer")}) {
            assertSame(known, new FailedSends().asFlushWouldHaveToldThem(known));
        }
    }

    /** As where a batch that was sent once and never acknowledged has run out of time. */
    @Test
    void whatATransactionLeavesOutIsWhatASendInItSaid() {
        KafkaException silent = new KafkaException("It is safe to abort the transaction and continue");
        FailedSends failed = new FailedSends();
        assertSame(silent, failed.asFlushWouldHaveToldThem(silent));

        failed.remember(new TimeoutException("Expiring 1 record"));
        failed.remember(new RecordTooLargeException("which came after"));
        assertInstanceOf(TimeoutException.class, failed.asFlushWouldHaveToldThem(silent));

        failed.transactionBegins();
        assertSame(silent, failed.asFlushWouldHaveToldThem(silent), "another transaction's");
    }

    /** Of what a send throws, Kafka Streams looks at the cause. */
    @Test
    void aSendThatALostTransactionRefusesLosesItsTasksAndNotTheApplication() {
        FailedSends failed = new FailedSends();
        KafkaException lost = new KafkaException("error state", new TimeoutException("Expiring"));
        assertInstanceOf(
                InvalidProducerEpochException.class,
                failed.asOfATransactionThatIsLost(lost).getCause());

        KafkaException hopeless = new KafkaException("error state", new RecordTooLargeException("2 MiB"));
        assertSame(hopeless, failed.asOfATransactionThatIsLost(hopeless));
        ProducerFencedException known = new ProducerFencedException("fenced");
        assertSame(known, failed.asOfATransactionThatIsLost(known));
    }

    private static KafkaException told(RuntimeException cause) {
        return new FailedSends().asFlushWouldHaveToldThem(new KafkaException("error state", cause));
    }
}
