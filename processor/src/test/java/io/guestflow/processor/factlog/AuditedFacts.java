package io.guestflow.processor.factlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.audit.ChainCheck;
import io.guestflow.contracts.audit.ChainCheck.Finding;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;

/** What a check finds of what the audit made of facts. */
final class AuditedFacts {
    private AuditedFacts() {}

    static List<Finding> findings(FactLogHarness log) {
        ChainCheck check = new ChainCheck(0);
        List<Finding> findings = new ArrayList<>();
        long offset = 0;
        for (TestRecord<byte[], byte[]> record : log.audits()) {
            assertTrue(new String(record.key(), UTF_8).length() <= 128);
            findings.addAll(check.accept(offset++, record.key(), record.value()));
        }
        findings.addAll(check.end());
        return findings;
    }
}
