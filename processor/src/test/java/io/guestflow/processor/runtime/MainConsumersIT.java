package io.guestflow.processor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.wire.CommitPacer;
import io.guestflow.processor.wire.PartitionProgress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedBroker.class)
class MainConsumersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaSandbox kafka;

    MainConsumersIT(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    @Test
    void theConsumerOfTheThreadTellsWhatIsLeftAndWhatItHandedOut() throws ExecutionException, InterruptedException {
        kafka.createTopics(2, "progress");
        MainConsumers consumers = MainConsumers.plain(CommitPacer.askingForNone());
        try (Producer<byte[], byte[]> producer = producer();
                Consumer<byte[], byte[]> consumer = consumers.consumer(
                        Map.of(
                                "bootstrap.servers",
                                kafka.bootstrap(),
                                "auto.offset.reset",
                                "earliest",
                                "isolation.level",
                                "read_committed",
                                "max.poll.records",
                                2),
                        new TransactionGap(Duration.ZERO))) {
            assertEquals(Optional.empty(), consumers.progress("progress", 0), "nobody polled");
            consumer.assign(List.of(new TopicPartition("progress", 0)));

            PartitionProgress empty = poll(consumer, consumers, at -> at.lag().equals(OptionalLong.of(0)));
            assertEquals(0, empty.delivered());

            producer.initTransactions();
            producer.beginTransaction();
            for (int i = 0; i < 5; i++) {
                producer.send(new ProducerRecord<>("progress", 0, null, new byte[1]));
            }
            producer.commitTransaction();

            PartitionProgress behind = poll(consumer, consumers, at -> at.delivered() == 2);
            assertTrue(behind.lag().orElseThrow() >= 3, behind.toString());
            // The marker of the transaction takes an offset and is no record.
            PartitionProgress all = poll(
                    consumer, consumers, at -> at.delivered() == 5 && at.lag().equals(OptionalLong.of(0)));
            assertTrue(all.sincePoll().compareTo(PATIENCE) < 0, all.toString());

            assertEquals(
                    OptionalLong.empty(),
                    consumers.progress("progress", 1).orElseThrow().lag(),
                    "not assigned to this consumer");
            assertEquals(
                    Optional.empty(),
                    CompletableFuture.supplyAsync(() -> consumers.progress("progress", 0))
                            .get(),
                    "another thread has another consumer");
        }
    }

    @Test
    void withinTheGapTheNextPollIsAddedAndAfterItNot() {
        kafka.createTopics(1, "gathered");
        var gap = new TransactionGap(Duration.ofMillis(500));
        try (Producer<byte[], byte[]> producer = producer();
                Consumer<byte[], byte[]> consumer = MainConsumers.gathering(CommitPacer.askingForNone())
                        .consumer(
                                Map.of(
                                        "bootstrap.servers",
                                        kafka.bootstrap(),
                                        "auto.offset.reset",
                                        "earliest",
                                        "max.poll.records",
                                        1),
                                gap)) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int i = 0; i < 4; i++) {
                producer.send(new ProducerRecord<>("gathered", 0, null, new byte[1]));
            }
            producer.commitTransaction();
            consumer.assign(List.of(new TopicPartition("gathered", 0)));

            assertEquals(1, next(consumer).count(), "no transaction has ended");
            gap.begins();
            assertEquals(2, next(consumer).count());
            gap.await();
            assertEquals(1, next(consumer).count());
        }
    }

    private static ConsumerRecords<byte[], byte[]> next(Consumer<byte[], byte[]> consumer) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
            if (!records.isEmpty()) {
                return records;
            }
            assertTrue(System.nanoTime() - deadline < 0, "no record");
        }
    }

    private static PartitionProgress poll(
            Consumer<byte[], byte[]> consumer, MainConsumers consumers, Predicate<PartitionProgress> wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            consumer.poll(Duration.ofMillis(100));
            PartitionProgress progress = consumers.progress("progress", 0).orElseThrow();
            if (wanted.test(progress)) {
                return progress;
            }
            assertTrue(System.nanoTime() - deadline < 0, () -> "still " + progress);
        }
    }

    private Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap(), "transactional.id", "main-consumers"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
