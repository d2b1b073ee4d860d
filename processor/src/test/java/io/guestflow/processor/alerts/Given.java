package io.guestflow.processor.alerts;

import io.guestflow.contracts.alerts.Alert;
import io.guestflow.contracts.alerts.AlertKind;
import io.guestflow.contracts.alerts.AlertState;
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
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What the tests of alerts have in common. */
final class Given {
    /** The beginning of a slot. */
    static final Instant START = Instant.parse("2026-11-22T07:00:00Z");

    static final Duration SLOT = Duration.ofSeconds(30);
    static final GuestRefs REFS = new GuestRefs(new RefKey("k1", new byte[32]));
    static final AlertRules RULES = rules(Duration.ofMinutes(5), 20, Set.of(), 3);

    static final String WEB = "web-1";

    private static final Source SOURCE = new Source("some-topic", 7, 4711);
    private static final Consent CONSENT = new Consent(true, START, "v1");
    private static final AtomicInteger IDS = new AtomicInteger();

    private Given() {}

    static AlertRules rules(Duration window, int minAttempts, Set<String> channels, int maxChannels) {
        return new AlertRules(window, 0.05, 0.025, minAttempts, 5, Duration.ofMinutes(1), channels, maxChannels);
    }

    static Fact succeeded(Instant at, @Nullable String channelId) {
        return new Fact.AuthSucceeded(
                id(),
                at,
                "k1.guest",
                of(channelId),
                SOURCE,
                "r",
                1,
                "conv",
                at.plusSeconds(1800),
                201,
                100,
                1,
                CONSENT,
                List.of(),
                List.of());
    }

    static Fact failed(Instant at, @Nullable String channelId) {
        return new Fact.AuthFailed(
                id(),
                at,
                "k1.guest",
                of(channelId),
                SOURCE,
                "r",
                1,
                ErrorCode.UPSTREAM_ERROR,
                502,
                100,
                1,
                CONSENT,
                List.of(),
                List.of());
    }

    static Fact rejected(Instant at, @Nullable String channelId) {
        return new Fact.AuthRejected(
                id(),
                at,
                "k1.guest",
                of(channelId),
                SOURCE,
                "r",
                1,
                ErrorCode.CHANNEL_NOT_ALLOWED,
                403,
                1,
                0,
                null,
                List.of(),
                List.of());
    }

    static Fact refreshed(Instant at, boolean byAuthentication, boolean told) {
        return new Fact.SessionRefreshed(
                id(), at, "k1.guest", of(WEB), SOURCE, "conv", at.plusSeconds(1800), at, 1, 1, byAuthentication, told);
    }

    static Fact refreshed(Instant at) {
        return refreshed(at, false, true);
    }

    static Fact ended(Instant at, EndReason reason, @Nullable String detail) {
        return new Fact.SessionEnded(
                id(),
                at,
                "k1.guest",
                of(WEB),
                SOURCE,
                "conv",
                reason,
                at.minusSeconds(60),
                at,
                60_000,
                0,
                1,
                1,
                null,
                null,
                detail);
    }

    static Fact message(Instant at) {
        return new Fact.MessageSeen(id(), at, "k1.guest", of(WEB), SOURCE, "conv", Direction.INBOUND);
    }

    static Fact measured(Instant at) {
        return new Fact.ConversationMeasured(
                id(), at, "k1.guest", of(WEB), SOURCE, "conv", Measurement.MISSING, 5, null, null, null, null);
    }

    static Alert alert(AlertKind kind, String scope, AlertState state, double value, Instant since) {
        return new Alert(kind, scope, state, value, 0.05, 300, since);
    }

    private static String id() {
        return "fact-" + IDS.incrementAndGet();
    }

    private static Dimensions of(@Nullable String channelId) {
        return new Dimensions(channelId, null, null);
    }
}
