package io.guestflow.processor.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Guests are served while what is made of facts is not to be made. */
@Tag("full")
@Timeout(400)
@ExtendWith(SharedBroker.class)
class FactsDownIT {
    private static final Map<String, String> LEAVING = Map.of("GUESTFLOW_ON_STOP", "leave");
    private static final String CHAIN = "guestflow-facts-audit-chain-changelog";
    private static final long TO_THE_END = -1;
    private static final String LATER_VERSION = "is of a version that this one does not know";

    private final KafkaSandbox kafka;
    private GuestflowSandbox guestflow;

    FactsDownIT(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void start() {
        kafka.deleteAllTopicsAndGroups();
        guestflow = new GuestflowSandbox(kafka.bootstrap(), FactsDownIT.class);
    }

    @AfterEach
    void stop() {
        guestflow.close();
    }

    @Test
    void anAuditWhoseStateIsGoneKeepsNoGuestWaitingAndMissesNothing() throws Exception {
        Instance processor = guestflow.start("processor", LEAVING);
        guestflow.settle(Entries.SOON);
        int before = AuditTrail.tellsEachFactOnce(guestflow, Entries.SOON).size();
        assertEquals(1, running(processor, "guestflow-facts"));
        assertEquals(0, processor.stop());
        kafka.admin().deleteTopics(List.of(CHAIN)).all().get(30, TimeUnit.SECONDS);

        processor.restart();
        await().atMost(Entries.SOON).until(() -> processor.timesTold("GUESTFLOW_AUDIT_ON_LOST_STATE=continue") > 0);
        servesGuests(processor, "GUESTFLOW_AUDIT_ON_LOST_STATE=continue");
        assertEquals(before, guestflow.audits().all().size());
        assertEquals(0, processor.stop(), "what was to be ended has ended in order");

        guestflow.forget("processor", "guestflow-facts");
        processor.restartWith("GUESTFLOW_AUDIT_ON_LOST_STATE", "continue");
        guestflow.settle(Entries.SOON);
        int after = AuditTrail.tellsEachFactOnce(guestflow, Entries.SOON).size();
        assertTrue(after > before, "facts that came while it was down");
        assertEquals(1, running(processor, "guestflow-facts"));
        assertEquals(200, processor.get("/health/ready").statusCode());
    }

    /** As during a rolling upgrade to a version that writes other parts. */
    @Test
    void whatOnlyALaterVersionCanReadEndsNoGuestsSession() throws Exception {
        Instance processor = guestflow.start("processor", LEAVING);
        guestflow.settle(Entries.SOON);
        AuditTrail.tellsEachFactOnce(guestflow, Entries.SOON);
        ProducerRecord<byte[], byte[]> part = new ProducerRecord<>(
                Topics.GUEST_METRICS_PARTIALS.name(), 0, "key".getBytes(UTF_8), "{}".getBytes(UTF_8));
        part.headers().add(RecordHeaders.SCHEMA, "guest-metrics-partial/999".getBytes(UTF_8));
        kafka.produce(part);

        await().atMost(Entries.SOON).until(() -> processor.timesTold(LATER_VERSION) > 0);
        servesGuests(processor, LATER_VERSION);
        assertEquals(0, processor.stop());

        processor.restart();
        await().atMost(Entries.SOON)
                .until(() -> processor.get("/health/ready").body().contains(LATER_VERSION));
        servesGuests(processor, LATER_VERSION);

        // As it tells an operator who has no later version.
        assertTrue(processor.timesTold("kafka-delete-records, and start this instance again") > 0);
        TopicPartition parts = new TopicPartition(Topics.GUEST_METRICS_PARTIALS.name(), 0);
        kafka.admin()
                .deleteRecords(Map.of(parts, RecordsToDelete.beforeOffset(TO_THE_END)))
                .all()
                .get(30, TimeUnit.SECONDS);
        assertEquals(0, processor.stop());
        processor.restart();
        await().atMost(Entries.SOON).until(() -> running(processor, "guestflow-facts") == 1);
        guestflow.settle(Entries.SOON);
        AuditTrail.tellsEachFactOnce(guestflow, Entries.SOON);
    }

    /** As where a right was taken away, or a disk was full. */
    @Test
    void whatHasEndedForACauseThatPassesIsStartedAgain() throws Exception {
        Instance processor = guestflow.start("processor", LEAVING);
        guestflow.settle(Entries.SOON);
        int before = AuditTrail.tellsEachFactOnce(guestflow, Entries.SOON).size();
        set(Topics.GUEST_AUDIT.name(), "max.message.bytes", "100");
        guestflow.answerTo(GuestRequest.ofNewGuest());
        await().atMost(Entries.SOON).until(() -> processor.timesTold("is down, and only that") > 0);
        servesGuests(processor, "guestflow-facts cannot go on");
        assertEquals(1, processor.timesTold("is too large for guest-audit"));
        set(Topics.GUEST_AUDIT.name(), "max.message.bytes", "1048588");

        await().atMost(Duration.ofMinutes(4)).until(() -> running(processor, "guestflow-facts") == 1);
        assertTrue(
                processor.metric("guestflow_application_restarts_total", "application=\"guestflow-facts\"") >= 1,
                "restarts");
        guestflow.settle(Entries.SOON);
        int after = AuditTrail.tellsEachFactOnce(guestflow, Entries.SOON).size();
        assertTrue(after > before, "facts that came while it was down");
        assertEquals(0, processor.stop());
    }

    /** Changelogs that were made by a version that wanted less of them. */
    @Test
    void stateOfChangelogsThatForgetTooSoonIsNotBuiltUpon() throws Exception {
        Instance processor = guestflow.start("processor", LEAVING);
        guestflow.settle(Entries.SOON);
        AuditTrail.tellsEachFactOnce(guestflow, Entries.SOON);
        assertEquals(0, processor.stop());
        set("guestflow-facts-measure-timers-changelog", "delete.retention.ms", "7200000");

        processor.restart();
        await().atMost(Entries.SOON).until(() -> running(processor, "guestflow-facts") == 1);
        assertEquals(1, processor.timesTold("tells of what was deleted for PT2H, should for PT48H"));
        assertEquals(1, processor.timesTold("is deleted, and restored from its changelogs whole"));
        guestflow.settle(Entries.SOON);
        AuditTrail.tellsEachFactOnce(guestflow, Entries.SOON);
        assertEquals(0, processor.stop());
        set("guestflow-facts-measure-timers-changelog", "delete.retention.ms", "172800000");

        processor.restart();
        await().atMost(Entries.SOON).until(() -> running(processor, "guestflow-facts") == 1);
        assertEquals(1, processor.timesTold("tells of what was deleted for"), "mended");
        assertEquals(1, processor.timesTold("was never closed in order"), "what was lost before stays lost");
        guestflow.settle(Entries.SOON);
        AuditTrail.tellsEachFactOnce(guestflow, Entries.SOON);
    }

    private void servesGuests(Instance processor, String factsAreDownBecause) {
        Authenticated result = assertInstanceOf(Authenticated.class, guestflow.answerTo(GuestRequest.ofNewGuest()));
        guestflow
                .sessions()
                .awaitOne("session", session -> session.conversationId().equals(result.conversationId()));
        await().atMost(Entries.SOON)
                .until(() -> processor.get("/health/ready").body().contains(factsAreDownBecause));
        HttpResponse<String> ready = processor.get("/health/ready");
        assertEquals(200, ready.statusCode(), ready.body());
        assertTrue(ready.body().contains("\"facts\":{\"status\":\"down\""), ready.body());
        assertEquals(200, processor.get("/health/live").statusCode());
        await().atMost(Entries.SOON).until(() -> running(processor, "guestflow-facts") == 0);
        assertEquals(1, running(processor, "guestflow-auth"));
        assertEquals(1, running(processor, "guestflow-sessions"));
    }

    private static double running(Instance processor, String application) {
        return processor.metric("guestflow_application_running", "application=\"" + application + "\"");
    }

    private void set(String name, String config, String value) throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry(config, value), AlterConfigOp.OpType.SET);
        kafka.admin().incrementalAlterConfigs(Map.of(topic, List.of(set))).all().get(30, TimeUnit.SECONDS);
        await().atMost(Entries.SOON)
                .until(() -> value.equals(kafka.admin()
                        .describeConfigs(List.of(topic))
                        .all()
                        .get(30, TimeUnit.SECONDS)
                        .get(topic)
                        .get(config)
                        .value()));
    }
}
