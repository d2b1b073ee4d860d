package io.guestflow.processor.system;

import static io.guestflow.processor.system.GuestflowSandbox.PARTITIONS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.audit.AuditEntry;
import io.guestflow.contracts.audit.AuditRecord;
import io.guestflow.contracts.audit.ChainCheck;
import io.guestflow.contracts.audit.ChainCheck.Finding;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.system.Entries.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Holds the committed audit records against the committed facts, and against their own chains. */
final class AuditTrail {
    private AuditTrail() {}

    /** Waits for it, and holds that each fact but messages has one record, in its partition, and that nothing else has. */
    static List<Entry<AuditRecord>> tellsEachFactOnce(GuestflowSandbox guestflow, Duration within) {
        await().atMost(within)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertEquals(
                        told(guestflow.facts().all()),
                        audited(guestflow.audits().all()),
                        "facts, and the records that tell them"));
        List<Entry<AuditRecord>> records = guestflow.audits().all();
        assertEquals(audited(records).size(), records.size(), "records, and facts that have one");
        assertEquals(List.of(), findings(records.stream().map(Entry::record).toList()), "what breaks the chains");
        return records;
    }

    /** Holds that the record that a record names as its cause is there, and is about the same request or conversation. */
    static void eachRecordHasItsCause(KafkaSandbox kafka, List<Entry<AuditRecord>> records, Duration within) {
        Map<String, Set<Source>> causes = records.stream()
                .map(entry -> ((AuditRecord.Entry) entry.value()).content().source())
                .collect(Collectors.groupingBy(Source::topic, Collectors.toSet()));
        Map<Source, String> values = new HashMap<>();
        causes.forEach((topic, sources) -> values.putAll(read(kafka, topic, sources, within)));
        for (Entry<AuditRecord> entry : records) {
            AuditEntry content = ((AuditRecord.Entry) entry.value()).content();
            String cause = values.get(content.source());
            assertTrue(
                    isAbout(cause, content.requestId()) || isAbout(cause, content.conversationId()),
                    () -> "the record at " + content.source() + " is not about what it is said to have caused");
        }
    }

    private static boolean isAbout(@Nullable String cause, @Nullable String id) {
        return cause != null && id != null && cause.contains("\"" + id + "\"");
    }

    private static Map<Source, String> read(KafkaSandbox kafka, String topic, Set<Source> wanted, Duration within) {
        return kafka
                .readCommitted(
                        topic,
                        "causes of all records",
                        records -> records.stream()
                                .map(AuditTrail::place)
                                .collect(Collectors.toSet())
                                .containsAll(wanted),
                        within)
                .stream()
                .collect(Collectors.toMap(AuditTrail::place, ConsumerRecord::value));
    }

    private static Source place(ConsumerRecord<String, String> record) {
        return new Source(record.topic(), record.partition(), record.offset());
    }

    /** By fact: where it lies, what caused it, and when. At least once tells a fact twice: the first one counts. */
    private static Map<String, String> told(List<Entry<Fact>> facts) {
        Map<String, String> told = new TreeMap<>();
        facts.stream()
                .filter(entry -> !(entry.value() instanceof Fact.MessageSeen))
                .forEach(entry -> {
                    Fact fact = entry.value();
                    told.putIfAbsent(fact.factId(), entry.record().partition() + " " + fact.source() + " " + fact.at());
                });
        return told;
    }

    private static Map<String, String> audited(List<Entry<AuditRecord>> records) {
        Map<String, String> audited = new TreeMap<>();
        for (Entry<AuditRecord> entry : records) {
            AuditEntry content = ((AuditRecord.Entry) entry.value()).content();
            audited.put(content.auditId(), entry.record().partition() + " " + content.source() + " " + content.at());
        }
        return audited;
    }

    /** What a check of all partitions finds. */
    static List<Finding> findings(List<ConsumerRecord<String, String>> records) {
        Map<Integer, ChainCheck> checks = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            checks.put(partition, new ChainCheck(partition));
        }
        List<Finding> findings = new ArrayList<>();
        for (ConsumerRecord<String, String> record : records) {
            findings.addAll(checks.get(record.partition())
                    .accept(
                            record.offset(),
                            record.key().getBytes(UTF_8),
                            record.value() == null ? null : record.value().getBytes(UTF_8)));
        }
        checks.values().forEach(check -> findings.addAll(check.end()));
        return findings;
    }
}
