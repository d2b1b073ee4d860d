package io.guestflow.processor.effects;

import java.time.Duration;

/**
 * How commands are consumed.
 *
 * @param groupId the consumer group that shares the commands
 * @param instanceId the static member's name: no other process may have it; a restart with the same name within
 *     {@code sessionTimeout} keeps its partitions
 * @param sessionTimeout how long the group waits for a member that is silent
 * @param window most commands of one partition at or above its committed offset. It is wide, because one slow command
 *     holds the offset back while those behind it complete; a crash repeats none that is complete, as long as
 *     {@code tail} is wider
 * @param inFlight most commands of one lane, over all its partitions, that are not complete
 * @param tail how many outcomes of a partition are read back when it is assigned
 * @param revokeWait how long a rebalance may be held up by commands that are running
 * @param leaveOnClose whether closing gives the partitions away at once, or keeps them for a restart
 */
public record EffectsSettings(
        String groupId,
        String instanceId,
        Duration sessionTimeout,
        int window,
        int inFlight,
        int tail,
        Duration revokeWait,
        boolean leaveOnClose) {

    /** Most records that one poll brings. */
    static final int BATCH = 64;

    /** Bounds that fit 12 partitions and calls of some 100 ms. */
    public static EffectsSettings defaults(String groupId, String instanceId) {
        return new EffectsSettings(
                groupId, instanceId, Duration.ofSeconds(6), 2048, 512, 3072, Duration.ofSeconds(2), false);
    }

    Admission admission() {
        return new Admission(window, inFlight, BATCH);
    }
}
