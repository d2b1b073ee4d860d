package io.guestflow.processor.runtime;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.wire.CommitPacer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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

    /** Kafka Streams' own producers are told to wait for ever. */
    @Test
    @Timeout(60)
    void aRecordForATopicThatIsGoneEndsItsTransactionWhereStreamsBeginsItsTasksAgain() throws Exception {
        kafka.createTopics(1, "gone", "there");
        try (Producer<byte[], byte[]> producer = new SpacedTransactions(
                        Duration.ZERO, MainConsumers.plain(CommitPacer.askingForNone()))
                .getProducer(Map.of(
                        "bootstrap.servers",
                        kafka.bootstrap(),
                        "transactional.id",
                        "gone",
                        "request.timeout.ms",
                        1_000,
                        "delivery.timeout.ms",
                        2_000))) {
            producer.initTransactions();
            producer.beginTransaction();
            // So that the producer knows it.
            producer.send(new ProducerRecord<>("gone", new byte[1]));
            producer.commitTransaction();
            producer.beginTransaction();
            kafka.admin().deleteTopics(List.of("gone")).all().get(30, TimeUnit.SECONDS);
            Future<RecordMetadata> sent = producer.send(new ProducerRecord<>("gone", new byte[1]));

            assertThrows(
                    InvalidProducerEpochException.class,
                    () -> producer.sendOffsetsToTransaction(
                            Map.of(new TopicPartition("there", 0), new OffsetAndMetadata(1)),
                            new ConsumerGroupMetadata("gone")));
            ExecutionException failed = assertThrows(ExecutionException.class, sent::get);
            assertInstanceOf(TimeoutException.class, failed.getCause());
            KafkaException refused =
                    assertThrows(KafkaException.class, () -> producer.send(new ProducerRecord<>("there", new byte[1])));
            assertInstanceOf(InvalidProducerEpochException.class, refused.getCause(), "what Kafka Streams looks for");
            assertThrows(InvalidProducerEpochException.class, producer::abortTransaction, "at once");
            assertThrows(InvalidProducerEpochException.class, producer::beginTransaction, "another one is to be made");
        }
    }

    /** Brokers that are away are waited for, which a test of an outage shows. */
    @Test
    @Timeout(60)
    void aTopicThatBrokersDoNotKnowIsNotWaitedFor() {
        try (Producer<byte[], byte[]> producer = new SpacedTransactions(
                        Duration.ZERO, MainConsumers.plain(CommitPacer.askingForNone()))
                .getProducer(Map.of("bootstrap.servers", kafka.bootstrap(), "max.block.ms", 1_000))) {
            TimeoutException failure = assertThrows(TimeoutException.class, () -> producer.partitionsFor("never-made"));

            assertInstanceOf(UnknownTopicOrPartitionException.class, failure.getCause());
        }
    }

    /** As a container's, while it is stopped. */
    @Test
    @Timeout(60)
    void aBrokerWhoseNameIsGoneIsWaitedForUnlessItWasNeverThere() throws InterruptedException {
        SpacedTransactions clients =
                new SpacedTransactions(Duration.ZERO, MainConsumers.plain(CommitPacer.askingForNone()));
        Map<String, Object> nowhere = Map.of("bootstrap.servers", "nowhere.invalid:9092");
        KafkaException refused = assertThrows(KafkaException.class, () -> clients.getProducer(nowhere));
        assertInstanceOf(ConfigException.class, refused.getCause());

        clients.getProducer(Map.of("bootstrap.servers", kafka.bootstrap())).close();
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread waiting = Thread.ofPlatform().start(() -> {
            try {
                end.complete(new AssertionError("made " + clients.getProducer(nowhere)));
            } catch (RuntimeException e) {
                end.complete(e);
            }
        });
        await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING || end.isDone());
        waiting.interrupt();
        assertInstanceOf(InterruptException.class, end.join());
        waiting.join();
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
