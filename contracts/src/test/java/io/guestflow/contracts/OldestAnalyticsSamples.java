package io.guestflow.contracts;

import io.guestflow.contracts.analytics.AuthCounts;
import io.guestflow.contracts.analytics.DurationS;
import io.guestflow.contracts.analytics.LatencyMs;
import io.guestflow.contracts.analytics.MessageCounts;
import io.guestflow.contracts.analytics.MetricsPartial;
import io.guestflow.contracts.analytics.MetricsWindow;
import io.guestflow.contracts.analytics.PartialDistribution;
import io.guestflow.contracts.analytics.SessionCounts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** What the oldest samples of analytics mean, told in Java. */
final class OldestAnalyticsSamples {
    private static final Instant SEVEN = Instant.parse("2026-11-22T07:00:00Z");
    private static final String CHANNEL = "web-messaging-channel-01";

    private OldestAnalyticsSamples() {}

    static Stream<Arguments> all() {
        return Stream.of(
                Arguments.of(
                        "guest-metrics/1",
                        "01-design",
                        MetricsWindow.CODEC,
                        new MetricsWindow(
                                "1m",
                                SEVEN,
                                SEVEN.plusSeconds(60),
                                CHANNEL,
                                "*",
                                "*",
                                1,
                                new AuthCounts(10, 8, 1, 1, Map.of("400", 1L, "429", 1L)),
                                new LatencyMs(8, 90L, 131.2, 128L, 170L, 201L, 203L),
                                new SessionCounts(8, 2, 1, 4),
                                new MessageCounts(31, 28),
                                new DurationS(4, 212L, 400L, 431L))),
                Arguments.of(
                        "guest-metrics/1",
                        "02-nobody-authenticated",
                        MetricsWindow.CODEC,
                        new MetricsWindow(
                                "1h",
                                SEVEN,
                                SEVEN.plusSeconds(3600),
                                "unknown",
                                "other",
                                "organic",
                                2,
                                new AuthCounts(0, 0, 0, 0, Map.of()),
                                new LatencyMs(0, null, null, null, null, null, null),
                                new SessionCounts(0, 0, 0, 0),
                                new MessageCounts(1, 0),
                                new DurationS(0, null, null, null))),
                Arguments.of(
                        "guest-metrics-partial/1",
                        "01-partial",
                        MetricsPartial.CODEC,
                        new MetricsPartial.Part(
                                "1m",
                                SEVEN,
                                SEVEN.plusSeconds(60),
                                CHANNEL,
                                "*",
                                "*",
                                3,
                                4711,
                                new AuthCounts(3, 2, 0, 1, Map.of("504", 1L)),
                                new PartialDistribution(2, 90L, 203L, 293L, List.of(), "HISTAAAAAwAAAAAAAAAC"),
                                new SessionCounts(2, 1, 3, 4),
                                new MessageCounts(5, 6),
                                new PartialDistribution(0, null, null, null, List.of(), null))),
                Arguments.of(
                        "guest-metrics-partial/1",
                        "02-closed",
                        MetricsPartial.CODEC,
                        new MetricsPartial.Closed(3, SEVEN.plusSeconds(70))));
    }
}
