package io.guestflow.processor.effects;

/**
 * Tells this instance's part of the work: a smaller one at once, because another instance counts on what was lost a
 * second after the rebalance, and reading back the outcomes can take longer; a larger one when its work begins.
 *
 * <p>Threading: the poll thread's.
 */
final class Share {
    private final AssignmentListener listener;
    private int assigned;
    private int total = 1;
    private boolean untold;

    Share(AssignmentListener listener) {
        this.listener = listener;
    }

    /** A rebalance has ended; its partitions are not begun yet. */
    void known(int nowAssigned, int nowTotal) {
        boolean less = (long) nowAssigned * total < (long) assigned * nowTotal;
        assigned = nowAssigned;
        total = nowTotal;
        untold = true;
        if (less) {
            begun();
        }
    }

    /** What is assigned is begun from now on. */
    void begun() {
        if (untold) {
            untold = false;
            listener.changed(assigned, total);
        }
    }

    /** The group went on without this instance. Asks nobody for anything: the broker may be away. */
    void lost() {
        known(0, total);
        begun();
    }
}
