package io.guestflow.processor.session;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The events of a conversation that were seen last: eight bytes of hash for each id, and two that tell contents apart. It
 * ends with the conversation's state, and takes no clock to forget.
 *
 * <p>Immutable; {@link #bytes} is what is stored, oldest entry first.
 */
final class RecentEvents {
    /** A message that was sent is two of them: its webhook and itself. */
    static final int MOST = 128;

    static final int ENTRY = Long.BYTES + Short.BYTES;
    static final RecentEvents NONE = new RecentEvents(new byte[0]);

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final byte[] entries;

    private RecentEvents(byte[] entries) {
        this.entries = entries;
    }

    static RecentEvents of(byte[] bytes) {
        return bytes.length == 0 ? NONE : new RecentEvents(bytes);
    }

    /** What an id is to the events seen before. */
    enum Sight {
        NEW,
        SAME,
        /** The id of an event whose content was another. */
        CONFLICT
    }

    /** Ids of different kinds are different even if they read the same: one webhook can be two events. */
    enum Kind {
        MESSAGE_EVENT(0x51),
        STATUS_EVENT(0x52),
        MESSAGE(0x53);

        private final long seed;

        Kind(long seed) {
            this.seed = seed;
        }
    }

    Sight sight(Kind kind, String id, @Nullable String content) {
        long hash = hash(kind.seed, id);
        ByteBuffer in = ByteBuffer.wrap(entries);
        for (int at = 0; at < entries.length; at += ENTRY) {
            if (in.getLong(at) == hash) {
                short before = in.getShort(at + Long.BYTES);
                short now = tag(content);
                return before == now || before == 0 || now == 0 ? Sight.SAME : Sight.CONFLICT;
            }
        }
        return Sight.NEW;
    }

    /** With one more; the oldest goes if there are too many. */
    RecentEvents plus(Kind kind, String id, @Nullable String content) {
        int keep = Math.min(entries.length, (MOST - 1) * ENTRY);
        byte[] after = Arrays.copyOfRange(entries, entries.length - keep, entries.length + ENTRY);
        ByteBuffer.wrap(after, keep, ENTRY).putLong(hash(kind.seed, id)).putShort(tag(content));
        return new RecentEvents(after);
    }

    int count() {
        return entries.length / ENTRY;
    }

    /** Not a copy: for the store. */
    byte[] bytes() {
        return entries;
    }

    /** 0 stands for a content that is not known. */
    private static short tag(@Nullable String content) {
        return content == null ? 0 : (short) (hash(0, content) | 1);
    }

    /** A mix that spreads well; nothing is gained by finding two ids that have the same. */
    private static long hash(long seed, String text) {
        long hash = seed * MULTIPLIER;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * MULTIPLIER;
            hash ^= hash >>> 29;
        }
        hash = (hash ^ (hash >>> 32)) * MULTIPLIER;
        return hash ^ (hash >>> 29);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RecentEvents that && Arrays.equals(entries, that.entries);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(entries);
    }

    @Override
    public String toString() {
        return "RecentEvents[" + count() + "]";
    }
}
