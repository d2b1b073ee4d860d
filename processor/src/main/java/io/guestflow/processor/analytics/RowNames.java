package io.guestflow.processor.analytics;

import io.guestflow.contracts.analytics.MetricsKey;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Fact;
import org.jspecify.annotations.Nullable;

/**
 * Where a fact is counted, before rows are bounded.
 *
 * <p>Threading: immutable, may be shared.
 */
record RowNames(AnalyticsRules rules) {
    /** The dimensions of its rows, as {@link Row#dimensions} has them. */
    byte[] dimensions(Fact fact) {
        Dimensions dimensions = fact.dimensions();
        String channelId = named(dimensions.channelId());
        return Row.dimensions(
                refusesChannel(fact) && !rules.channels().contains(channelId) ? MetricsKey.OTHER : channelId,
                rules.bySegment() ? named(dimensions.segment()) : MetricsKey.OFF,
                rules.byCampaign() ? named(dimensions.campaign()) : MetricsKey.OFF);
    }

    /** Then the channel is whatever a stranger wrote, and does not become the name of a row. */
    private static boolean refusesChannel(Fact fact) {
        return fact instanceof Fact.AuthRejected rejected
                && (rejected.code() == ErrorCode.CHANNEL_NOT_ALLOWED || rejected.code() == ErrorCode.INVALID_REQUEST);
    }

    /** A value that is called as what stands for something else is one of the others. */
    private static String named(@Nullable String value) {
        if (value == null) {
            return MetricsKey.UNKNOWN;
        }
        return switch (value) {
            case MetricsKey.OFF, MetricsKey.OTHER, MetricsKey.UNKNOWN -> MetricsKey.OTHER;
            default -> value;
        };
    }
}
