package io.guestflow.processor.effects.cxone;

import static io.guestflow.processor.effects.cxone.CxoneTestbed.context;
import static io.guestflow.processor.effects.cxone.CxoneTestbed.guest;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.effects.cxone.CallFailure.Cause;
import io.guestflow.processor.effects.cxone.CallFailure.Which;
import io.guestflow.processor.sandbox.cxone.Endpoint;
import io.guestflow.processor.sandbox.cxone.Fault;
import io.guestflow.processor.sandbox.cxone.Received;
import io.guestflow.processor.sandbox.cxone.RetryAfter;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.StringNode;

/** Every way in which CXone can answer one guest's calls, over real HTTP. */
@Timeout(30)
final class GuestApiTest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final CxoneTestbed bed = new CxoneTestbed();

    @AfterEach
    void stop() {
        bed.close();
    }

    private Answer<Conversation> create(Duration within) {
        return bed.client().guests().create(guest("guest-1"), bed.within(within));
    }

    private static <T> Answer.Success<T> success(Answer<T> answer) {
        if (answer instanceof Answer.Success<T> success) {
            return success;
        }
        throw new AssertionError("no success but " + answer);
    }

    private static CallFailure failure(Answer<?> answer) {
        return assertInstanceOf(Answer.Failure.class, answer).failure();
    }

    @Test
    void aGuestIsAuthenticatedAndGetsItsContext() {
        GuestApi api = bed.client().guests();
        CallContext traced = new CallContext(
                Instant.now().plus(PATIENCE), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "corr-1");
        Answer.Success<Conversation> created = success(api.create(guest("guest-1"), traced));
        assertEquals(201, created.httpStatus());
        assertEquals(1, created.calls());
        String id = created.value().id();
        assertEquals(
                bed.simulator.conversation(id).expiresAt().toEpochMilli(),
                created.value().expiresAt().toEpochMilli());
        Received request = bed.simulator.lastReceived(Endpoint.CREATE);
        assertEquals("guest-1.create", request.headers().get("idempotency-key"));
        assertEquals("corr-1", request.headers().get("x-correlation-id"));
        assertEquals(traced.traceparent(), request.headers().get("traceparent"));
        assertEquals("application/json", request.headers().get("content-type"));
        assertTrue(request.body().contains("\"initialQueueIds\":[\"queue-1\"]"));

        Answer.Success<ContextAccepted> injected = success(api.injectContextOnce(context(id), traced));
        assertEquals(new Answer.Success<>(new ContextAccepted(id), 200, 1), injected);
        Received patch = bed.simulator.lastReceived(Endpoint.CONTEXT);
        assertEquals("segment=vip", patch.headers().get("x-nice-context"));
        assertEquals("{\"segment\":\"vip\"}", patch.headers().get("x-cxone-bot-variables"));
        assertEquals(id + ".context", patch.headers().get("idempotency-key"));
        assertEquals(1, bed.simulator.tokensIssued());
        assertEquals(1, bed.metered("create", "success"));
        assertEquals(1, bed.metered("context", "success"));
        assertEquals(1, bed.metered("token", "success"));
    }

    @Test
    void whatIsNotThereIsNotSent() {
        GuestApi api = bed.client().guests();
        String id = success(api.create(guest("guest-1"), bed.within(PATIENCE)))
                .value()
                .id();
        InjectContext bare = new InjectContext(id, Map.of(), ContextHeaders.NONE, "k");
        success(api.injectContextOnce(bare, bed.within(PATIENCE)));
        Set<String> sent =
                bed.simulator.lastReceived(Endpoint.CONTEXT).headers().keySet();
        for (String header : List.of("x-nice-context", "x-cxone-bot-variables", "traceparent", "x-correlation-id")) {
            assertFalse(sent.contains(header), header);
        }
    }

    @Test
    void credentialsAreFormEncoded() {
        bed.simulator.credentials("client & co", "a=b&c+d%/é");
        HttpSettings plain = bed.settings();
        HttpSettings odd = new HttpSettings(
                URI.create(plain.baseUrl() + "/"),
                "client & co",
                "a=b&c+d%/é",
                plain.scopes(),
                plain.connectTimeout(),
                plain.callTimeout(),
                plain.httpVersion(),
                List.of(),
                plain.profile());
        success(bed.client(odd).guests().create(guest("guest-1"), bed.within(PATIENCE)));
        assertTrue(bed.simulator.lastReceived(Endpoint.TOKEN).body().contains("scope=chat+context"));
        assertFalse(odd.toString().contains("a=b&c"));
    }

    @Test
    void a401GetsOneNewToken() {
        GuestApi api = bed.client().guests();
        success(api.create(guest("guest-1"), bed.within(PATIENCE)));
        bed.simulator.revokeTokens();
        assertEquals(
                2, success(api.create(guest("guest-2"), bed.within(PATIENCE))).calls());
        assertEquals(2, bed.simulator.tokensIssued());
        assertEquals(1, bed.simulator.calls(Endpoint.CREATE, 401));
    }

    @Test
    void a401WithANewTokenIsFinalAndBlamesTheScope() {
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(401));
        Answer<Conversation> answer = create(PATIENCE);
        assertEquals(new Answer.Failure<>(new CallFailure.Unauthorized(Which.SCOPE), 2), answer);
        assertEquals(2, bed.simulator.tokensIssued());
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404})
    void refusedCredentialsAreFinalAndNotAskedAgainAtOnce(int status) {
        bed.simulator.refuseCredentials(status);
        GuestApi api = bed.client().guests();
        for (int i = 0; i < 20; i++) {
            assertEquals(
                    new Answer.Failure<>(new CallFailure.Unauthorized(Which.CREDENTIALS), 0),
                    api.create(guest("guest-" + i), bed.within(PATIENCE)));
        }
        assertEquals(1, bed.simulator.calls(Endpoint.TOKEN));
        assertEquals(0, bed.simulator.calls(Endpoint.CREATE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"expires_in", "access_token"})
    void aTokenAnswerWithoutItsFieldsIsNoToken(String field) {
        bed.simulator.fault(Endpoint.TOKEN, new Fault.Without(field));
        assertEquals(new CallFailure.UpstreamError(200, Cause.UNREADABLE), failure(create(Duration.ofMillis(500))));
        assertEquals(0, bed.simulator.calls(Endpoint.CREATE));
    }

    static Stream<Arguments> spoiltTokens() {
        return Stream.of(
                Arguments.of(new Fault.Replaced("access_token", JsonNodeFactory.instance.stringNode("a\r\nX-Evil: 1"))),
                Arguments.of(new Fault.Replaced("access_token", JsonNodeFactory.instance.stringNode("a b"))),
                Arguments.of(
                        new Fault.Replaced("access_token", JsonNodeFactory.instance.stringNode("t".repeat(20_000)))),
                Arguments.of(new Fault.Replaced("expires_in", JsonNodeFactory.instance.numberNode(0))),
                Arguments.of(new Fault.Replaced("expires_in", JsonNodeFactory.instance.numberNode(1.5))),
                Arguments.of(new Fault.Replaced("expires_in", JsonNodeFactory.instance.stringNode("3600"))),
                Arguments.of(Fault.notJson()),
                Arguments.of(Fault.emptyBody()));
    }

    @ParameterizedTest
    @MethodSource("spoiltTokens")
    void aTokenThatCannotBeUsedIsTriedAgain(Fault spoilt) {
        bed.simulator.fault(Endpoint.TOKEN, spoilt, 1);
        assertEquals(1, success(create(PATIENCE)).calls());
        assertEquals(2, bed.simulator.calls(Endpoint.TOKEN));
    }

    @Test
    void aForbiddenChannelIsFinal() {
        bed.simulator.forbiddenChannels(List.of("web-1"));
        assertEquals(new Answer.Failure<>(new CallFailure.Forbidden(), 1), create(PATIENCE));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 405, 409, 410, 422, 451})
    void otherRefusalsAreFinal(int status) {
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(status));
        assertEquals(new Answer.Failure<>(new CallFailure.Rejected(status), 1), create(PATIENCE));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void redirectsAreNotFollowed(int status) {
        bed.simulator.fault(Endpoint.CREATE, new Fault.Redirect(status, bed.simulator.baseUrl() + "/elsewhere"));
        assertEquals(new Answer.Failure<>(new CallFailure.Rejected(status), 1), create(PATIENCE));
        assertEquals(0, bed.simulator.strayCalls());
    }

    /** Faults that pass: what the last failure is called when they do not. */
    static Stream<Arguments> passing() {
        return Stream.of(
                Arguments.of(new Fault.Status(500), 500, Cause.SERVER_ERROR),
                Arguments.of(new Fault.Status(502), 502, Cause.SERVER_ERROR),
                Arguments.of(new Fault.Status(503), 503, Cause.SERVER_ERROR),
                Arguments.of(new Fault.Status(504), 504, Cause.SERVER_ERROR),
                Arguments.of(new Fault.Status(408), 408, Cause.TIMEOUT),
                Arguments.of(new Fault.Hang(false), null, Cause.TIMEOUT),
                Arguments.of(new Fault.Hang(true), null, Cause.TIMEOUT),
                Arguments.of(new Fault.Reset(false), null, Cause.RESET),
                Arguments.of(new Fault.Reset(true), null, Cause.RESET),
                Arguments.of(new Fault.HalfBody(), null, Cause.UNREADABLE),
                Arguments.of(new Fault.Padded(Wire.MAX_BODY), null, Cause.UNREADABLE),
                Arguments.of(new Fault.SlowDrip(Duration.ofMillis(50)), null, Cause.TIMEOUT),
                Arguments.of(Fault.notJson(), 201, Cause.UNREADABLE),
                Arguments.of(Fault.emptyBody(), 201, Cause.UNREADABLE),
                Arguments.of(new Fault.Without("id"), 201, Cause.UNREADABLE),
                Arguments.of(new Fault.Without("expiresAt"), 201, Cause.UNREADABLE),
                Arguments.of(expiresAt("0001-01-01T00:00:00Z"), 201, Cause.UNREADABLE),
                Arguments.of(expiresAt("9999-12-31T23:59:59-05:00"), 201, Cause.UNREADABLE));
    }

    @ParameterizedTest
    @MethodSource("passing")
    void whatPassesIsTriedAgain(Fault fault, Integer status, Cause cause) {
        bed.callTimeout(Duration.ofMillis(400));
        bed.simulator.fault(Endpoint.CREATE, fault, 2);
        assertEquals(3, success(create(PATIENCE)).calls());
        assertEquals(1, bed.simulator.guest("guest-1").conversations());
        assertEquals(3, bed.simulator.callsWithKey("guest-1.create"));
        assertEquals(
                2.0,
                bed.meters
                        .get("guestflow.cxone.retries")
                        .tag("endpoint", "create")
                        .counter()
                        .count());
    }

    @ParameterizedTest
    @MethodSource("passing")
    void whatDoesNotPassEndsBeforeTheDeadline(Fault fault, Integer status, Cause cause) {
        bed.callTimeout(Duration.ofMillis(400));
        bed.simulator.fault(Endpoint.CREATE, fault);
        // The idempotency key is honoured: later answers are 200.
        Instant deadline = Instant.now().plusMillis(1_200);
        Answer<Conversation> answer = create(Duration.ofMillis(1_200));
        assertTrue(Instant.now().isBefore(deadline.plusMillis(300)), "the deadline was passed");
        CallFailure.UpstreamError error = assertInstanceOf(CallFailure.UpstreamError.class, failure(answer));
        assertEquals(cause, error.cause());
        if (status == null) {
            assertNull(error.status());
        } else if (status >= 300) {
            assertEquals(status, error.status());
        } else {
            assertTrue(error.status() == 200 || error.status() == 201);
        }
        assertTrue(answer.calls() >= 2, () -> "only " + answer.calls() + " calls");
    }

    @Test
    void aSlowAnswerInTimeIsAnAnswer() {
        bed.callTimeout(Duration.ofSeconds(4));
        bed.simulator.fault(Endpoint.CREATE, new Fault.SlowDrip(Duration.ofMillis(3)), 1);
        assertEquals(1, success(create(PATIENCE)).calls());
    }

    @Test
    void anAnswerUpToTheBoundIsRead() {
        bed.callTimeout(Duration.ofSeconds(4));
        bed.simulator.fault(Endpoint.CREATE, new Fault.Padded(Wire.MAX_BODY - 1_000), 1);
        assertEquals(1, success(create(PATIENCE)).calls());
    }

    @ParameterizedTest
    @MethodSource("silent")
    void aCallThatIsGivenUpFreesItsConnection(Fault fault) {
        bed.callTimeout(Duration.ofMillis(400));
        bed.simulator.fault(Endpoint.CREATE, fault);
        create(Duration.ofMillis(900));
        await().atMost(Duration.ofSeconds(5)).until(() -> bed.simulator.inFlight(Endpoint.CREATE) == 0);
        // The token's connection may stay open.
        await().atMost(Duration.ofSeconds(5)).until(() -> bed.simulator.openConnections() <= 1);
    }

    static Stream<Fault> silent() {
        return Stream.of(
                new Fault.Hang(false), new Fault.SlowDrip(Duration.ofMillis(50)), new Fault.Padded(4 * Wire.MAX_BODY));
    }

    @Test
    void nobodyListeningIsAConnectFailure() {
        HttpSettings settings = bed.settings();
        bed.simulator.close();
        Answer<Conversation> answer =
                bed.client(settings).guests().create(guest("guest-1"), bed.within(Duration.ofMillis(600)));
        assertEquals(new Answer.Failure<>(new CallFailure.UpstreamError(null, Cause.CONNECT), 0), answer);
    }

    @Test
    void a503IsNotAskedAgainBeforeItsRetryAfter() {
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(503, new RetryAfter.Seconds(1)), 1);
        long start = System.nanoTime();
        assertEquals(2, success(create(PATIENCE)).calls());
        assertTrue(System.nanoTime() - start >= 1_000_000_000L);
    }

    @Test
    void a503WhoseRetryAfterIsTooFarEndsAtOnce() {
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(503, new RetryAfter.Seconds(60)), 1);
        long start = System.nanoTime();
        assertEquals(new CallFailure.UpstreamError(503, Cause.SERVER_ERROR), failure(create(PATIENCE)));
        assertTrue(System.nanoTime() - start < 3_000_000_000L);
    }

    @Test
    void aDeadlineThatIsOverMakesNoCall() {
        assertEquals(
                new Answer.Failure<>(new CallFailure.DeadlinePassed(), 0),
                bed.client().guests().create(guest("guest-1"), bed.within(Duration.ofMillis(-1))));
        assertEquals(
                new Answer.Failure<>(new CallFailure.DeadlinePassed(), 0),
                bed.client().guests().create(guest("guest-1"), bed.within(Duration.ofMillis(15))));
        assertEquals(0, bed.simulator.calls(Endpoint.TOKEN));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-1000000000-01-01T00:00:00Z", "+1000000000-12-31T23:59:59.999999999Z", "9999-12-31T00:00:00Z"})
    void anAbsurdDeadlineIsNoOverflow(Instant deadline) {
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(503), 1);
        bed.callsPerSecond(50);
        Answer<Conversation> answer =
                bed.client().guests().create(guest("guest-1"), new CallContext(deadline, null, null));
        if (deadline.isBefore(Instant.now())) {
            assertEquals(new CallFailure.DeadlinePassed(), failure(answer));
        } else {
            assertEquals(2, success(answer).calls());
        }
    }

    @Test
    void http2MayBeAskedForWhereOnlyHttp11IsSpoken() {
        HttpSettings plain = bed.settings();
        HttpSettings upgrading = new HttpSettings(
                plain.baseUrl(),
                plain.clientId(),
                plain.clientSecret(),
                plain.scopes(),
                plain.connectTimeout(),
                plain.callTimeout(),
                HttpClient.Version.HTTP_2,
                List.of(),
                plain.profile());
        assertEquals(
                1,
                success(bed.client(upgrading).guests().create(guest("guest-1"), bed.within(PATIENCE)))
                        .calls());
    }

    @Test
    void injectionWhileTheGuestWaitsIsOneShortTry() {
        GuestApi api = bed.client().guests();
        String id = success(api.create(guest("guest-1"), bed.within(PATIENCE)))
                .value()
                .id();
        bed.simulator.fault(Endpoint.CONTEXT, new Fault.Status(503), 1);
        assertEquals(
                new Answer.Failure<>(new CallFailure.UpstreamError(503, Cause.SERVER_ERROR), 1),
                api.injectContextOnce(context(id), bed.within(PATIENCE)));

        bed.simulator.revokeTokens();
        assertEquals(
                2,
                success(api.injectContextOnce(context(id), bed.within(PATIENCE)))
                        .calls());
    }

    @Test
    void theShortTryIsShort() {
        bed.callTimeout(Duration.ofSeconds(20));
        GuestApi api = bed.client().guests();
        String id = success(api.create(guest("guest-1"), bed.within(PATIENCE)))
                .value()
                .id();
        bed.simulator.fault(Endpoint.CONTEXT, new Fault.Hang(false), 1);
        long start = System.nanoTime();
        assertEquals(
                new CallFailure.UpstreamError(null, Cause.TIMEOUT),
                failure(api.injectContextOnce(context(id), bed.within(Duration.ofSeconds(20)))));
        long took = System.nanoTime() - start;
        assertTrue(took > 1_500_000_000L && took < 4_000_000_000L, () -> "took " + took + " ns");
    }

    @Test
    void contextForAConversationThatIsGoneIsToldApartFromWhatIsRejected() {
        GuestApi api = bed.client().guests();
        String id = success(api.create(guest("guest-1"), bed.within(PATIENCE)))
                .value()
                .id();
        assertEquals(
                new CallFailure.ConversationGone(404),
                failure(api.injectContextOnce(context("conv/../x y"), bed.within(PATIENCE))));
        assertTrue(bed.simulator.lastReceived(Endpoint.CONTEXT).path().endsWith("/conv%2F..%2Fx%20y"));
        bed.simulator.expireConversation(id);
        assertEquals(
                new CallFailure.ConversationGone(404),
                failure(api.injectContextOnce(context(id), bed.within(PATIENCE))));
    }

    @Test
    void anAnswerAboutAnotherConversationIsNoSuccess() {
        GuestApi api = bed.client().guests();
        String id = success(api.create(guest("guest-1"), bed.within(PATIENCE)))
                .value()
                .id();
        bed.simulator.fault(
                Endpoint.CONTEXT, new Fault.Replaced("id", JsonNodeFactory.instance.stringNode("conv-other")));
        assertEquals(
                new CallFailure.UpstreamError(200, Cause.UNREADABLE),
                failure(api.injectContextOnce(context(id), bed.within(PATIENCE))));
    }

    static Stream<String> spoiltHeaders() {
        return Stream.of("a\r\nX-Evil: 1", "a\nb", "a\0b", "é", " a", "a ", "x".repeat(10 * 1024));
    }

    @ParameterizedTest
    @MethodSource("spoiltHeaders")
    void headerValuesThatAreNoneAreLeftOutAndTheCallIsMade(String value) {
        GuestApi api = bed.client().guests();
        String id = success(api.create(guest("guest-1"), bed.within(PATIENCE)))
                .value()
                .id();
        Map<String, JsonNode> values = Map.of("segment", JsonNodeFactory.instance.stringNode(value));
        InjectContext command = new InjectContext(id, values, new ContextHeaders(value, value), "k");
        CallContext traced = new CallContext(Instant.now().plus(PATIENCE), value, value);
        assertEquals(1, success(api.injectContextOnce(command, traced)).calls());
        Received patch = bed.simulator.lastReceived(Endpoint.CONTEXT);
        for (String header :
                List.of("x-nice-context", "x-cxone-bot-variables", "traceparent", "x-correlation-id", "x-evil")) {
            assertFalse(patch.headers().containsKey(header), header);
        }
        assertEquals(
                value, bed.simulator.conversation(id).context().get("segment").stringValue());
        assertEquals(
                4.0, bed.meters.get("guestflow.cxone.headers.refused").counter().count());
    }

    @Test
    void whatCannotBePutIntoHttpIsRejectedWithoutACall() {
        GuestApi api = bed.client().guests();
        CallFailure rejected = new CallFailure.Rejected(400);
        CreateConversation spoilt = new CreateConversation("web-1", "g", Instant.now(), null, "k\r\nX-Evil: 1");
        assertEquals(new Answer.Failure<>(rejected, 0), api.create(spoilt, bed.within(PATIENCE)));
        for (String id : List.of("", ".", "..")) {
            assertEquals(new Answer.Failure<>(rejected, 0), api.injectContextOnce(context(id), bed.within(PATIENCE)));
        }
        Map<String, JsonNode> nested = Map.of("a", JsonNodeFactory.instance.objectNode());
        assertEquals(
                rejected,
                failure(api.injectContextOnce(
                        new InjectContext("c", nested, ContextHeaders.NONE, "k"), bed.within(PATIENCE))));
        assertEquals(0, bed.simulator.calls(Endpoint.TOKEN));
    }

    private static Fault expiresAt(String time) {
        return new Fault.Replaced("expiresAt", new StringNode(time));
    }
}
