package io.guestflow.processor.inspect;

import io.guestflow.contracts.audit.AuditDetails;
import io.guestflow.contracts.audit.AuditEntry;
import io.guestflow.contracts.audit.AuditEvent;
import io.guestflow.contracts.audit.AuditRecord;
import io.guestflow.contracts.audit.ChainRule;
import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Source;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A chain of audit records as the processor publishes them, for tests. */
public final class Audits {
    public static final Instant SEVEN = Instant.parse("2026-11-22T07:00:00.143Z");

    private final int partition;
    private long seq;
    private @Nullable String hash;

    public Audits(int partition) {
        this.partition = partition;
    }

    public AuditRecord.Entry next(AuditEntry entry) {
        AuditRecord.Entry record = ChainRule.next(entry, partition, ++seq, hash, "salt-" + seq);
        hash = record.chain().hash();
        return record;
    }

    public static AuditEntry succeeded(String auditId, String requestId, String conversationId) {
        return new AuditEntry(
                auditId,
                SEVEN,
                AuditEvent.AUTH_SUCCEEDED,
                "k1.guest",
                conversationId,
                "channel-1",
                requestId,
                1,
                "AUTHENTICATED",
                201,
                143L,
                2,
                new Consent(true, SEVEN.minusMillis(143), "v2.1"),
                List.of("segment", "campaign"),
                List.of(new ContextDrop("unknown#1", ContextDrop.Reason.NOT_ALLOWED)),
                new AuditDetails(
                        null,
                        SEVEN.plusSeconds(1800),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null),
                new Source("cxone-auth-outcomes", 3, 17));
    }

    public static AuditEntry ended(String auditId, String conversationId) {
        return new AuditEntry(
                auditId,
                SEVEN.plusSeconds(900),
                AuditEvent.SESSION_ENDED,
                "k1.guest",
                conversationId,
                "channel-1",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                List.of(),
                new AuditDetails(
                        SEVEN,
                        null,
                        null,
                        null,
                        SEVEN.plusSeconds(900),
                        EndReason.REVOKED,
                        1,
                        null,
                        null,
                        4,
                        5,
                        null,
                        SEVEN.plusSeconds(1800),
                        "CONSENT_WITHDRAWN",
                        null),
                new Source("session-events", 1, 9));
    }
}
