package io.guestflow.processor.wire;

/** Where intake says how far it has read. */
public final class MarkedPartition {
    /**
     * The partition of session events that every partition of intake marks. Its session task tells the others what the marks
     * come to: so many records a second as there are partitions, and not their square.
     */
    public static final int NUMBER = 0;

    private MarkedPartition() {}
}
