package io.guestflow.processor.sandbox.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(SharedBroker.class)
class SharedBrokerIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final KafkaSandbox kafka;

    SharedBrokerIT(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void wipe() {
        kafka.deleteAllTopicsAndGroups();
    }

    @Test
    void readersSeeACommittedTransactionAndNotAnAbortedOne() {
        kafka.createTopics(2, "in-transactions");
        try (var producer = new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                kafka.bootstrap(),
                                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                                "shared-broker-it"),
                        new StringSerializer(),
                        new StringSerializer());
                var committed = kafka.readCommitted("in-transactions");
                var everything = kafka.readUncommitted("in-transactions")) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("in-transactions", 0, "a", "aborted"));
            producer.flush();
            everything.awaitCount(1, SOON);
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("in-transactions", 0, "a", "committed"));
            producer.send(new ProducerRecord<>("in-transactions", 1, "b", "committed"));
            producer.commitTransaction();

            everything.awaitCount(3, SOON);
            var seen = committed.awaitCount(2, SOON);
            assertEquals(
                    List.of("committed", "committed"),
                    seen.stream().map(r -> r.value()).toList());
        }
    }

    @Test
    void transactionsAreOfTheSecondVersion() throws Exception {
        var features = kafka.admin().describeFeatures().featureMetadata().get(SOON.toMillis(), TimeUnit.MILLISECONDS);

        assertTrue(features.finalizedFeatures().get("transaction.version").maxVersionLevel() >= 2);
    }

    @Test
    void aReaderMayWaitForATopicThatIsCreatedLater() {
        try (var reader = kafka.readCommitted("later")) {
            kafka.createTopics(1, "later");
            kafka.produce("later", "key", "value");

            assertEquals("value", reader.awaitCount(1, SOON).getFirst().value());
        }
    }

    @Test
    void aConditionThatNeverHoldsFailsWithWhatWasRead() {
        kafka.createTopics(1, "short");
        kafka.produce("short", "key", "value");
        try (var reader = kafka.readCommitted("short")) {
            reader.awaitCount(1, SOON);

            var failure = assertThrows(AssertionError.class, () -> reader.awaitCount(2, Duration.ofMillis(50)));

            assertEquals("short: no 2 records within 50 ms; read 1 records, by partition {0=1}", failure.getMessage());
        }
    }

    @Test
    void wipingTakesTopicsAndGroupsAwayEvenUnderALiveMemberAndLeavesTheNamesUsable() throws Exception {
        kafka.createTopics(1, "wiped");
        kafka.produce("wiped", "key", "old");
        try (var member = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrap(),
                        ConsumerConfig.GROUP_ID_CONFIG, "wiped-group",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                        ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "static-member",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            member.subscribe(List.of("wiped"));
            while (member.poll(SOON).isEmpty()) {
                // The first poll may end with the assignment only.
            }
            member.commitSync();

            kafka.deleteAllTopicsAndGroups();

            assertEquals(List.of(), List.copyOf(kafka.admin().listGroups().all().get()));
            assertEquals(Set.of(), kafka.admin().listTopics().names().get());
        }
        kafka.createTopics(1, "wiped");
        kafka.produce("wiped", "key", "new");
        var records = kafka.readCommitted("wiped", "the new record", all -> !all.isEmpty(), SOON);
        assertEquals(List.of("new"), records.stream().map(r -> r.value()).toList());
    }

    @Test
    void wipingTakesAGroupAwayWhoseMembersHaveAllLeft() throws Exception {
        kafka.createTopics(1, "left");
        kafka.produce("left", "key", "value");
        try (var member = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrap(),
                        ConsumerConfig.GROUP_ID_CONFIG, "left-group",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            member.subscribe(List.of("left"));
            while (member.poll(SOON).isEmpty()) {
                // The first poll may end with the assignment only.
            }
            member.commitSync();
        }

        kafka.deleteAllTopicsAndGroups();

        assertEquals(List.of(), List.copyOf(kafka.admin().listGroups().all().get()));
    }

    @Test
    void keysAndValuesMayBeNull() {
        kafka.createTopics(1, "nulls");
        kafka.produce("nulls", null, null);
        kafka.produce(new ProducerRecord<>("nulls", 0, null, "x".getBytes(UTF_8)));

        var records = kafka.readCommitted("nulls", "both", all -> all.size() == 2, SOON);
        assertEquals(null, records.getFirst().value());
    }
}
