package io.guestflow.processor.effects;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Which commands of an assignment an earlier owner of the partition may have begun. An owner that ends in order says
 * with its last commit up to where it had begun; one that died could not, and then everything that was there when it
 * died is suspect, up to the window that bounds every owner. So this errs on one side only: it never calls a command
 * new that was begun before.
 *
 * <p>Threading: none of its own; the poll thread's.
 */
final class Redelivery {
    private static final String BEGUN_BEFORE = "begun<";

    private final long until;
    private int left;

    private Redelivery(long until, int atMost) {
        this.until = until;
        this.left = atMost;
    }

    /**
     * For an assignment that begins now.
     *
     * @param committed the last commit, of whoever made it; null if there never was one
     * @param end the offset behind the last record that is there now
     * @param window most records that an owner has begun at or above its committed offset
     */
    static Redelivery since(@Nullable OffsetAndMetadata committed, long end, int window) {
        return new Redelivery(committed == null ? end : begunBefore(committed.metadata(), end), window);
    }

    /** Whether the command at {@code offset} may have been begun before. Ask once for each record, in order. */
    boolean suspects(long offset) {
        if (offset >= until || left == 0) {
            return false;
        }
        left--;
        return true;
    }

    /**
     * What to say with the last commit of an assignment: the next owner's {@code since} reads it.
     *
     * @param next the offset behind the last record that this owner has begun
     */
    String lastWord(long next) {
        return BEGUN_BEFORE + (left == 0 ? next : Math.max(next, until));
    }

    private static long begunBefore(String metadata, long otherwise) {
        if (!metadata.startsWith(BEGUN_BEFORE)) {
            return otherwise;
        }
        try {
            return Long.parseLong(metadata.substring(BEGUN_BEFORE.length()));
        } catch (NumberFormatException notOurs) {
            return otherwise;
        }
    }
}
