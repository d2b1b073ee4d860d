package io.guestflow.processor.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.contracts.auth.GuestAuthResult.NotAuthenticated;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.sandbox.cxone.Call;
import io.guestflow.processor.sandbox.cxone.CxoneSimulator;
import io.guestflow.processor.sandbox.cxone.Endpoint;
import io.guestflow.processor.sandbox.cxone.Fault;
import io.guestflow.processor.sandbox.cxone.RetryAfter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each way in which CXone can fail a request: what the web tier is told, and how often CXone is asked. */
@Timeout(120)
@ExtendWith(SharedBroker.class)
class CxoneFailuresIT {
    /** Far more than the failing calls of one test: the breaker looks at the calls of its last 10 s together. */
    private static final int GOOD_CALLS = 30;

    /** Long enough for some tries, also when each takes the whole of the call timeout. */
    private static final int TIMEOUT_MS = 3000;

    private static GuestflowSandbox guestflow;
    private static CxoneSimulator cxone;

    @BeforeAll
    static void start(KafkaSandbox kafka) {
        guestflow = new GuestflowSandbox(kafka.bootstrap(), CxoneFailuresIT.class);
        cxone = guestflow.cxone();
        guestflow.start("processor", Map.of("CXONE_CALL_TIMEOUT", "1s", "CXONE_CONNECT_TIMEOUT", "1s"));
    }

    @AfterAll
    static void stop() {
        guestflow.close();
    }

    /** Shows that the processor recovered, and keeps the breaker shut: these tests are about single requests. */
    @AfterEach
    void heal() {
        cxone.clearFaults();
        cxone.refuseCredentials(0);
        cxone.forbiddenChannels(List.of());
        List<GuestRequest> good = Stream.generate(GuestRequest::ofNewGuest)
                .limit(GOOD_CALLS)
                .peek(guestflow::send)
                .toList();
        good.forEach(request -> assertInstanceOf(
                Authenticated.class, guestflow.results().await(request).value()));
    }

