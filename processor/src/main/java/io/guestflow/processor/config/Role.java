package io.guestflow.processor.config;

/** A part of the process that can run alone; {@code GUESTFLOW_ROLES} names those that this process runs. */
public enum Role {
    /** The Kafka Streams applications. */
    STREAMS,
    /** The command consumers that call CXone. */
    EFFECTS,
    /** The HTTP listener. */
    EDGE
}
