package io.guestflow.processor.analytics;

import io.guestflow.contracts.analytics.MetricsPartial;
import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Measurement;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.facts.RefKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Facts and rules of the tests. */
final class Given {
    static final Instant START = Instant.parse("2026-11-22T07:00:00Z");
    static final Duration MINUTE = Duration.ofMinutes(1);
    static final Duration GRACE = Duration.ofSeconds(10);
    static final AnalyticsRules RULES =
            new AnalyticsRules(List.of(MINUTE), GRACE, false, false, 1_000, Duration.ofHours(48), Set.of());
    static final GuestRefs REFS = new GuestRefs(new RefKey("k1", new byte[32]));
    static final Dimensions WEB = new Dimensions("web", "anonymous", "organic");

    private static final Source SOURCE = new Source("session-events", 0, 1);
    private static final Consent CONSENT = new Consent(true, START, "v2.1");

    private static final AtomicLong FACTS = new AtomicLong();

    private Given() {}

    private static String id() {
        return "f" + FACTS.incrementAndGet();
    }

    /** The same rules with other bounds. */
    static AnalyticsRules rules(int valuesMost, boolean bySegment, Duration retention, String... channels) {
        return new AnalyticsRules(List.of(MINUTE), GRACE, bySegment, false, valuesMost, retention, Set.of(channels));
    }

    static Fact succeeded(Instant at, Dimensions dimensions, long latencyMs) {
        return new Fact.AuthSucceeded(
                id(),
                at,
                "k1.g",
                dimensions,
                SOURCE,
                "r",
                1,
                "conv",
                at,
                201,
                latencyMs,
                1,
                CONSENT,
                List.of(),
                List.of());
    }

    static Fact rejected(Instant at, Dimensions dimensions, ErrorCode code) {
        return new Fact.AuthRejected(
                id(),
                at,
                "k1.g",
                dimensions,
                SOURCE,
                "r",
                1,
                code,
                code.httpStatus(),
                2,
                0,
                null,
                List.of(),
                List.of());
    }

    static Fact failed(Instant at, Dimensions dimensions, ErrorCode code) {
        return new Fact.AuthFailed(
                id(),
                at,
                "k1.g",
                dimensions,
                SOURCE,
                "r",
                1,
                code,
                code.httpStatus(),
                9_000,
                1,
                CONSENT,
                List.of(),
                List.of());
    }

    static Fact late(Instant at, Dimensions dimensions) {
        return new Fact.AuthLate(id(), at, "k1.g", dimensions, SOURCE, "r", 1, "conv", at, 201, 1);
    }

    static Fact measured(Instant at, Dimensions dimensions) {
        return new Fact.ConversationMeasured(
                id(), at, "k1.g", dimensions, SOURCE, "conv", Measurement.MEASURED, 1, 61_000L, 4L, 1_000L, 0L);
    }

    static Fact opened(Instant at, Dimensions dimensions) {
        return new Fact.SessionOpened(id(), at, "k1.g", dimensions, SOURCE, "conv", "r", 1, at, at);
    }

    static Fact refreshed(Instant at, Dimensions dimensions) {
        return new Fact.SessionRefreshed(id(), at, "k1.g", dimensions, SOURCE, "conv", at, at, 1, 1, false, true);
    }

    static Fact ended(Instant at, Dimensions dimensions, EndReason reason, Duration lasted) {
        return new Fact.SessionEnded(
                id(),
                at,
                "k1.g",
                dimensions,
                SOURCE,
                "conv",
                reason,
                at.minus(lasted),
                at,
                lasted.toMillis(),
                0,
                1,
                1,
                null,
                null,
                null);
    }

    static Fact message(Instant at, Dimensions dimensions, Direction direction) {
        return new Fact.MessageSeen(id(), at, "k1.g", dimensions, SOURCE, "conv", direction);
    }

    static Fact message(Instant at) {
        return message(at, WEB, Direction.INBOUND);
    }

    /** The same part, as another partition would have sent it. */
    static MetricsPartial.Part ofPartition(MetricsPartial.Part part, int partition) {
        return new MetricsPartial.Part(
                part.windowSize(),
                part.windowStart(),
                part.windowEnd(),
                part.channelId(),
                part.segment(),
                part.campaign(),
                partition,
                part.countedTo(),
                part.auth(),
                part.authLatencyMs(),
                part.sessions(),
                part.messages(),
                part.conversationDurationS());
    }
}
