package io.guestflow.contracts.audit;

import io.guestflow.contracts.codec.Fields;
import java.util.Set;

/**
 * What a check reads of a record: its place in the chain. What it tells need not be known to be checked: an event or a
 * reason that a later version added is hashed like any other.
 *
 * @param erased whether it says that it is erased
 * @param erasedAsAWhole whether nothing is left then but what the contract says
 */
record ChainedRecord(String auditId, Chain chain, boolean erased, boolean erasedAsAWhole) {
    private static final Set<String> LEFT = Set.of("auditId", "erasedAt", "chain");

    static ChainedRecord read(byte[] value) {
        Fields in = AuditRecord.CODEC.fields(value);
        boolean erased = in.optionalTime("erasedAt") != null;
        Chain chain = Chain.read(in.object("chain"));
        ChainedRecord record = new ChainedRecord(
                in.id("auditId"), chain, erased, LEFT.containsAll(in.names()) && chain.salt() == null);
        in.check();
        return record;
    }

    /** What the hash of its chain must be. */
    String hash() {
        return ChainRule.hash(auditId, chain.partition(), chain.seq(), chain.prevHash(), chain.contentHash());
    }
}
