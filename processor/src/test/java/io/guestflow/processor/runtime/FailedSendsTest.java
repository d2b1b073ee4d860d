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
            assertSame(failure, FailedSends.asFlushWouldHaveToldThem(failure));
        }
    }

    @Test
    void whatKafkaStreamsKnowsStaysAsItIs() {
        for (KafkaException known :
                new KafkaException[] {new ProducerFencedException("fenced"), new TimeoutException("no answer")}) {
            assertSame(known, FailedSends.asFlushWouldHaveToldThem(known));
        }
    }

    private static KafkaException told(RuntimeException cause) {
        return FailedSends.asFlushWouldHaveToldThem(new KafkaException("error state", cause));
    }
}
