package io.guestflow.processor.wire;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How far the consumer of a stream thread is with a partition.
 *
 * @param lag records that lie in the partition and have not been handed out; empty if the consumer does not know
 * @param delivered how many records of it the consumer has ever handed out: those that the thread has not processed
 *     yet are among them, lying in a task's buffer
 * @param sincePoll how long ago the consumer last looked
 */
public record PartitionProgress(OptionalLong lag, long delivered, Duration sincePoll) {}
