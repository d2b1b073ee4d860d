package io.guestflow.processor.runtime;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.wire.CommitPacer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedBroker.class)
class SpacedTransactionsIT {
    /** Longer than all else takes here, so that it shows. */
    private static final Duration GAP = Duration.ofMillis(300);

    private final KafkaSandbox kafka;

    SpacedTransactionsIT(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    @Test
    void aTransactionBeginsNoEarlierThanTheGapAfterTheOneBefore() {
        kafka.createTopics(1, "spaced");
        try (Producer<byte[], byte[]> producer = new SpacedTransactions(
                        GAP, MainConsumers.plain(CommitPacer.askingForNone()))
                .getProducer(Map.of("bootstrap.servers", kafka.bootstrap(), "transactional.id", "spaced"))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("spaced", new byte[1]));
            producer.commitTransaction();
            long committed = System.nanoTime();
            producer.beginTransaction();
            Duration gap = Duration.ofNanos(System.nanoTime() - committed);
            producer.send(new ProducerRecord<>("spaced", new byte[1]));
            producer.commitTransaction();

            assertTrue(gap.compareTo(GAP.minusMillis(20)) >= 0, "began after " + gap);
        }
    }

    @Test
    void aTransactionsRecordsAreWaitedForOnceBeforeItsOffsets() {
        kafka.createTopics(1, "once", "read");
        try (Producer<byte[], byte[]> producer = new SpacedTransactions(
                        Duration.ZERO, MainConsumers.plain(CommitPacer.askingForNone()))
                .getProducer(Map.of(
                        "bootstrap.servers", kafka.bootstrap(), "transactional.id", "once", "linger.ms", 60_000))) {
            producer.initTransactions();
            producer.beginTransaction();
            Future<RecordMetadata> sent = producer.send(new ProducerRecord<>("once", new byte[1]));

            producer.flush();
            assertFalse(sent.isDone(), "nothing that waits for each task");
            producer.sendOffsetsToTransaction(
                    Map.of(new TopicPartition("read", 0), new OffsetAndMetadata(1)), new ConsumerGroupMetadata("once"));
            assertTrue(sent.isDone(), "nothing of a transaction is on its way when its offsets are");
            producer.commitTransaction();
        }
    }

    @Test
    void withoutATransactionAFlushWaits() {
        kafka.createTopics(1, "plain");
        try (Producer<byte[], byte[]> producer = new SpacedTransactions(
                        Duration.ZERO, MainConsumers.plain(CommitPacer.askingForNone()))
                .getProducer(Map.of("bootstrap.servers", kafka.bootstrap(), "linger.ms", 60_000))) {
            Future<RecordMetadata> sent = producer.send(new ProducerRecord<>("plain", new byte[1]));

            producer.flush();

            assertTrue(sent.isDone());
        }
    }
}
