package io.guestflow.contracts.facts;

/** Who wrote a message. */
public enum Direction {
    /** The guest. */
    INBOUND,
    /** Bot, agent or system. */
    OUTBOUND
}
