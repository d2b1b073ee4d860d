package io.guestflow.processor.sandbox.cxone;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A stretch of time in which the tenant was told, by 429 and {@code Retry-After}, to keep away.
 *
 * @param arrivals how long after the first announcement each call came that came all the same; those of the first
 *     milliseconds were on their way when the announcement was made
 */
public record Pause(Instant announcedAt, Instant endsAt, List<Duration> arrivals) {}
