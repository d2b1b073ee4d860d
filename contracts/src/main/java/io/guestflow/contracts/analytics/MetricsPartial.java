package io.guestflow.contracts.analytics;

import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.JsonCodec;
import java.time.Instant;

/**
 * What the facts of one partition come to in one window, for one combination of dimensions. On
 * {@code guest-metrics-partials}; always the whole of it, so that the last one of a partition takes the place of those
 * before. The fields are those of {@link MetricsWindow}, with what is needed to merge.
 *
 * @param sourcePartition the partition of {@code guest-facts}
 */
public record MetricsPartial(
        String windowSize,
        Instant windowStart,
        Instant windowEnd,
        String channelId,
        String segment,
        String campaign,
        int sourcePartition,
        AuthCounts auth,
        PartialDistribution authLatencyMs,
        SessionCounts sessions,
        MessageCounts messages,
        PartialDistribution conversationDurationS) {
    /** Version 1. */
    public static final JsonCodec<MetricsPartial> CODEC = JsonCodec.of("guest-metrics-partial/1", MetricsPartial::read);

    /** The key of the window that it is a part of. */
    public String windowKey() {
        return MetricsKey.of(windowSize, windowStart, channelId, segment, campaign);
    }

    private static MetricsPartial read(Fields in) {
        return new MetricsPartial(
                in.text("windowSize", MetricsKey.LONGEST_SIZE),
                in.time("windowStart"),
                in.time("windowEnd"),
                in.id("channelId"),
                in.id("segment"),
                in.id("campaign"),
                in.count("sourcePartition", 0),
                AuthCounts.read(in.object("auth")),
                PartialDistribution.read(in.object("authLatencyMs")),
                SessionCounts.read(in.object("sessions")),
                MessageCounts.read(in.object("messages")),
                PartialDistribution.read(in.object("conversationDurationS")));
    }
}
