package io.guestflow.processor.system;

import static io.guestflow.processor.system.GuestflowSandbox.PARTITIONS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.audit.AuditRecord;
import io.guestflow.contracts.audit.ChainCheck;
import io.guestflow.contracts.audit.ChainCheck.Finding;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.processor.system.Entries.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Holds the committed audit records against the committed facts, and against their own chains. */
final class AuditTrail {
    private AuditTrail() {}

    /** Waits for it, and holds that each fact but messages has one record, in its partition, and that nothing else has. */
    static List<Entry<AuditRecord>> tellsEachFactOnce(GuestflowSandbox guestflow, Duration within) {
        Map<String, String> facts = new TreeMap<>();
        guestflow.facts().all(fact -> !(fact instanceof Fact.MessageSeen)).forEach(entry -> {
            Fact fact = entry.value();
            facts.put(fact.factId(), entry.record().partition() + " " + fact.source() + " " + fact.at());
        });
        List<Entry<AuditRecord>> records =
                guestflow.audits().await(facts.size() + " audit records", all -> all.size() >= facts.size(), within);
        Map<String, String> audited = new TreeMap<>();
        List<String> twice = new ArrayList<>();
        for (Entry<AuditRecord> entry : records) {
            AuditRecord.Entry record = (AuditRecord.Entry) entry.value();
            String told = entry.record().partition() + " " + record.content().source() + " "
                    + record.content().at();
            if (audited.put(record.auditId(), told) != null) {
                twice.add(record.auditId());
            }
        }
        assertEquals(List.of(), twice, "facts with two audit records");
        assertEquals(facts, audited, "facts, and the records that tell them");
        assertEquals(List.of(), findings(records.stream().map(Entry::record).toList()), "what breaks the chains");
        return records;
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
