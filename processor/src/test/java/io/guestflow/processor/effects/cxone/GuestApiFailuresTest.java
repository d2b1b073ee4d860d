package io.guestflow.processor.effects.cxone;

import static io.guestflow.processor.effects.cxone.CxoneTestbed.guest;
import static io.guestflow.processor.effects.cxone.GuestCalls.create;
import static io.guestflow.processor.effects.cxone.GuestCalls.failure;
import static io.guestflow.processor.effects.cxone.GuestCalls.success;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.effects.cxone.CallFailure.Cause;
import io.guestflow.processor.sandbox.cxone.Endpoint;
import io.guestflow.processor.sandbox.cxone.Fault;
import io.guestflow.processor.sandbox.cxone.RetryAfter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.StringNode;

/** Every way in which one guest's calls can fail, over real HTTP: what is final, what is tried again and until when. */
@Timeout(30)
final class GuestApiFailuresTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final CxoneTestbed bed = new CxoneTestbed();

    @AfterEach
    void stop() {
        bed.close();
    }

    @Test
    void aForbiddenChannelIsFinal() {
        bed.simulator.forbiddenChannels(List.of("web-1"));
        assertEquals(new Answer.Failure<>(new CallFailure.Forbidden(), 1), create(bed, PATIENCE));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 405, 409, 410, 422, 451})
    void otherRefusalsAreFinal(int status) {
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(status));
        assertEquals(new Answer.Failure<>(new CallFailure.Rejected(status), 1), create(bed, PATIENCE));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void redirectsAreNotFollowed(int status) {
        bed.simulator.fault(Endpoint.CREATE, new Fault.Redirect(status, bed.simulator.baseUrl() + "/elsewhere"));
        assertEquals(new Answer.Failure<>(new CallFailure.Rejected(status), 1), create(bed, PATIENCE));
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
        assertEquals(3, success(create(bed, PATIENCE)).calls());
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
        Answer<Conversation> answer = create(bed, Duration.ofMillis(1_200));
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
        assertEquals(1, success(create(bed, PATIENCE)).calls());
    }

    @Test
    void anAnswerUpToTheBoundIsRead() {
        bed.callTimeout(Duration.ofSeconds(4));
        bed.simulator.fault(Endpoint.CREATE, new Fault.Padded(Wire.MAX_BODY - 1_000), 1);
        assertEquals(1, success(create(bed, PATIENCE)).calls());
    }

    @ParameterizedTest
    @MethodSource("silent")
    void aCallThatIsGivenUpFreesItsConnection(Fault fault) {
        bed.callTimeout(Duration.ofMillis(400));
        bed.simulator.fault(Endpoint.CREATE, fault);
        create(bed, Duration.ofMillis(900));
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
        assertEquals(2, success(create(bed, PATIENCE)).calls());
        assertTrue(System.nanoTime() - start >= 1_000_000_000L);
    }

    @Test
    void a503WhoseRetryAfterIsTooFarEndsAtOnce() {
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(503, new RetryAfter.Seconds(60)), 1);
        long start = System.nanoTime();
        assertEquals(new CallFailure.UpstreamError(503, Cause.SERVER_ERROR), failure(create(bed, PATIENCE)));
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

    private static Fault expiresAt(String time) {
        return new Fault.Replaced("expiresAt", new StringNode(time));
    }
}
