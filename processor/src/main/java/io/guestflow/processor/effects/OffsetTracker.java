package io.guestflow.processor.effects;

import java.util.ArrayDeque;
import java.util.TreeSet;

/**
 * Which of one partition's delivered records are complete, and so how far its offset may be committed. Tracks records,
 * not numbers: the markers of transactions take offsets that are never delivered.
 *
 * <p>Threading: none of its own; the owner guards it.
 */
final class OffsetTracker {
    private final TreeSet<Long> incomplete = new TreeSet<>();
    /** Delivered and not below the last committed offset, in order. */
    private final ArrayDeque<Long> window = new ArrayDeque<>();

    private long highestDelivered = -1;

    /**
     * A record was handed out.
     *
     * @throws IllegalStateException if a record at or above {@code offset} was handed out before
     */
    void delivered(long offset) {
        if (offset <= highestDelivered) {
            throw new IllegalStateException("offset " + offset + " was delivered after " + highestDelivered
                    + ": the partition's log was truncated or the topic made anew");
        }
        highestDelivered = offset;
        incomplete.add(offset);
        window.add(offset);
    }

    /**
     * Nothing more is to be done for the record.
     *
     * @throws IllegalStateException if it was not delivered or is complete already
     */
    void complete(long offset) {
        if (!incomplete.remove(offset)) {
            throw new IllegalStateException("offset " + offset + " is not one that is being worked on");
        }
    }

    /**
     * The offset that may be committed: the lowest incomplete record, else {@code position}, which is that of the next
     * record to be delivered.
     */
    long committable(long position) {
        return incomplete.isEmpty() ? position : incomplete.first();
    }

    /** The broker has {@code offset} as the committed one. */
    void committed(long offset) {
        while (!window.isEmpty() && window.getFirst() < offset) {
            window.removeFirst();
        }
    }

    /** Records delivered and not complete. */
    int incomplete() {
        return incomplete.size();
    }

    /** Records at or above the last committed offset: those that would be delivered again after a crash. */
    int window() {
        return window.size();
    }
}
