package io.guestflow.processor.audit;

import io.guestflow.processor.wire.UnreadableState;
import java.nio.ByteBuffer;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where the chain of a partition ends.
 *
 * @param seq how many records it has
 * @param hash of the last one; null if there is none
 */
public record ChainHead(long seq, @Nullable String hash) {
    /** Of a chain that has not begun. */
    public static final ChainHead NONE = new ChainHead(0, null);

    private static final byte FORM = 1;
    private static final int HASH_BYTES = 32;
    private static final int SIZE = Byte.BYTES + Long.BYTES + HASH_BYTES;

    /**
     * The stored form's; none if nothing is stored.
     *
     * @throws UnreadableState if it is of another version
     */
    public static ChainHead read(byte @Nullable [] stored) {
        if (stored == null) {
            return NONE;
        }
        if (stored.length != SIZE || stored[0] != FORM) {
            throw new UnreadableState(
                    "the end of an audit chain is stored in a form that this version does not know: run the"
                            + " version that wrote it. Do not delete the state or the changelogs of guestflow-facts: the"
                            + " chain would begin again, and every check of guest-audit would find it broken");
        }
        ByteBuffer in = ByteBuffer.wrap(stored, 1, SIZE - 1);
        long seq = in.getLong();
        byte[] hash = new byte[HASH_BYTES];
        in.get(hash);
        return new ChainHead(seq, Base64.getUrlEncoder().withoutPadding().encodeToString(hash));
    }

    /** The stored form of a head that has a hash. */
    public byte[] write() {
        if (hash == null) {
            throw new IllegalStateException("a chain that has not begun is not stored");
        }
        return ByteBuffer.allocate(SIZE)
                .put(FORM)
                .putLong(seq)
                .put(Base64.getUrlDecoder().decode(hash))
                .array();
    }
}
