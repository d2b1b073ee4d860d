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
import io.guestflow.processor.sandbox.broker.TopicReader;
import io.guestflow.processor.system.Entries.Entry;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What compliance finds of what happened. */
@Tag("full")
@Timeout(240)
@ExtendWith(SharedBroker.class)
class AuditIT {
    private static final String CHAINS = "guestflow-facts-audit-chain-changelog";
    private static final Map<String, String> LEAVING = Map.of("GUESTFLOW_ON_STOP", "leave");
    private static final Map<String, String> GOING_ON =
            Map.of("GUESTFLOW_ON_STOP", "leave", "GUESTFLOW_AUDIT_ON_LOST_STATE", "continue");
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
        onceEmpty(() -> kafka.admin()
                .alterConsumerGroupOffsets("guestflow-facts", beginnings)
                .all());
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
        Instance first = guestflow.start("first", LEAVING);
        guestflow.settle(Entries.SOON);
        AuditTrail.tellsEachFactOnce(guestflow, Entries.SOON);
        assertEquals(0, first.stop());
        delete(List.of(CHAINS));

        Instance refused = guestflow.start("refused", LEAVING);
        awaitTold(refused, "GUESTFLOW_AUDIT_ON_LOST_STATE=continue");
        assertEquals(0, refused.stop());

        // The ends are kept at once, so that the next start finds them without a fact in between.
        Instance told = guestflow.start("told", GOING_ON);
        awaitHeads();
        assertEquals(0, told.stop());
        guestflow.start("again", LEAVING);
        guestflow.settle(Entries.SOON);
        AuditTrail.tellsEachFactOnce(guestflow, Entries.SOON);
    }

    /** Kafka Streams may take state for restored that an instance has kept since before others went on. */
    @Test
    void whatAnInstanceKeptNeverWinsOverTheEndOfTheTopic() throws Exception {
        Instance older = guestflow.start("older", LEAVING);
        guestflow.settle(Entries.SOON);
        AuditTrail.tellsEachFactOnce(guestflow, Entries.SOON);
        assertEquals(0, older.stop());
        Instance newer = guestflow.start("newer", LEAVING);
        guestflow.settle(Entries.SOON);
        AuditTrail.tellsEachFactOnce(guestflow, Entries.SOON);
        assertEquals(0, newer.stop());
        delete(List.of(CHAINS));

        Instance refused = guestflow.start("older", LEAVING);
        awaitTold(refused, "Delete the state directories of guestflow-facts");
        assertEquals(0, refused.stop());
        // Whether it takes the older state, or sees that it cannot be, is a race; no number is given twice either way.
        Instance goesOn = guestflow.start("older", GOING_ON);
        try (TopicReader heads = kafka.readCommitted(CHAINS)) {
            await().atMost(Entries.SOON)
                    .until(() ->
                            goesOn.timesTold("delete the directory ") > 0 || partitions(heads.records()) == PARTITIONS);
        }
        if (goesOn.timesTold("delete the directory ") > 0) {
            assertEquals(0, goesOn.stop());
            guestflow.forget("older", "guestflow-facts");
            guestflow.start("older", GOING_ON);
        }
        guestflow.settle(Entries.SOON);
        AuditTrail.tellsEachFactOnce(guestflow, Entries.SOON);
    }

    /** As after an application reset: what was audited would be read from the beginning, by those who know none of it. */
    @Test
    void aChainDoesNotGoOnWhereItsFactsWouldBeReadAgain() throws Exception {
        Instance first = guestflow.start("first", LEAVING);
        guestflow.settle(Entries.SOON);
        AuditTrail.tellsEachFactOnce(guestflow, Entries.SOON);
        assertEquals(0, first.stop());
        delete(kafka.admin().listTopics().names().get(30, TimeUnit.SECONDS).stream()
                .filter(topic -> topic.startsWith("guestflow-facts-"))
                .toList());
        onceEmpty(() ->
                kafka.admin().deleteConsumerGroups(List.of("guestflow-facts")).all());

        Instance refused = guestflow.start("refused", GOING_ON);
        awaitTold(refused, "--group guestflow-facts --topic guest-facts:0 --reset-offsets --to-datetime ");
        assertEquals(0, refused.stop());
        asTold(refused);

        guestflow.start("told", GOING_ON);
        guestflow.settle(Entries.SOON);
        AuditTrail.tellsEachFactOnce(guestflow, Entries.SOON);
    }

    /** A member that could not say that it leaves stays in its group until its session is over. */
    private static void onceEmpty(Supplier<KafkaFuture<Void>> change) {
        await().atMost(Entries.SOON).ignoreExceptions().until(() -> {
            change.get().get(30, TimeUnit.SECONDS);
            return true;
        });
    }

    /** What the commands do that an instance has printed. */
    private void asTold(Instance instance) throws Exception {
        Matcher commands = Pattern.compile("--topic guest-facts:(\\d+) --reset-offsets --to-datetime (\\S+) ")
                .matcher(Output.text(instance.process().stderr()));
        Map<TopicPartition, OffsetAndMetadata> goOn = new HashMap<>();
        while (commands.find()) {
            TopicPartition facts = new TopicPartition(Topics.GUEST_FACTS.name(), Integer.parseInt(commands.group(1)));
            long at = Instant.parse(commands.group(2)).toEpochMilli();
            long since = offset(facts, OffsetSpec.forTimestamp(at));
            goOn.put(facts, new OffsetAndMetadata(since < 0 ? offset(facts, OffsetSpec.latest()) : since));
        }
        assertEquals(PARTITIONS, goOn.size());
        kafka.admin().alterConsumerGroupOffsets("guestflow-facts", goOn).all().get(30, TimeUnit.SECONDS);
    }

    private long offset(TopicPartition partition, OffsetSpec spec) throws Exception {
        return kafka.admin()
                .listOffsets(Map.of(partition, spec))
                .partitionResult(partition)
                .get(30, TimeUnit.SECONDS)
                .offset();
    }

    private void delete(Collection<String> topics) throws Exception {
        kafka.admin().deleteTopics(topics).all().get(30, TimeUnit.SECONDS);
        // What the broker lists lags behind what it has deleted.
        await().atMost(Entries.SOON)
                .until(() ->
                        Collections.disjoint(kafka.admin().listTopics().names().get(30, TimeUnit.SECONDS), topics));
    }

    /** Guests are served meanwhile, so that the process does not end by itself. */
    private static void awaitTold(Instance instance, String text) {
        await().atMost(Entries.SOON).until(() -> instance.timesTold(text) > 0);
    }

    private void awaitHeads() {
        kafka.readCommitted(CHAINS, "state of each chain", heads -> partitions(heads) == PARTITIONS, Entries.SOON);
    }

    private static long partitions(List<ConsumerRecord<String, String>> records) {
        return records.stream().map(ConsumerRecord::partition).distinct().count();
    }

    private static boolean is(AuditRecord record, AuditEvent event, GuestRequest request) {
        return record instanceof AuditRecord.Entry entry
                && entry.content().event() == event
                && request.requestId().equals(entry.content().requestId());
    }
}
