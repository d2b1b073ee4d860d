package io.guestflow.contracts.audit;

import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.codec.Fields;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The place of a record in its chain, which is all that a check reads of it. What it tells need not be known to be
 * checked: an event or a reason that a later version added is hashed like any other.
 *
 * <p>Threading: any thread.
 *
 * @param auditId the fact's id
 * @param chain its place, as it says itself
 * @param erased whether it says that it is erased
 * @param erasedAsAWhole whether nothing is left then but what the contract says
 */
public record ChainedRecord(String auditId, Chain chain, boolean erased, boolean erasedAsAWhole) {
    private static final Set<String> LEFT = Set.of("auditId", "erasedAt", "chain");

    /**
     * Of a record of {@code guest-audit}, of this version or a later one.
     *
     * @throws ContractViolation if it has no such place
     */
    public static ChainedRecord read(byte @Nullable [] value) {
        Fields in = AuditRecord.CODEC.fields(value);
        boolean erased = in.optionalTime("erasedAt") != null;
        Chain chain = Chain.read(in.object("chain"));
        ChainedRecord record = new ChainedRecord(
                in.id("auditId"), chain, erased, LEFT.containsAll(in.names()) && chain.salt() == null);
        in.check();
        return record;
    }

    /** What {@code chain.hash} must be by the rest of its chain. */
    public String hash() {
        return ChainRule.hash(auditId, chain.partition(), chain.seq(), chain.prevHash(), chain.contentHash());
    }
}
