package io.guestflow.processor.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.Topics;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(120)
@ExtendWith(SharedBroker.class)
class LostFactsIT {
    private static final TopicPartition FACTS = new TopicPartition(Topics.GUEST_FACTS.name(), 0);
    private static final String GROUP = "guestflow-facts";
    private static final String HEADS = "guestflow-facts-audit-chain-changelog";

    private final KafkaSandbox kafka;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LostFacts lost = new LostFacts(registry);

    LostFactsIT(KafkaSandbox shared) {
        // A producer that knows topics of before, which were deleted and made anew, can stay behind.
        this.kafka = new KafkaSandbox(shared.bootstrap());
    }

    @BeforeEach
    void tenFacts() {
        kafka.deleteAllTopicsAndGroups();
        kafka.createTopics(2, FACTS.topic(), HEADS);
        for (int i = 0; i < 10; i++) {
            kafka.produce(new ProducerRecord<>(FACTS.topic(), 0, "a guest".getBytes(UTF_8), "a fact".getBytes(UTF_8)));
        }
    }

    @AfterEach
    void closeClients() {
        kafka.close();
    }

    @Test
    void factsThatAreGoneBeforeTheyWereReadCountOnceHoweverOftenTheGroupStarts() throws Exception {
        assertEquals(0, registry.get("guestflow.facts.lost").counter().count(), "it is there from the start");
        tells(0);
        readUntil(2);
        tells(0);
        deleteBefore(5);
        tells(3);
        tells(3);
        deleteBefore(9);
        tells(7);
        readUntil(9);
        tells(7);
    }

    private void tells(int all) throws Exception {
        lost.tell(kafka.admin(), GROUP, HEADS);
        assertEquals(all, registry.get("guestflow.facts.lost").counter().count());
    }

    private void readUntil(long offset) throws Exception {
        kafka.admin()
                .alterConsumerGroupOffsets(GROUP, Map.of(FACTS, new OffsetAndMetadata(offset)))
                .all()
                .get(30, TimeUnit.SECONDS);
    }

    private void deleteBefore(long offset) throws Exception {
        kafka.admin()
                .deleteRecords(Map.of(FACTS, RecordsToDelete.beforeOffset(offset)))
                .all()
                .get(30, TimeUnit.SECONDS);
    }
}
