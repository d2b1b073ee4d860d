package io.guestflow.processor.runtime;

/**
 * How missing topics are dealt with.
 *
 * @param create whether they are created
 * @param partitions of topics that must have equal counts, while none of them exists
 * @param replication copies of each partition; -1 leaves it to the broker
 */
public record TopicSettings(boolean create, int partitions, short replication) {}
