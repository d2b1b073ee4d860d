package io.guestflow.processor.sandbox.bench.sessions;

import io.guestflow.processor.sandbox.bench.Percentiles;
import java.util.Map;

/**
 * What became of many sessions whose ends are spread.
 *
 * @param loadSeconds until all openings were published
 * @param refreshes from when a refresh is due to when its command could be read, in milliseconds
 * @param expiring from when an idle session is inside the threshold to when it could be read as EXPIRING
 * @param expiries from its end to when it could be read as EXPIRED
 * @param webhooksPerSecond that went through intake meanwhile
 * @param extended extensions that the simulator has made
 * @param mostRssMiB of the processor, from the first opening to the last end
 * @param changelogBytes appended from before the first opening to after the last end, by changelog
 * @param bytesPerSession all of it, for each session
 * @param bytesPerSessionAndHour the same over the time that it took
 * @param authIdle added latency of authentications before there was any session
 * @param authMeanwhile the same in the middle of it
 */
record LatenessFigures(
        double loadSeconds,
        Percentiles refreshes,
        Percentiles expiring,
        Percentiles expiries,
        double webhooksPerSecond,
        long extended,
        double mostRssMiB,
        Map<String, Long> changelogBytes,
        double bytesPerSession,
        double bytesPerSessionAndHour,
        Percentiles authIdle,
        Percentiles authMeanwhile) {}
