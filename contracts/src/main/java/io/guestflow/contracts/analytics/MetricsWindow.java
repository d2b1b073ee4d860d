package io.guestflow.contracts.analytics;

import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.JsonCodec;
import java.time.Instant;

/**
 * What happened in one window of time, for one combination of dimensions. On {@code guest-metrics}, key {@link #key()}.
 * One record for a window in the ordinary case. Facts that come late bring the same key again with the whole window and
 * the next revision: the last one is the truth.
 *
 * @param windowSize how long the window is, written as in the settings, in the largest unit that it is a whole number of:
 *     {@code 1m}, though the setting may say {@code 60s}
 * @param windowStart when it begins
 * @param windowEnd when it ends; what happens at that very moment belongs to the next one
 * @param channelId the channel; {@code unknown} where a fact has none, {@code other} for those beyond the most that a
 *     window tells apart
 * @param segment the same for the segment; {@code *} where it is not told apart
 * @param campaign the same for the campaign
 * @param revision which publication of this window it is, from 1 on
 */
public record MetricsWindow(
        String windowSize,
        Instant windowStart,
        Instant windowEnd,
        String channelId,
        String segment,
        String campaign,
        int revision,
        AuthCounts auth,
        LatencyMs authLatencyMs,
        SessionCounts sessions,
        MessageCounts messages,
        DurationS conversationDurationS) {
    /** Version 1. */
    public static final JsonCodec<MetricsWindow> CODEC = JsonCodec.of("guest-metrics/1", MetricsWindow::read);

    /** The key of its record. */
    public String key() {
        return MetricsKey.of(windowSize, windowStart, channelId, segment, campaign);
    }

    private static MetricsWindow read(Fields in) {
        return new MetricsWindow(
                in.text("windowSize", MetricsKey.LONGEST_SIZE),
                in.time("windowStart"),
                in.time("windowEnd"),
                in.id("channelId"),
                in.id("segment"),
                in.id("campaign"),
                in.count("revision", 1),
                AuthCounts.read(in.object("auth")),
                LatencyMs.read(in.object("authLatencyMs")),
                SessionCounts.read(in.object("sessions")),
                MessageCounts.read(in.object("messages")),
                DurationS.read(in.object("conversationDurationS")));
    }
}
