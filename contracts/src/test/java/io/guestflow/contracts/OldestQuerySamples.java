package io.guestflow.contracts;

import static io.guestflow.contracts.GoldenSampleTest.oldest;

import io.guestflow.contracts.analytics.ConversationMetrics;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.cxone.ConversationFigures;
import io.guestflow.contracts.cxone.PagingFault;
import io.guestflow.contracts.cxone.QueryCommand;
import io.guestflow.contracts.cxone.QueryOutcome;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Measurement;
import io.guestflow.contracts.facts.Source;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** What the oldest samples of CXone's own figures say, for {@link GoldenSampleTest}. */
final class OldestQuerySamples {
    private static final Instant SEVEN = Instant.parse("2026-11-22T07:00:00Z");
    private static final Instant TWENTY_TO = Instant.parse("2026-11-22T07:40:00Z");
    private static final String CHANNEL = "web-messaging-channel-01";
    private static final String GUEST_REF = "k1.q8vTzYw0AL8EZ1cC2Xf9Qw";
    private static final String FACT = "oLHqXvFzGJ0u4y1a9b2c3d";

    private OldestQuerySamples() {}

    static Stream<Arguments> all() {
        return Stream.of(
                oldest(
                        "cxone-query-command/1",
                        "01-measure",
                        QueryCommand.CODEC,
                        new QueryCommand.MeasureConversations(
                                "17." + FACT, List.of("conv-0001", "conv-0002"), TWENTY_TO.plusSeconds(150))),
                oldest(
                        "cxone-query-outcome/1",
                        "01-measured",
                        QueryOutcome.CODEC,
                        new QueryOutcome.Measured(
                                "17." + FACT,
                                List.of(new ConversationFigures(
                                        "conv-0001", SEVEN, TWENTY_TO.plusMillis(1_500), 2_401_500, 17)),
                                1,
                                1,
                                TWENTY_TO.plusSeconds(31))),
                oldest(
                        "cxone-query-outcome/1",
                        "02-measured-in-part",
                        QueryOutcome.CODEC,
                        new QueryOutcome.MeasuredInPart(
                                "18." + FACT,
                                List.of(new ConversationFigures("conv-0002", null, null, 1_000, 0)),
                                PagingFault.CALL_FAILED,
                                List.of(),
                                ErrorCode.RATE_LIMITED,
                                "CXone asks to wait",
                                30,
                                2,
                                4,
                                TWENTY_TO.plusSeconds(33))),
                oldest(
                        "cxone-query-outcome/1",
                        "03-call-failed",
                        QueryOutcome.CODEC,
                        new QueryOutcome.CallFailed(
                                "19." + FACT,
                                ErrorCode.RATE_LIMITED,
                                429,
                                "CXone asks to wait",
                                30,
                                1,
                                TWENTY_TO.plusSeconds(34))),
                oldest(
                        "guest-conversation-metrics/1",
                        "01-measured",
                        ConversationMetrics.CODEC,
                        new ConversationMetrics(
                                "conv-0001",
                                GUEST_REF,
                                new Dimensions(CHANNEL, "anonymous", "organic"),
                                Measurement.MEASURED,
                                EndReason.CLOSED_UPSTREAM,
                                new ConversationMetrics.Own(SEVEN.plusMillis(143), TWENTY_TO, 2_399_857, 7, 9),
                                new ConversationMetrics.Upstream(SEVEN, TWENTY_TO.minusSeconds(1), 2_399_000, 17),
                                new ConversationMetrics.Difference(-857, 1),
                                2,
                                TWENTY_TO.plusSeconds(91))),
                oldest(
                        "guest-fact/1",
                        "15-conversation-measured",
                        Fact.CODEC,
                        new Fact.ConversationMeasured(
                                "tLHqXvFzGJ0u4y1a9b2c3d",
                                TWENTY_TO.plusSeconds(91),
                                GUEST_REF,
                                new Dimensions(CHANNEL, null, null),
                                new Source("cxone-query-outcomes", 3, 21),
                                "conv-0001",
                                Measurement.MEASURED,
                                2,
                                2_399_000L,
                                17L,
                                -857L,
                                1L)));
    }
}
