package io.guestflow.processor.effects;

/**
 * When a partition of a lane may be polled. Each lane has places of its own, so that commands of one, however slow, never
 * fill those of another. A poll can bring its whole batch from one partition, so there must be room for that
 * much before it: then neither bound is ever exceeded.
 *
 * @param window most records of one partition at or above its committed offset, complete ones included
 * @param inFlight most commands of one lane that are not complete
 * @param batch most records that one poll brings
 */
record Admission(int window, int inFlight, int batch) {
    Admission {
        if (batch < 1 || window < batch || inFlight < batch) {
            throw new IllegalArgumentException("a poll of " + batch + " records does not fit into a window of " + window
                    + " and " + inFlight + " in flight");
        }
    }

    /** Most commands of one partition that are not complete: what a crash can repeat. */
    static final int INCOMPLETE = 256;

    /** Whether a partition may be polled while {@code inFlight} commands of its lane are not complete. */
    boolean admits(int window, int incomplete, int inFlight) {
        return window + batch <= this.window && incomplete + batch <= INCOMPLETE && inFlight + batch <= this.inFlight;
    }
}
