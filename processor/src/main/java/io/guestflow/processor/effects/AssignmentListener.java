package io.guestflow.processor.effects;

/**
 * Told how much of the work is this instance's.
 *
 * <p>Threading: called on the poll thread, which it must not hold up.
 */
@FunctionalInterface
public interface AssignmentListener {
    /**
     * This instance has {@code assigned} of the {@code total} partitions of the first lane, whose share of all lanes is the
     * same: equal numbers of all of them go together. A rebalance tells it
     * once: a lost part as soon as this instance can know of it, a gained one when its commands begin. While a rebalance
     * is under way nothing is told, because everything is taken away then, also what comes back; no other instance
     * starts on it before it ends.
     */
    void changed(int assigned, int total);
}
