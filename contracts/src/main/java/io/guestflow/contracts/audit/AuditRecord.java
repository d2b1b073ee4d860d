package io.guestflow.contracts.audit;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.JsonCodec;
import java.time.Instant;

/**
 * One decision, on {@code guest-audit}, key {@code auditId}, compacted, in the fact's partition, in which records are
 * chained by {@link ChainRule}. A key is never used for another fact, and written once: the only thing that may take a
 * record's place is {@link Erased}. A tombstone would break the chain, so there is none.
 */
public sealed interface AuditRecord {
    /** Version 1. */
    JsonCodec<AuditRecord> CODEC = JsonCodec.of("guest-audit/1", AuditRecord::read);

    /** The fact's id. */
    String auditId();

    /** Where it stands in its partition. */
    Chain chain();

    /** A record as it was written. */
    record Entry(@JsonUnwrapped AuditEntry content, Chain chain) implements AuditRecord {
        @Override
        public String auditId() {
            return content.auditId();
        }
    }

    /**
     * A record whose content was erased, and its salt with it. The chain goes on through it, because what it hashes of the
     * content is left. It has the timestamp of the record whose place it takes: by the last one's a chain goes on whose state
     * was lost. Not written yet; a reader takes it.
     */
    record Erased(String auditId, Instant erasedAt, Chain chain) implements AuditRecord {}

    private static AuditRecord read(Fields in) {
        Instant erasedAt = in.optionalTime("erasedAt");
        return erasedAt == null
                ? new Entry(AuditEntry.read(in), Chain.read(in.object("chain")))
                : new Erased(in.id("auditId"), erasedAt, Chain.read(in.object("chain")));
    }
}
