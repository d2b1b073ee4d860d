package io.guestflow.processor.effects;

/**
 * Told how much of the work is this instance's.
 *
 * <p>Threading: called on the poll thread, which it must not hold up.
 */
@FunctionalInterface
public interface AssignmentListener {
    /**
     * This instance has {@code assigned} of the {@code total} partitions of all command topics. A rebalance tells it
     * once, when it ends: no other instance starts on what this one gives up before that.
     */
    void changed(int assigned, int total);
}
