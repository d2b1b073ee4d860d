package io.guestflow.contracts;

import static io.guestflow.contracts.GoldenSampleTest.oldest;

import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.contracts.session.ContextUpdate;
import io.guestflow.contracts.session.ConversationStatus;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.contracts.session.SessionOutcome;
import io.guestflow.contracts.session.SessionRevocation;
import io.guestflow.contracts.session.SessionState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.StringNode;

/** What the oldest samples of sessions say, for {@link GoldenSampleTest}. */
final class OldestSessionSamples {
    private static final Instant SEVEN = Instant.parse("2026-11-22T07:00:00Z");
    private static final Instant HALF_PAST = Instant.parse("2026-11-22T07:30:00Z");
    private static final String CHANNEL = "web-messaging-channel-01";
    private static final String GUEST_REF = "k1.q8vTzYw0AL8EZ1cC2Xf9Qw";
    private static final String REQUEST_REF = "k1.0PNDvT7wAL8EZ1cC2Xf9Qw";
    private static final Dimensions DIMENSIONS = new Dimensions(CHANNEL, "anonymous", "organic");
    private static final Dimensions CHANNEL_ONLY = new Dimensions(CHANNEL, null, null);
    private static final Source OUTCOME = new Source("cxone-auth-outcomes", 3, 17);

    private OldestSessionSamples() {}

    static Stream<Arguments> all() {
        return Stream.of(states(), commands(), outcomes(), events(), facts()).flatMap(samples -> samples);
    }

    private static Stream<Arguments> states() {
        Map<String, JsonNode> context = new LinkedHashMap<>();
        context.put("segment", StringNode.valueOf("returning"));
        context.put("cart", Samples.PLAIN.readTree("""
                        {"items":3,"skus":["a","b"]}"""));
        context.put("visits", IntNode.valueOf(17));
        context.put("score", DoubleNode.valueOf(0.25));
        context.put("known", BooleanNode.TRUE);
        context.put("note", NullNode.getInstance());
        return Stream.of(
                oldest(
                        "guest-context-update/1",
                        "01-update",
                        ContextUpdate.CODEC,
                        new ContextUpdate("conv-0001", context)),
                oldest(
                        "guest-session-revocation/1",
                        "01-consent-withdrawn",
                        SessionRevocation.CODEC,
                        new SessionRevocation("conv-0001", "CONSENT_WITHDRAWN", "privacy-desk")),
                oldest(
                        "guest-session/1",
                        "01-active",
                        Session.CODEC,
                        new Session(
                                "conv-0001",
                                GUEST_REF,
                                CHANNEL,
                                SessionState.ACTIVE,
                                SEVEN.plusMillis(143),
                                HALF_PAST.plusSeconds(3600),
                                Instant.parse("2026-11-22T07:27:03Z"),
                                3,
                                null,
                                null,
                                null)),
                oldest(
                        "guest-session/1",
                        "02-closed-with-upstream-left",
                        Session.CODEC,
                        new Session(
                                "conv-0002",
                                "k1.r8vTzYw0AL8EZ1cC2Xf9Qw",
                                CHANNEL,
                                SessionState.CLOSED,
                                SEVEN,
                                HALF_PAST,
                                null,
                                0,
                                SEVEN.plusSeconds(600),
                                EndReason.REVOKED,
                                HALF_PAST)));
    }

    private static Stream<Arguments> commands() {
        return Stream.of(
                oldest(
                        "cxone-session-command/1",
                        "01-refresh",
                        SessionCommand.CODEC,
                        new SessionCommand.Refresh(
                                REQUEST_REF + ".refresh.2",
                                "conv-0001",
                                3,
                                "guest-uuid-123",
                                CHANNEL,
                                "v2.1",
                                HALF_PAST,
                                2,
                                SEVEN.plusSeconds(26 * 60),
                                REQUEST_REF + ".refresh.2")),
                oldest(
                        "cxone-session-command/1",
                        "02-inject-context",
                        SessionCommand.CODEC,
                        new SessionCommand.InjectContext(
                                REQUEST_REF + ".context.4",
                                "conv-0001",
                                3,
                                Map.of(
                                        "segment", StringNode.valueOf("returning"),
                                        "visits", IntNode.valueOf(18),
                                        "score", DoubleNode.valueOf(0.25),
                                        "privacy_mode", BooleanNode.TRUE),
                                4,
                                SEVEN.plusSeconds(360),
                                REQUEST_REF + ".context.4")),
                oldest(
                        "cxone-session-command/1",
                        "03-close",
                        SessionCommand.CODEC,
                        new SessionCommand.Close(
                                REQUEST_REF + ".close",
                                "conv-0001",
                                0,
                                "CONSENT_WITHDRAWN",
                                SEVEN.plusSeconds(660),
                                REQUEST_REF + ".close")));
    }

