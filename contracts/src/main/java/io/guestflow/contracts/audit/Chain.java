package io.guestflow.contracts.audit;

import io.guestflow.contracts.codec.Fields;
import org.jspecify.annotations.Nullable;

/**
 * Where a record stands in the chain of its partition. What each part is, and how the hashes are made, is
 * {@link ChainRule}'s.
 *
 * @param partition the chain's, which is the record's own
 * @param seq which record of the chain, from 1 on, without a gap
 * @param prevHash {@code hash} of the record before; absent on the first
 * @param salt makes the content's hash one that nobody can guess the content by; goes when the content is erased
 * @param contentHash of the content; stays when the content is erased
 * @param hash of all that, which the next record repeats
 */
public record Chain(
        int partition,
        long seq,
        @Nullable String prevHash,
        @Nullable String salt,
        String contentHash,
        String hash) {
    private static final int MAX_HASH = 64;

    static Chain read(Fields in) {
        return new Chain(
                in.count("partition", 0),
                in.whole("seq", 1, Fields.MAX_WHOLE),
                in.optionalText("prevHash", MAX_HASH),
                in.optionalId("salt"),
                in.text("contentHash", MAX_HASH),
                in.text("hash", MAX_HASH));
    }
}
