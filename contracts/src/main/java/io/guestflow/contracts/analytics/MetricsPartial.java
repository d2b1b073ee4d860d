package io.guestflow.contracts.analytics;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.JsonCodec;
import java.time.Instant;

/**
 * What one partition of facts has to say to those who merge windows. On {@code guest-metrics-partials}.
 *
 * <p>Readers first, writers a release later: in a rolling upgrade instances of both versions read each other's, and what a
 * reader does not know it must not leave out of a window. So a new version, kind or necessary field is written by the
 * release after the one that reads it.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
public sealed interface MetricsPartial {
    /** Version 1. */
    JsonCodec<MetricsPartial> CODEC = JsonCodec.of("guest-metrics-partial/1", MetricsPartial::read);

    /** The partition of {@code guest-facts}. */
    int sourcePartition();

    /**
     * What the facts of the partition come to in one window, for one combination of dimensions. Key {@link #windowKey()};
     * always the whole of it, so that the last one of a partition takes the place of those before. Its counts never become
     * less. The fields are those of {@link MetricsWindow}, with what is needed to merge.
     *
     * @param countedTo where the last fact lies that is in it
     */
    record Part(
            String windowSize,
            Instant windowStart,
            Instant windowEnd,
            String channelId,
            String segment,
            String campaign,
            int sourcePartition,
            long countedTo,
            AuthCounts auth,
            PartialDistribution authLatencyMs,
            SessionCounts sessions,
            MessageCounts messages,
            PartialDistribution conversationDurationS)
            implements MetricsPartial {
        /** The key of the window that it is a part of. */
        public String windowKey() {
            return MetricsKey.of(windowSize, windowStart, channelId, segment, campaign);
        }
    }

    /**
     * The partition has sent its parts of all windows that close by that time; what it sends of them from now on is late.
     * In each partition of the topic, key {@code closed/sourcePartition}.
     *
     * @param until a window closes at its end plus the grace
     */
    record Closed(int sourcePartition, Instant until) implements MetricsPartial {}

    private static MetricsPartial read(Fields in) {
        return switch (in.text("kind", Fields.MAX_ID)) {
            case "Part" -> part(in);
            case "Closed" -> new Closed(in.count("sourcePartition", 0), in.time("until"));
            default -> throw in.unknownKind();
        };
    }

    private static Part part(Fields in) {
        return new Part(
                in.text("windowSize", MetricsKey.LONGEST_SIZE),
                in.time("windowStart"),
                in.time("windowEnd"),
                in.id("channelId"),
                in.id("segment"),
                in.id("campaign"),
                in.count("sourcePartition", 0),
                in.whole("countedTo", 0, Fields.MAX_WHOLE),
                AuthCounts.read(in.object("auth")),
                PartialDistribution.read(in.object("authLatencyMs")),
                SessionCounts.read(in.object("sessions")),
                MessageCounts.read(in.object("messages")),
                PartialDistribution.read(in.object("conversationDurationS")));
    }
}
