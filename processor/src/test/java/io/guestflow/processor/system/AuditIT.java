package io.guestflow.processor.system;

import static io.guestflow.processor.system.GuestflowSandbox.PARTITIONS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.audit.AuditEvent;
import io.guestflow.contracts.audit.AuditRecord;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.system.Entries.Entry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What compliance finds of what happened. */
@Timeout(240)
@ExtendWith(SharedBroker.class)
class AuditIT {
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final KafkaSandbox kafka;
    private GuestflowSandbox guestflow;

    AuditIT(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void start() {
        kafka.deleteAllTopicsAndGroups();
        guestflow = new GuestflowSandbox(kafka.bootstrap(), AuditIT.class);
    }

    @AfterEach
    void stop() {
        guestflow.close();
    }

    @Test
    void everyDecisionIsAuditedOnceAndNamesNobody() {
        guestflow.start("processor", Map.of());
        GuestRequest request = GuestRequest.ofNewGuest()
                .context("segment", "anonymous")
                .context("stranger", "x")
                .header(RecordHeaders.TRACEPARENT, TRACE);
        Authenticated result = assertInstanceOf(Authenticated.class, guestflow.answerTo(request));
        guestflow.answerTo(GuestRequest.ofNewGuest().consent("accepted", false));
        guestflow.settle(Entries.SOON);
        guestflow
                .sessions()
                .awaitOne("session", session -> session.conversationId().equals(result.conversationId()));

        Entry<AuditRecord> authenticated = guestflow
                .audits()
                .awaitOne("audit of " + request.requestId(), record -> is(record, AuditEvent.AUTH_SUCCEEDED, request));
        guestflow.audits().awaitOne("session", record -> is(record, AuditEvent.SESSION_OPENED, request));
        List<Entry<AuditRecord>> records = AuditTrail.tellsEachFactOnce(guestflow, Entries.SOON);
        AuditTrail.eachRecordHasItsCause(kafka, records, Entries.SOON);

        AuditRecord.Entry audited = (AuditRecord.Entry) authenticated.value();
        assertEquals(audited.auditId(), authenticated.record().key());
        assertEquals(result.conversationId(), audited.content().conversationId());
        assertEquals(List.of("segment"), audited.content().contextKeys());
        assertEquals(TRACE, authenticated.header(RecordHeaders.TRACEPARENT));
        assertEquals("guest-audit/1", authenticated.header(RecordHeaders.SCHEMA));
        records.forEach(record ->
                assertFalse(record.record().value().contains(request.guestId()), "an audit record names the guest"));
    }

    /** As an operator may have it, or lost offsets: what was known then comes from the changelog. */
    @Test
    void factsThatAreReadAgainGetNoNewNumber() throws Exception {
        Instance processor = guestflow.start("processor", Map.of("GUESTFLOW_ON_STOP", "leave"));
        for (int i = 0; i < 20; i++) {
            guestflow.send(GuestRequest.ofNewGuest());
        }
        guestflow.settle(Entries.SOON);
        int before = AuditTrail.tellsEachFactOnce(guestflow, Entries.SOON).size();
        assertEquals(0, processor.stop());
        guestflow.forget("processor", "guestflow-facts");

        Map<TopicPartition, OffsetAndMetadata> beginnings = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            beginnings.put(new TopicPartition(Topics.GUEST_FACTS.name(), partition), new OffsetAndMetadata(0));
        }
        kafka.admin()
                .alterConsumerGroupOffsets("guestflow-facts", beginnings)
                .all()
                .get(30, TimeUnit.SECONDS);
        processor.restart();
        await().atMost(Entries.SOON)
                .until(() -> processor.metric("guestflow_facts_derived_total", "became=\"known\"") >= before);
        guestflow.settle(Entries.SOON);

        int after = AuditTrail.tellsEachFactOnce(guestflow, Entries.SOON).size();
        assertTrue(after > before, "nothing came after what had been read again");
        assertEquals(before, processor.metric("guestflow_facts_derived_total", "became=\"known\""));
    }

    @Test
    void aChainWhoseStateIsGoneIsNotBegunAgainUnseen() throws Exception {
        Map<String, String> leaving = Map.of("GUESTFLOW_ON_STOP", "leave");
        Instance first = guestflow.start("first", leaving);
        guestflow.settle(Entries.SOON);
        AuditTrail.tellsEachFactOnce(guestflow, Entries.SOON);
        assertEquals(0, first.stop());
        kafka.admin()
                .deleteTopics(List.of("guestflow-facts-audit-chain-changelog"))
                .all()
                .get(30, TimeUnit.SECONDS);

        Instance refused = guestflow.start("refused", leaving);
        await().atMost(Entries.SOON).until(() -> refused.timesTold("GUESTFLOW_AUDIT_ON_LOST_STATE=continue") > 0);
        assertEquals(0, refused.stop());

        Map<String, String> told = new HashMap<>(leaving);
        told.put("GUESTFLOW_AUDIT_ON_LOST_STATE", "continue");
        guestflow.start("told", told);
        guestflow.settle(Entries.SOON);
        AuditTrail.tellsEachFactOnce(guestflow, Entries.SOON);
    }

    private static boolean is(AuditRecord record, AuditEvent event, GuestRequest request) {
        return record instanceof AuditRecord.Entry entry
                && entry.content().event() == event
                && request.requestId().equals(entry.content().requestId());
    }
}
