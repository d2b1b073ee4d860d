package io.guestflow.processor.effects.cxone;

import static io.guestflow.processor.effects.cxone.CxoneTestbed.context;
import static io.guestflow.processor.effects.cxone.CxoneTestbed.guest;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.effects.cxone.CallFailure.Cause;
import io.guestflow.processor.effects.cxone.Profile.ConversationLimit;
import io.guestflow.processor.sandbox.cxone.Endpoint;
import io.guestflow.processor.sandbox.cxone.Fault;
import io.guestflow.processor.sandbox.cxone.Received;
import io.guestflow.processor.sandbox.cxone.RetryAfter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

/** What sessions ask of CXone, over real HTTP. */
@Timeout(60)
final class SessionCallsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final CxoneTestbed bed = new CxoneTestbed().callTimeout(Duration.ofSeconds(10));

    @AfterEach
    void stop() {
        bed.close();
    }

    @Test
    void anExtensionMovesTheEndOfTheConversationThatTheGuestHas() {
        GuestApi api = bed.client().guests();
        Conversation opened = open(api);
        bed.simulator.conversationLifetime(Duration.ofHours(2));

        Answer.Success<Extension> extended = success(api.extend(extension(opened.id(), 1), bed.within(PATIENCE)));

        assertEquals(200, extended.httpStatus());
        assertEquals(1, extended.calls());
        assertEquals(opened.id(), extended.value().conversationId());
        assertTrue(expiresAt(extended).isAfter(opened.expiresAt().plusSeconds(3600)));
        Received request = bed.simulator.lastReceived(Endpoint.CREATE);
        assertEquals("guest-1.refresh.1", request.headers().get("idempotency-key"));
        assertTrue(request.body().contains("\"timestamp\":\"2026-11-22T08:00:00.000Z\""), request::body);
        assertFalse(request.body().contains("initialQueueIds"));
        assertEquals(1, bed.metered("extend", "success"));
        assertEquals(1, bed.metered("create", "success"));
    }

    @Test
    void anotherConversationIsToldAsItIs() {
        GuestApi api = bed.client().guests();
        Conversation opened = open(api);
        bed.simulator.expireConversation(opened.id());
        Answer.Success<Extension> answer = success(api.extend(extension(opened.id(), 1), bed.within(PATIENCE)));
        assertEquals(201, answer.httpStatus());
        assertNotEquals(opened.id(), answer.value().conversationId());
    }

    @Test
    void anEndThatIsMissingOrOverIsToldAsItIs() {
        GuestApi api = bed.client().guests();
        String id = open(api).id();
        bed.simulator.fault(Endpoint.CREATE, new Fault.Without("expiresAt"), 1);
        assertEquals(
                new Answer.Success<>(new Extension(id, null), 200, 1),
                api.extend(extension(id, 1), bed.within(PATIENCE)));

        Fault over = new Fault.Replaced("expiresAt", JsonNodeFactory.instance.stringNode("2026-01-01T00:00:00Z"));
        bed.simulator.fault(Endpoint.CREATE, over, 1);
        assertEquals(
                new Answer.Success<>(new Extension(id, Instant.parse("2026-01-01T00:00:00Z")), 200, 1),
                api.extend(extension(id, 2), bed.within(PATIENCE)));
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 410})
    void aConversationThatIsGoneIsToldApart(int status) {
        GuestApi api = bed.client().guests();
        String id = open(api).id();
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(status), 1);
        assertEquals(
                new Answer.Failure<>(new CallFailure.ConversationGone(status), 1),
                api.extend(extension(id, 1), bed.within(PATIENCE)));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 409, 422})
    void otherRefusalsAreFinal(int status) {
        GuestApi api = bed.client().guests();
        String id = open(api).id();
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(status), 1);
        assertEquals(
                new Answer.Failure<>(new CallFailure.Rejected(status), 1),
                api.extend(extension(id, 1), bed.within(PATIENCE)));
    }

    @Test
    void whatPassesIsTriedAgainUnderTheSameKey() {
        GuestApi api = bed.client().guests();
        String id = open(api).id();
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(503), 1);
        bed.simulator.fault(Endpoint.CREATE, new Fault.Reset(true), 1);
        bed.simulator.fault(Endpoint.CREATE, new Fault.Without("id"), 1);
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(429, new RetryAfter.Seconds(1)), 1);
        assertEquals(
                5, success(api.extend(extension(id, 1), bed.within(PATIENCE))).calls());
        assertEquals(5, bed.simulator.callsWithKey("guest-1.refresh.1"));
        assertEquals(1, bed.learned.size());

        bed.simulator.revokeTokens();
        assertEquals(
                2, success(api.extend(extension(id, 2), bed.within(PATIENCE))).calls());
    }

    @Test
    void aFailureUntilTheDeadlineIsAFailure() {
        GuestApi api = bed.client().guests();
        String id = open(api).id();
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(500));
        assertEquals(
                new CallFailure.UpstreamError(500, Cause.SERVER_ERROR),
                failure(api.extend(extension(id, 1), bed.within(Duration.ofSeconds(1)))));
    }

    @Test
    void extensionsShareTheBreakerOfTheirEndpointAndContextDoesNot() {
        bed.breaking(new Breaker.Settings(60, 2, 50, Duration.ofMinutes(1), 1));
        GuestApi api = bed.client().guests();
        Conversation opened = open(api);
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(500));
        failure(api.extend(extension(opened.id(), 1), bed.within(PATIENCE)));
        assertInstanceOf(CallFailure.Unavailable.class, failure(api.create(guest("guest-2"), bed.within(PATIENCE))));
        success(api.injectContextOnce(context(opened.id()), bed.within(PATIENCE)));
    }

    @Test
    void aDyingSessionOvertakesTheGuestsWhoWait() throws Exception {
        CxoneClient client = bed.callsPerSecond(5).client();
        String id = open(client.guests()).id();
        client.pauseUntil(Instant.now().plusSeconds(3));
        List<Future<Answer<Conversation>>> guests = List.of(
                bed.threads.submit(() -> client.guests().create(guest("guest-2"), bed.within(Duration.ofSeconds(40)))),
                bed.threads.submit(() -> client.guests().create(guest("guest-3"), bed.within(Duration.ofSeconds(40)))));
        await().until(() -> waiting() == 2);
        var refresh =
                bed.threads.submit(() -> client.guests().extend(extension(id, 1), bed.within(Duration.ofSeconds(8))));
        success(refresh.get(30, TimeUnit.SECONDS));
        for (Future<Answer<Conversation>> each : guests) {
            success(each.get(30, TimeUnit.SECONDS));
        }
        assertEquals(
                "guest-1.refresh.1", bed.simulator.callLog().get(2).idempotencyKey(), "after the token and the first");
    }

    @Test
    void callsAboutOneConversationBeyondItsLimitWaitOrAreToldHowLong() {
        Profile tight = profile(null, new ConversationLimit(2, 60));
        GuestApi api = bed.client(settings(tight)).guests();
        String id = open(api).id();
        success(api.extend(extension(id, 1), bed.within(PATIENCE)));
        success(api.injectContextOnce(context(id), bed.within(PATIENCE)));

        CallFailure.RateLimited limited = assertInstanceOf(
                CallFailure.RateLimited.class,
                failure(api.extend(extension(id, 2), bed.within(Duration.ofMillis(200)))));
        assertTrue(limited.retryAfter().isPositive() && limited.retryAfter().toMillis() <= 1000, limited::toString);
        assertInstanceOf(
                CallFailure.RateLimited.class,
                failure(api.injectContextOnce(context(id), bed.within(PATIENCE))),
                "a short try does not wait for it");
        assertEquals(2, bed.simulator.calls(Endpoint.CREATE), "nothing was sent");

        long start = System.nanoTime();
        success(api.extend(extension(id, 2), bed.within(PATIENCE)));
        assertTrue(System.nanoTime() - start > 100_000_000L, "it waited");
        success(api.create(guest("guest-2"), bed.within(PATIENCE)));
    }

    @Test
    void theTutorialHasNoCallThatEndsAConversation() {
        GuestApi api = bed.client().guests();
        assertFalse(api.closes());
        assertThrows(
                IllegalStateException.class,
                () -> api.close(new CloseConversation("conv-1", "k"), bed.within(PATIENCE)));
    }

    @Test
    void whereThereIsSuchACallItEndsTheConversationOrSaysThatItIsGone() {
        // The simulator knows PATCH for a conversation, whatever it is for.
        Profile.CloseCall close = new Profile.CloseCall(
                "PATCH",
                Profile.TUTORIAL.contextPath(),
                "{\"context\":{\"status\":\"closed\"},"
                        + "\"guestAttributes\":{\"privacy_compliant\":true,\"pii_filtered\":true}}");
        GuestApi api =
                bed.client(settings(profile(close, ConversationLimit.CXONE))).guests();
        String id = open(api).id();
        assertTrue(api.closes());

        bed.simulator.fault(Endpoint.CONTEXT, new Fault.Status(502), 1);
        assertEquals(
                new Answer.Success<>(new ConversationClosed(id), 200, 2),
                api.close(new CloseConversation(id, "close-1"), bed.within(PATIENCE)));
        assertEquals(2, bed.simulator.callsWithKey("close-1"));
        assertEquals(1, bed.metered("close", "success"));
        bed.simulator.expireConversation(id);
        assertEquals(
                new CallFailure.ConversationGone(404),
                failure(api.close(new CloseConversation(id, "close-2"), bed.within(PATIENCE))));
    }

    private Conversation open(GuestApi api) {
        return success(api.create(guest("guest-1"), bed.within(PATIENCE))).value();
    }

    private static ExtendConversation extension(String conversationId, int generation) {
        return new ExtendConversation(
                conversationId,
                "web-1",
                "guest-1",
                Instant.parse("2026-11-22T08:00:00Z"),
                "v2.1",
                "guest-1.refresh." + generation);
    }

    private static Instant expiresAt(Answer.Success<Extension> extended) {
        Instant expiresAt = extended.value().expiresAt();
        if (expiresAt == null) {
            throw new AssertionError("no expiry");
        }
        return expiresAt;
    }

    private double waiting() {
        return bed.meters.get("guestflow.cxone.throttle.waiting").gauge().value();
    }

    private HttpSettings settings(Profile profile) {
        HttpSettings plain = bed.settings();
        return new HttpSettings(
                plain.baseUrl(),
                plain.clientId(),
                plain.clientSecret(),
                plain.scopes(),
                plain.connectTimeout(),
                plain.callTimeout(),
                plain.httpVersion(),
                plain.initialQueueIds(),
                profile);
    }

    private static Profile profile(Profile.@Nullable CloseCall close, ConversationLimit limit) {
        Profile tutorial = Profile.TUTORIAL;
        return new Profile(
                "test",
                tutorial.tokenPath(),
                tutorial.grantType(),
                tutorial.createPath(),
                tutorial.contextPath(),
                tutorial.contextHeader(),
                tutorial.botVariablesHeader(),
                tutorial.idempotencyKeyHeader(),
                tutorial.correlationIdHeader(),
                close,
                limit,
                tutorial.details());
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
}
