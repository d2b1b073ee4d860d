package io.guestflow.processor.effects.cxone;

import static io.guestflow.processor.effects.cxone.CxoneTestbed.context;
import static io.guestflow.processor.effects.cxone.CxoneTestbed.guest;
import static io.guestflow.processor.effects.cxone.GuestCalls.failure;
import static io.guestflow.processor.effects.cxone.GuestCalls.success;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.effects.cxone.CallFailure.Cause;
import io.guestflow.processor.sandbox.cxone.Endpoint;
import io.guestflow.processor.sandbox.cxone.Fault;
import io.guestflow.processor.sandbox.cxone.Received;
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
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What a guest's calls say, and what answers to an injection mean, over real HTTP. */
@Timeout(30)
final class GuestApiTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final CxoneTestbed bed = new CxoneTestbed();

    @AfterEach
    void stop() {
        bed.close();
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
}
