package io.guestflow.processor.runtime;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.wire.CommitPacer;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
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
}
