package io.guestflow.processor.edge;

/**
 * The state of one thing that a health endpoint reports.
 *
 * <p>Whoever supplies it answers from memory, at once and on any thread: a probe never waits for Kafka or CXone.
 */
public sealed interface Health {

    /** It works. */
    record Up() implements Health {}

    /**
     * It does not work, or not yet.
     *
     * @param reason for people; names no guest and no secret, for anybody may read it
     */
    record Down(String reason) implements Health {}

    static Health up() {
        return new Up();
    }

    static Health down(String reason) {
        return new Down(reason);
    }
}
