package io.guestflow.processor.analytics;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Values of a dimension that a window tells apart, and where the fact lies that each came with, as they are stored: those
 * whose hashes begin alike are one entry. With an entry for each value, a window of thousands of them would fill the cache
 * of its task; with one for all, each that is new would have all of them written anew.
 *
 * <p>Threading: for one thread.
 */
final class CountedValues {
    /** Before a value has come. */
    static final long NEVER = -1;

    private static final int VALUE_BYTES = 2 * Long.BYTES;

    private final byte[] stored;

    private CountedValues(byte[] stored) {
        this.stored = stored;
    }

    /** As they were stored; none if they were not. */
    static CountedValues of(byte @Nullable [] stored) {
        return new CountedValues(stored == null ? new byte[0] : stored);
    }

    /** Stands for a value. 64 bits of a good hash: whoever finds values with equal ones has as many of them as he likes. */
    static long hash(byte[] value) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(value))
                    .getLong();
        } catch (NoSuchAlgorithmException impossible) {
            // Every Java platform has SHA-256 (java.security.MessageDigest's requirements).
            throw new IllegalStateException("SHA-256 is not usable on this JDK", impossible);
        }
    }

    /** Which entry a value belongs to, of 256. */
    static byte entry(long hash) {
        return (byte) (hash >>> (Long.SIZE - Byte.SIZE));
    }

    /** The offset of the fact that a value came with; {@link #NEVER} if it did not. */
    long cameAt(long hash) {
        ByteBuffer values = ByteBuffer.wrap(stored);
        while (values.hasRemaining()) {
            long known = values.getLong();
            long offset = values.getLong();
            if (known == hash) {
                return offset;
            }
        }
        return NEVER;
    }

    /** With one that has not come before. */
    CountedValues with(long hash, long offset) {
        byte[] more = Arrays.copyOf(stored, stored.length + VALUE_BYTES);
        ByteBuffer.wrap(more, stored.length, VALUE_BYTES).putLong(hash).putLong(offset);
        return new CountedValues(more);
    }

    byte[] bytes() {
        return stored;
    }
}