    private static Stream<Arguments> outcomes() {
        return Stream.of(
                oldest(
                        "cxone-session-outcome/1",
                        "01-extended",
                        SessionOutcome.CODEC,
                        new SessionOutcome.Extended(
                                REQUEST_REF + ".refresh.2",
                                "conv-0001",
                                "conv-0009",
                                HALF_PAST.plusSeconds(1800),
                                200,
                                2,
                                Instant.parse("2026-11-22T07:25:00.200Z"))),
                oldest(
                        "cxone-session-outcome/1",
                        "03-context-accepted",
                        SessionOutcome.CODEC,
                        new SessionOutcome.ContextAccepted(
                                REQUEST_REF + ".context.4",
                                "conv-0001",
                                200,
                                1,
                                Instant.parse("2026-11-22T07:05:00.090Z"))),
                oldest(
                        "cxone-session-outcome/1",
                        "04-conversation-closed",
                        SessionOutcome.CODEC,
                        new SessionOutcome.ConversationClosed(
                                REQUEST_REF + ".close",
                                "conv-0001",
                                204,
                                1,
                                Instant.parse("2026-11-22T07:10:00.090Z"))),
                oldest(
                        "cxone-session-outcome/1",
                        "05-gone",
                        SessionOutcome.CODEC,
                        new SessionOutcome.Gone(REQUEST_REF + ".close", "conv-0001", 410, 3, SEVEN.plusSeconds(601))),
                oldest(
                        "cxone-session-outcome/1",
                        "06-call-failed",
                        SessionOutcome.CODEC,
                        new SessionOutcome.CallFailed(
                                "k1.2PNDvT7wAL8EZ1cC2Xf9Qw.refresh.1",
                                "conv-0003",
                                ErrorCode.RATE_LIMITED,
                                429,
                                "CXone asks to wait",
                                30,
                                1,
                                Instant.parse("2026-11-22T07:25:01Z"))));
    }

    private static Stream<Arguments> events() {
        return Stream.of(
                oldest(
                        "session-event/1",
                        "01-opened",
                        SessionEvent.CODEC,
                        new SessionEvent.Opened(
                                "conv-0001",
                                SEVEN.plusMillis(143),
                                "guest-uuid-123",
                                3,
                                "7f1c",
                                1,
                                REQUEST_REF,
                                CHANNEL,
                                DIMENSIONS,
                                new Consent(true, SEVEN, "v2.1"),
                                HALF_PAST,
                                OUTCOME)),
                oldest(
                        "session-event/1",
                        "02-message-seen",
                        SessionEvent.CODEC,
                        new SessionEvent.MessageSeen(
                                "conv-0001",
                                Instant.parse("2026-11-22T07:03:00.250Z"),
                                "evt-1",
                                "msg-1",
                                Direction.INBOUND,
                                CHANNEL,
                                "k1.u8vTzYw0AL8EZ1cC2Xf9Qw",
                                GUEST_REF)),
                oldest(
                        "session-event/1",
                        "03-status-changed",
                        SessionEvent.CODEC,
                        new SessionEvent.StatusChanged(
                                "conv-0001",
                                Instant.parse("2026-11-22T07:20:01Z"),
                                "evt-2",
                                ConversationStatus.CLOSED,
                                Instant.parse("2026-11-22T07:20:00Z"),
                                CHANNEL,
                                "k1.v8vTzYw0AL8EZ1cC2Xf9Qw",
                                GUEST_REF)),
                oldest(
                        "session-event/1",
                        "04-disconnected",
                        SessionEvent.CODEC,
                        new SessionEvent.Disconnected(
                                "conv-0001",
                                Instant.parse("2026-11-22T07:19:00Z"),
                                "evt-3",
                                CHANNEL,
                                "k1.w8vTzYw0AL8EZ1cC2Xf9Qw",
                                GUEST_REF)),
                oldest(
                        "session-event/1",
                        "05-context-requested",
                        SessionEvent.CODEC,
                        new SessionEvent.ContextRequested(
                                "conv-0001",
                                SEVEN.plusSeconds(300),
                                Map.of("segment", StringNode.valueOf("returning"), "visits", IntNode.valueOf(18)),
                                List.of(new ContextDrop("unknown#1", ContextDrop.Reason.NOT_ALLOWED)))),
                oldest(
                        "session-event/1",
                        "06-revoked",
                        SessionEvent.CODEC,
                        new SessionEvent.Revoked(
                                "conv-0001", SEVEN.plusSeconds(600), "CONSENT_WITHDRAWN", "privacy-desk")),
                oldest(
                        "session-event/1",
                        "07-mark",
                        SessionEvent.CODEC,
                        new SessionEvent.Mark(
                                SEVEN.plusSeconds(601), 2, 12, Instant.parse("2026-11-22T07:10:00.900Z"))));
    }

