package io.guestflow.processor.sandbox.webhooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.sandbox.webhooks.WebhookBodies.IdIn;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("full")
@ExtendWith(SharedBroker.class)
@Timeout(120)
class WebhookLoadIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Instant START = Instant.parse("2026-11-22T07:00:00Z");

    private final String topic = "webhooks-" + UUID.randomUUID();

    @Test
    void everyWebhookArrivesInWhateverPartitionAndTheReportCountsThem(KafkaSandbox kafka) throws Exception {
        kafka.createTopics(3, topic);
        WebhookPlan plan = WebhookPlan.chat(3, 20, 200, Duration.ofSeconds(2)).withDisorder(0.1, 0.1, 10);
        try (var load = new WebhookLoad(kafka.bootstrap(), topic, new WebhookBodies(IdIn.CASE_ID))) {
            WebhookLoad.Report report = load.run(plan, "run-1", START, WebhookLoadIT::talk);

            assertTrue(report.deliveries() >= 400);
            assertEquals(20, report.count(Happening.STARTED));
            var records = kafka.readCommitted(
                    topic, "all of them", all -> all.size() == report.deliveries(), Duration.ofSeconds(30));
            Set<String> events = new HashSet<>();
            Set<Integer> partitions = new HashSet<>();
            long bytes = 0;
            for (ConsumerRecord<String, String> record : records) {
                assertNull(record.key());
                JsonNode body = JSON.readTree(record.value());
                events.add(body.path("eventId").stringValue());
                partitions.add(record.partition());
                bytes += record.serializedValueSize();
            }
            assertEquals(report.events(), events.size());
            assertEquals(report.bytes(), bytes);
            assertEquals(Set.of(0, 1, 2), partitions);
            assertTrue(events.stream().allMatch(event -> event.startsWith("run-1-")));
        }
    }

    @Test
    void unpacedTheSamePlanIsDeliveredAtOnce(KafkaSandbox kafka) throws Exception {
        kafka.createTopics(3, topic);
        WebhookPlan plan = WebhookPlan.chat(3, 20, 10, Duration.ofMinutes(5));
        try (var load = new WebhookLoad(kafka.bootstrap(), topic, new WebhookBodies(IdIn.CASE_ID))) {
            WebhookLoad.Report report = load.runUnpaced(plan, "run-2", START, WebhookLoadIT::talk);

            assertTrue(report.deliveries() >= 3_000);
            assertTrue(report.bytesPerDelivery() > 200);
        }
    }

    private static Talk talk(int conversation) {
        return new Talk("conv-" + conversation, "web-messaging-channel-01", null);
    }
}
