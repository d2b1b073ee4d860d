package io.guestflow.processor.effects;

/**
 * When a partition may be polled. A poll can bring its whole batch from one partition, so there must be room for that
 * much before it: then neither bound is ever exceeded.
 *
 * @param window most records of one partition at or above its committed offset
 * @param inFlight most commands of all partitions that are not complete
 * @param batch most records that one poll brings
 */
record Admission(int window, int inFlight, int batch) {
    Admission {
        if (batch < 1 || window < batch || inFlight < batch) {
            throw new IllegalArgumentException("a poll of " + batch + " records does not fit into a window of " + window
                    + " and " + inFlight + " in flight");
        }
    }

    /** Whether a partition with {@code window} may be polled while {@code inFlight} commands are not complete. */
    boolean admits(int window, int inFlight) {
        return window + batch <= this.window && inFlight + batch <= this.inFlight;
    }
}