    static Stream<Arguments> finalAnswers() {
        return Stream.of(
                Arguments.of(400, ErrorCode.UPSTREAM_REJECTED),
                Arguments.of(403, ErrorCode.UPSTREAM_FORBIDDEN),
                Arguments.of(404, ErrorCode.UPSTREAM_REJECTED),
                Arguments.of(409, ErrorCode.UPSTREAM_REJECTED),
                Arguments.of(422, ErrorCode.UPSTREAM_REJECTED));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("finalAnswers")
    void anAnswerThatWouldBeTheSameAgainIsNotAskedForAgain(int status, ErrorCode code) {
        cxone.fault(Endpoint.CREATE, new Fault.Status(status));
        GuestRequest request = GuestRequest.ofNewGuest().timeoutMs(TIMEOUT_MS);

        NotAuthenticated result = failed(request, code);

        assertFalse(result.retryable());
        assertEquals(1, createCalls(request));
    }

    @Test
    void aForbiddenChannelIsForbiddenForThatChannelOnly() {
        cxone.forbiddenChannels(List.of("voice-07"));

        failed(GuestRequest.ofNewGuest().with("channelId", "voice-07"), ErrorCode.UPSTREAM_FORBIDDEN);
        assertInstanceOf(Authenticated.class, guestflow.answerTo(GuestRequest.ofNewGuest()));
    }

    static Stream<Arguments> passingFailures() {
        return Stream.of(
                Arguments.of("500", new Fault.Status(500)),
                Arguments.of("a hang", new Fault.Hang(false)),
                Arguments.of("a reset", new Fault.Reset(false)),
                Arguments.of("half a body", new Fault.HalfBody()),
                Arguments.of("a body byte by byte", new Fault.SlowDrip(Duration.ofMillis(100))),
                Arguments.of("not JSON", Fault.notJson()),
                Arguments.of("no id", new Fault.Without("id")),
                Arguments.of("no expiresAt", new Fault.Without("expiresAt")));
    }

    static Stream<Arguments> failuresOfOneCall() {
        return Stream.concat(
                passingFailures(),
                Stream.of(
                        Arguments.of("a hang after the effect", new Fault.Hang(true)),
                        Arguments.of("a reset after the effect", new Fault.Reset(true)),
                        Arguments.of("no body", Fault.emptyBody())));
    }

    @Tag("full")
    @ParameterizedTest(name = "{0}")
    @MethodSource("passingFailures")
    void aFailureThatMayPassIsRetriedWhileTheDeadlineAllows(String what, Fault fault) {
        cxone.fault(Endpoint.CREATE, fault);
        GuestRequest request = GuestRequest.ofNewGuest().timeoutMs(TIMEOUT_MS);

        RecordMetadata sent = guestflow.send(request);
        NotAuthenticated result = assertInstanceOf(
                NotAuthenticated.class, guestflow.results().await(request).value());

        assertEquals(ErrorCode.UPSTREAM_ERROR, result.error().code());
        assertTrue(result.retryable());
        assertTrue(createCalls(request) >= 2, () -> createCalls(request) + " calls");
        Instant deadline = Instant.ofEpochMilli(sent.timestamp() + TIMEOUT_MS);
        List<Call> late = cxone.callLog().stream()
                .filter(call -> keyOf(request).equals(call.idempotencyKey()))
                .filter(call -> call.arrivedAt().isAfter(deadline))
                .toList();
        assertEquals(List.of(), late, "calls after the deadline");
    }

    @Tag("full")
    @ParameterizedTest(name = "{0}")
    @MethodSource("failuresOfOneCall")
    void aFailureThatPassesIsNotSeenOutside(String what, Fault fault) {
        cxone.fault(Endpoint.CREATE, fault, 1);
        GuestRequest request = GuestRequest.ofNewGuest().timeoutMs(10_000);

        assertInstanceOf(Authenticated.class, guestflow.answerTo(request));

        assertTrue(createCalls(request) >= 2, () -> createCalls(request) + " calls");
        assertEquals(1, cxone.guest(request.guestId()).conversations(), "conversations made");
    }

    @Test
    void aRetryAfterPastTheDeadlineIsPassedOnAtOnce() {
        cxone.fault(Endpoint.CREATE, new Fault.Status(503, new RetryAfter.Seconds(20)));
        GuestRequest request = GuestRequest.ofNewGuest().timeoutMs(10_000);

        NotAuthenticated result = failed(request, ErrorCode.UPSTREAM_ERROR);

        assertEquals(1, createCalls(request));
        assertTrue(result.latencyMs() < 5_000, () -> result.latencyMs() + " ms");
    }

    static Stream<RetryAfter> retryAfters() {
        return Stream.of(new RetryAfter.Seconds(1), new RetryAfter.Date(1));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("retryAfters")
    void aRateLimitThatReachesPastTheDeadlineIsToldInSeconds(RetryAfter retryAfter) {
        cxone.fault(Endpoint.CREATE, new Fault.Status(429, retryAfter), 1);
        GuestRequest request = GuestRequest.ofNewGuest().timeoutMs(1000);

        NotAuthenticated result = failed(request, ErrorCode.RATE_LIMITED);

        assertEquals(1, createCalls(request));
        assertNotNull(result.error().retryAfterSeconds());
        assertTrue(
                result.error().retryAfterSeconds() >= 1 && result.error().retryAfterSeconds() <= 3, result::toString);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("retryAfters")
    void aRateLimitThatEndsInTimeIsWaitedOut(RetryAfter retryAfter) {
        cxone.fault(Endpoint.CREATE, new Fault.Status(429, retryAfter), 1);
        GuestRequest request = GuestRequest.ofNewGuest().timeoutMs(10_000);

        Authenticated result = assertInstanceOf(Authenticated.class, guestflow.answerTo(request));

        assertEquals(2, createCalls(request));
        assertTrue(result.latencyMs() >= 900, () -> "answered after " + result.latencyMs() + " ms");
    }

    @Test
    void aTokenThatIsRefusedOnceIsReplaced() {
        int tokens = cxone.tokensIssued();
        cxone.fault(Endpoint.CREATE, new Fault.Status(401), 1);
        GuestRequest request = GuestRequest.ofNewGuest();

        assertInstanceOf(Authenticated.class, guestflow.answerTo(request));

        assertEquals(2, createCalls(request));
        assertEquals(tokens + 1, cxone.tokensIssued());
    }

    @Test
    void aNewTokenThatIsRefusedTooMeansThatTheScopeIsMissing() {
        cxone.fault(Endpoint.CREATE, new Fault.Status(401));
        GuestRequest request = GuestRequest.ofNewGuest();

        NotAuthenticated result = failed(request, ErrorCode.UPSTREAM_UNAUTHORIZED);

        assertTrue(result.error().message().contains("scope"), result.error()::message);
        assertFalse(result.retryable());
        assertEquals(2, createCalls(request));
    }

    @Test
    void aRefusedCredentialIsToldAsSuchAndTheTokenEndpointIsLeftAloneForAWhile() {
        cxone.refuseCredentials(401);
        cxone.revokeTokens();
        long tokenCalls = cxone.calls(Endpoint.TOKEN);

        for (int i = 0; i < 5; i++) {
            NotAuthenticated result = failed(GuestRequest.ofNewGuest(), ErrorCode.UPSTREAM_UNAUTHORIZED);
            assertTrue(result.error().message().contains("credential"), result.error()::message);
        }

        assertEquals(tokenCalls + 1, cxone.calls(Endpoint.TOKEN), "each guest asked for a token");
        cxone.refuseCredentials(0);
        await().atMost(Entries.SOON)
                .until(() -> guestflow.answerTo(GuestRequest.ofNewGuest()) instanceof Authenticated);
    }

    @Test
    void aTokenEndpointThatFailsIsCxoneFailing() {
        cxone.fault(Endpoint.TOKEN, new Fault.Status(503));
        cxone.revokeTokens();

        NotAuthenticated result = failed(GuestRequest.ofNewGuest().timeoutMs(TIMEOUT_MS), ErrorCode.UPSTREAM_ERROR);

        assertTrue(result.retryable());
        assertTrue(cxone.calls(Endpoint.TOKEN, 503) >= 2);
    }

    @Test
    void aContextCallThatHangsCostsTheGuestOneShortTry() {
        cxone.fault(Endpoint.CONTEXT, new Fault.Hang(false), 1);
        GuestRequest request = GuestRequest.ofNewGuest().context("segment", "anonymous");

        Authenticated result = assertInstanceOf(Authenticated.class, guestflow.answerTo(request));

        assertFalse(result.contextInjected());
        assertTrue(result.latencyMs() < 5_000, () -> result.latencyMs() + " ms");
    }

    private static NotAuthenticated failed(GuestRequest request, ErrorCode code) {
        NotAuthenticated result = assertInstanceOf(NotAuthenticated.class, guestflow.answerTo(request));
        assertEquals(code, result.error().code(), result::toString);
        assertEquals(code.status(), result.status());
        return result;
    }

    private static int createCalls(GuestRequest request) {
        return cxone.callsWithKey(keyOf(request));
    }

    private static String keyOf(GuestRequest request) {
        AuthCommand command = guestflow
                .commands()
                .awaitOne("command", any -> any.requestId().equals(request.requestId()))
                .value();
        return command.requestRef() + ".create";
    }
}