    private static Stream<Arguments> facts() {
        return Stream.of(
                oldest(
                        "guest-fact/1",
                        "08-session-opened",
                        Fact.CODEC,
                        new Fact.SessionOpened(
                                "lLHqXvFzGJ0u4y1a9b2c3d",
                                SEVEN.plusMillis(143),
                                GUEST_REF,
                                DIMENSIONS,
                                OUTCOME,
                                "conv-0001",
                                "7f1c",
                                1,
                                SEVEN.plusMillis(143),
                                HALF_PAST)),
                oldest(
                        "guest-fact/1",
                        "09-session-refreshed",
                        Fact.CODEC,
                        new Fact.SessionRefreshed(
                                "mLHqXvFzGJ0u4y1a9b2c3d",
                                Instant.parse("2026-11-22T07:25:00.200Z"),
                                GUEST_REF,
                                DIMENSIONS,
                                new Source("cxone-session-outcomes", 5, 4),
                                "conv-0001",
                                HALF_PAST.plusSeconds(1800),
                                HALF_PAST,
                                2,
                                1,
                                false,
                                true)),
                oldest(
                        "guest-fact/1",
                        "10-session-expiring",
                        Fact.CODEC,
                        new Fact.SessionExpiring(
                                "nLHqXvFzGJ0u4y1a9b2c3d",
                                Instant.parse("2026-11-22T07:55:00Z"),
                                GUEST_REF,
                                CHANNEL_ONLY,
                                new Source("session-events", 5, 9),
                                "conv-0001",
                                HALF_PAST.plusSeconds(1800),
                                Instant.parse("2026-11-22T07:24:00Z"))),
                oldest(
                        "guest-fact/1",
                        "11-session-ended",
                        Fact.CODEC,
                        new Fact.SessionEnded(
                                "oLHqXvFzGJ0u4y1a9b2c3d",
                                SEVEN.plusSeconds(2400),
                                GUEST_REF,
                                CHANNEL_ONLY,
                                new Source("cxone-session-outcomes", 5, 10),
                                "conv-0001",
                                EndReason.REPLACED_UPSTREAM,
                                SEVEN,
                                SEVEN.plusSeconds(2400),
                                2_400_000,
                                2,
                                7,
                                9,
                                "conv-0009",
                                SEVEN.plusSeconds(4200),
                                "UPSTREAM_ERROR")),
                oldest(
                        "guest-fact/1",
                        "12-message-seen",
                        Fact.CODEC,
                        new Fact.MessageSeen(
                                "pLHqXvFzGJ0u4y1a9b2c3d",
                                Instant.parse("2026-11-22T07:03:00.250Z"),
                                GUEST_REF,
                                CHANNEL_ONLY,
                                new Source("cxone-events", 2, 31),
                                "conv-0001",
                                Direction.INBOUND)),
                oldest(
                        "guest-fact/1",
                        "13-guest-linked",
                        Fact.CODEC,
                        new Fact.GuestLinked(
                                "qLHqXvFzGJ0u4y1a9b2c3d",
                                SEVEN.plusMillis(143),
                                GUEST_REF,
                                CHANNEL_ONLY,
                                OUTCOME,
                                "conv-0001",
                                2)));
    }
}
