package io.guestflow.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Samples.Sample;
import io.guestflow.contracts.alerts.AlertCounts;
import io.guestflow.contracts.analytics.MetricsPartial;
import io.guestflow.contracts.audit.AuditRecord;
import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthError;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.auth.AuthStatus;
import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.auth.GuestAuthRequest;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.contracts.codec.Problem;
import io.guestflow.contracts.cxone.QueryCommand;
import io.guestflow.contracts.cxone.QueryOutcome;
import io.guestflow.contracts.cxone.TenantPause;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.contracts.session.SessionOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.StringNode;

class GoldenSampleTest {
    private static final Instant SEVEN = Instant.parse("2026-11-22T07:00:00Z");
    private static final Instant HALF_PAST = Instant.parse("2026-11-22T07:30:00Z");
    private static final Consent CONSENT = new Consent(true, SEVEN, "v2.1");
    private static final String CHANNEL = "web-messaging-channel-01";
    private static final String GUEST_REF = "k1.q8vTzYw0AL8EZ1cC2Xf9Qw";
    private static final String REQUEST_REF = "k1.0PNDvT7wAL8EZ1cC2Xf9Qw";
    private static final Dimensions DIMENSIONS = new Dimensions(CHANNEL, "anonymous", "organic");

    @ParameterizedTest
    @MethodSource("samples")
    void aSampleThatIsReadAndWrittenAgainIsTheSameJson(Sample sample) {
        assertEquals(sample.json(), Samples.PLAIN.readTree(Samples.rewritten(sample.codec(), sample.bytes())));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void theSchemaAcceptsASample(Sample sample) {
        assertEquals(List.of(), SchemaValidator.complaints(sample.schema(), sample.text()));
    }

    @Test
    void everyVariantOfEveryContractHasASample() {
        assertEquals(names(AuthOutcome.class), valuesOf(AuthOutcome.CODEC, "kind"));
        assertEquals(names(Fact.class), valuesOf(Fact.CODEC, "kind"));
        assertEquals(names(AuthCommand.class), valuesOf(AuthCommand.CODEC, "kind"));
        assertEquals(names(SessionEvent.class), valuesOf(SessionEvent.CODEC, "kind"));
        assertEquals(names(SessionCommand.class), valuesOf(SessionCommand.CODEC, "kind"));
        assertEquals(names(SessionOutcome.class), valuesOf(SessionOutcome.CODEC, "kind"));
        assertEquals(names(MetricsPartial.class), valuesOf(MetricsPartial.CODEC, "kind"));
        assertEquals(names(AlertCounts.class), valuesOf(AlertCounts.CODEC, "kind"));
        assertEquals(names(QueryCommand.class), valuesOf(QueryCommand.CODEC, "kind"));
        assertEquals(names(QueryOutcome.class), valuesOf(QueryOutcome.CODEC, "kind"));
        assertEquals(OldestAuditSamples.eventsThatAreWritten(), valuesOf(AuditRecord.CODEC, "event"));
        assertEquals(
                Stream.of(AuthStatus.values()).map(AuthStatus::name).collect(Collectors.toSet()),
                valuesOf(GuestAuthResult.CODEC, "status"));
        Samples.contracts().forEach(codec -> assertTrue(Samples.of(codec).size() > 0, codec.schema()));
    }

    /** The oldest sample of each version and variant: what it says is told here in Java, so that no field can swap. */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("oldest")
    <T> void theOldestSampleStillSaysWhatItSaid(String schema, String name, JsonCodec<T> codec, T meaning) {
        assertEquals(schema, codec.schema());
        assertEquals(meaning, codec.read(Samples.named(codec, name).bytes()));
    }

    static List<Sample> samples() {
        return Samples.all();
    }

    static Stream<Arguments> oldest() {
        return Stream.of(
                        oldestOfAuth(),
                        OldestSessionSamples.all(),
                        OldestQuerySamples.all(),
                        OldestAnalyticsSamples.all(),
                        OldestAlertSamples.all(),
                        OldestAuditSamples.all())
                .flatMap(samples -> samples);
    }

    private static Stream<Arguments> oldestOfAuth() {
        return Stream.of(
                oldest(
                        "guest-auth-request/1",
                        "01-design",
                        GuestAuthRequest.CODEC,
                        new GuestAuthRequest(
                                "7f1c",
                                "guest-uuid-123",
                                CHANNEL,
                                CONSENT,
                                Map.of(
                                        "segment", StringNode.valueOf("anonymous"),
                                        "campaign", StringNode.valueOf("organic"),
                                        "device", StringNode.valueOf("web")),
                                15_000L)),
                oldest(
                        "guest-auth-result/1",
                        "01-authenticated",
                        GuestAuthResult.CODEC,
                        new GuestAuthResult.Authenticated(
                                "7f1c",
                                1,
                                "guest-uuid-123",
                                CHANNEL,
                                "conv-0001",
                                HALF_PAST,
                                true,
                                List.of(new ContextDrop("unknown#1", ContextDrop.Reason.NOT_ALLOWED)),
                                SEVEN.plusMillis(143),
                                143)),
                oldest(
                        "guest-auth-result/1",
                        "02-rejected",
                        GuestAuthResult.CODEC,
                        new GuestAuthResult.NotAuthenticated(
                                "7f1d",
                                1,
                                "guest-uuid-124",
                                CHANNEL,
                                AuthStatus.REJECTED,
                                SEVEN.plusMillis(2),
                                2,
                                new AuthError(
                                        ErrorCode.CONSENT_REQUIRED,
                                        400,
                                        "consent.accepted must be true",
                                        false,
                                        null))),
                oldest(
                        "guest-auth-result/1",
                        "03-failed",
                        GuestAuthResult.CODEC,
                        new GuestAuthResult.NotAuthenticated(
                                "7f1e",
                                3,
                                "guest-uuid-125",
                                CHANNEL,
                                AuthStatus.FAILED,
                                SEVEN.plusMillis(1000),
                                1000,
                                new AuthError(ErrorCode.RATE_LIMITED, 429, "CXone asks to wait", true, 30))),
                oldest(
                        "cxone-auth-command/1",
                        "01-authenticate",
                        AuthCommand.CODEC,
                        new AuthCommand.Authenticate(
                                REQUEST_REF + ".1",
                                REQUEST_REF,
                                "7f1c",
                                "guest-uuid-123",
                                1,
                                CHANNEL,
                                CONSENT,
                                Map.of(
                                        "segment", StringNode.valueOf("anonymous"),
                                        "visits", IntNode.valueOf(17),
                                        "score", DoubleNode.valueOf(0.25),
                                        "privacy_mode", BooleanNode.TRUE),
                                SEVEN.plusSeconds(14))),
                oldest(
                        "cxone-auth-command/1",
                        "02-inject-context",
                        AuthCommand.CODEC,
                        new AuthCommand.InjectContext(
                                REQUEST_REF + ".2",
                                REQUEST_REF,
                                "7f1c",
                                "guest-uuid-123",
                                2,
                                "conv-0001",
                                Map.of("segment", StringNode.valueOf("anonymous")),
                                SEVEN.plusSeconds(60))),
                oldest(
                        "cxone-auth-outcome/1",
                        "01-conversation-created",
                        AuthOutcome.CODEC,
                        new AuthOutcome.ConversationCreated(
                                REQUEST_REF + ".1",
                                "7f1c",
                                "guest-uuid-123",
                                "conv-0001",
                                HALF_PAST,
                                201,
                                true,
                                2,
                                SEVEN.plusMillis(131))),
                oldest(
                        "cxone-auth-outcome/1",
                        "02-context-injected",
                        AuthOutcome.CODEC,
                        new AuthOutcome.ContextInjected(
                                REQUEST_REF + ".2",
                                "7f1c",
                                "guest-uuid-123",
                                "conv-0001",
                                200,
                                1,
                                SEVEN.plusSeconds(9))),
                oldest(
                        "cxone-auth-outcome/1",
                        "03-call-failed",
                        AuthOutcome.CODEC,
                        new AuthOutcome.CallFailed(
                                "k1.2PNDvT7wAL8EZ1cC2Xf9Qw.1",
                                "7f1e",
                                "guest-uuid-125",
                                ErrorCode.RATE_LIMITED,
                                429,
                                "CXone asks to wait",
                                30,
                                1,
                                SEVEN.plusSeconds(1))),
                oldest(
                        "cxone-throttle/1",
                        "01-pause",
                        TenantPause.CODEC,
                        new TenantPause(SEVEN.plusSeconds(31), "guestflow-0")),
                oldest(
                        "guest-fact/1",
                        "01-auth-succeeded",
                        Fact.CODEC,
                        new Fact.AuthSucceeded(
                                "fLHqXvFzGJ0u4y1a9b2c3d",
                                SEVEN.plusMillis(143),
                                GUEST_REF,
                                DIMENSIONS,
                                new Source("cxone-auth-outcomes", 3, 17),
                                "7f1c",
                                1,
                                "conv-0001",
                                HALF_PAST,
                                201,
                                143,
                                2,
                                CONSENT,
                                List.of("campaign", "segment"),
                                List.of(new ContextDrop("unknown#1", ContextDrop.Reason.NOT_ALLOWED)))),
                oldest(
                        "guest-fact/1",
                        "02-auth-rejected",
                        Fact.CODEC,
                        new Fact.AuthRejected(
                                "gLHqXvFzGJ0u4y1a9b2c3d",
                                SEVEN.plusMillis(2),
                                "k1.r8vTzYw0AL8EZ1cC2Xf9Qw",
                                new Dimensions(CHANNEL, null, null),
                                new Source("guest-auth-requests", 0, 0),
                                "7f1d",
                                1,
                                ErrorCode.CONTEXT_NOT_ALLOWED,
                                400,
                                2,
                                0,
                                CONSENT,
                                List.of(),
                                List.of(
                                        new ContextDrop("segment", ContextDrop.Reason.LOOKS_LIKE_EMAIL),
                                        new ContextDrop("unknown#1", ContextDrop.Reason.NOT_ALLOWED)))),
                oldest(
                        "guest-fact/1",
                        "03-auth-failed",
                        Fact.CODEC,
                        new Fact.AuthFailed(
                                "hLHqXvFzGJ0u4y1a9b2c3d",
                                SEVEN.plusSeconds(15),
                                "k1.s8vTzYw0AL8EZ1cC2Xf9Qw",
                                new Dimensions(CHANNEL, "returning", null),
                                new Source("guest-auth-requests", 11, (1L << 53) - 1),
                                "7f1e",
                                3,
                                ErrorCode.DEADLINE_EXCEEDED,
                                504,
                                15_000,
                                4,
                                CONSENT,
                                List.of("segment"),
                                List.of())),
                oldest(
                        "guest-fact/1",
                        "04-auth-late",
                        Fact.CODEC,
                        new Fact.AuthLate(
                                "iLHqXvFzGJ0u4y1a9b2c3d",
                                SEVEN.plusSeconds(16),
                                "k1.s8vTzYw0AL8EZ1cC2Xf9Qw",
                                new Dimensions(CHANNEL, "returning", null),
                                new Source("cxone-auth-outcomes", 11, 4711),
                                "7f1e",
                                3,
                                "conv-0003",
                                HALF_PAST,
                                201,
                                5)),
                oldest(
                        "guest-fact/1",
                        "05-context-injected",
                        Fact.CODEC,
                        new Fact.ContextInjected(
                                "jLHqXvFzGJ0u4y1a9b2c3d",
                                SEVEN.plusSeconds(9),
                                GUEST_REF,
                                DIMENSIONS,
                                new Source("cxone-auth-outcomes", 3, 18),
                                "7f1c",
                                1,
                                "conv-0001",
                                List.of("campaign", "segment"),
                                1)),
                oldest(
                        "guest-fact/1",
                        "06-context-failed",
                        Fact.CODEC,
                        new Fact.ContextFailed(
                                "kLHqXvFzGJ0u4y1a9b2c3d",
                                SEVEN.plusSeconds(300),
                                GUEST_REF,
                                DIMENSIONS,
                                new Source("cxone-auth-outcomes", 3, 19),
                                "7f1c",
                                1,
                                "conv-0001",
                                List.of("segment"),
                                ErrorCode.UPSTREAM_ERROR,
                                5)),
                oldest(
                        "guest-dead-letter/1",
                        "01-contract-violation",
                        DeadLetter.CODEC,
                        new DeadLetter(
                                DeadLetter.Cause.CONTRACT_VIOLATION,
                                "guest-auth-requests",
                                3,
                                17,
                                SEVEN,
                                "guest-auth-request/1",
                                14,
                                221,
                                "k1.u8vTzYw0AL8EZ1cC2Xf9Qw",
                                List.of(
                                        new Problem("requestId", Problem.Defect.MISSING, "is required, a string"),
                                        new Problem(
                                                "consent.timestamp",
                                                Problem.Defect.WRONG,
                                                "must be a time in RFC 3339, such as 2026-11-22T07:00:00.000Z")),
                                SEVEN.plusMillis(4))));
    }

    static <T> Arguments oldest(String schema, String name, JsonCodec<T> codec, T meaning) {
        return Arguments.of(schema, name, codec, meaning);
    }

    private static Set<String> names(Class<?> sealed) {
        return Stream.of(sealed.getPermittedSubclasses())
                .flatMap(variant -> variant.isSealed() ? names(variant).stream() : Stream.of(variant.getSimpleName()))
                .collect(Collectors.toSet());
    }

    private static Set<String> valuesOf(JsonCodec<?> codec, String field) {
        return Samples.of(codec).stream()
                .map(Sample::json)
                .filter(json -> json.has(field))
                .map(json -> json.get(field).stringValue())
                .collect(Collectors.toSet());
    }
}
