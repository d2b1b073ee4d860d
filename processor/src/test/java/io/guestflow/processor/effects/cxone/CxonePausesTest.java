package io.guestflow.processor.effects.cxone;

import static io.guestflow.processor.effects.cxone.CxoneTestbed.context;
import static io.guestflow.processor.effects.cxone.CxoneTestbed.guest;
import static io.guestflow.processor.effects.cxone.GuestCalls.assertAllSucceed;
import static io.guestflow.processor.effects.cxone.GuestCalls.awaitWaiting;
import static io.guestflow.processor.effects.cxone.GuestCalls.creates;
import static io.guestflow.processor.effects.cxone.GuestCalls.get;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.sandbox.cxone.Endpoint;
import io.guestflow.processor.sandbox.cxone.Fault;
import io.guestflow.processor.sandbox.cxone.Pause;
import io.guestflow.processor.sandbox.cxone.RetryAfter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What many calls at once do to one limit and one pause. */
@Timeout(60)
final class CxonePausesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final CxoneTestbed bed = new CxoneTestbed();

    @AfterEach
    void stop() {
        bed.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void allCallersWaitOutAPause(int form) throws Exception {
        RetryAfter retryAfter = form == 0 ? new RetryAfter.Seconds(2) : new RetryAfter.Date(2);
        CxoneClient client = bed.client();
        assertAllSucceed(creates(bed, client, "before-", 1, PATIENCE));
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(429, retryAfter), 1);
        List<Future<Answer<Conversation>>> calls = creates(bed, client, "first-", 1, PATIENCE);
        await().until(() -> !bed.learned.isEmpty());
        calls.addAll(creates(bed, client, "guest-", 50, PATIENCE));
        assertAllSucceed(calls);
        Pause pause = bed.simulator.pauses().getFirst();
        assertEquals(List.of(), pause.arrivals());
        assertFalse(bed.learned.getFirst().isBefore(pause.endsAt().truncatedTo(java.time.temporal.ChronoUnit.MILLIS)));
        assertEquals(1, bed.learned.size());
    }

    @Test
    void aCallThatWaitsForItsTurnWaitsOutAPauseLearnedMeanwhile() throws Exception {
        CxoneClient client = bed.callsPerSecond(4).client();
        assertAllSucceed(creates(bed, client, "before-", 1, PATIENCE));
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(429, new RetryAfter.Seconds(2)), 1);
        assertAllSucceed(creates(bed, client, "guest-", 8, PATIENCE));
        assertEquals(List.of(), bed.simulator.pauses().getFirst().arrivals());
    }

    @Test
    void anInjectionForWhichNobodyWaitsGoesBehindTheGuestsWhoDo() throws Exception {
        CxoneClient client = bed.callsPerSecond(5).client();
        Answer<Conversation> known = client.guests().create(guest("known"), bed.within(PATIENCE));
        String id = assertInstanceOf(Answer.Success.class, known).value() instanceof Conversation conversation
                ? conversation.id()
                : "";
        client.pauseUntil(Instant.now().plusSeconds(3));
        var injected = bed.threads.submit(() -> client.guests()
                .injectContextOnce(
                        context(id), bed.within(Duration.ofSeconds(20)).inBackground()));
        awaitWaiting(bed, 1);
        List<Future<Answer<Conversation>>> guests = creates(bed, client, "guest-", 4, Duration.ofSeconds(20));
        awaitWaiting(bed, 5);

        assertAllSucceed(guests);
        assertInstanceOf(Answer.Success.class, get(injected));
        assertEquals(Endpoint.CONTEXT, bed.simulator.callLog().getLast().endpoint());
    }

    @Test
    void injectionsForWhichNobodyWaitsTakeFewPlacesWhereTheyHang() throws Exception {
        CxoneClient client = bed.callTimeout(Duration.ofSeconds(20)).client();
        assertAllSucceed(creates(bed, client, "before-", 1, PATIENCE));
        bed.simulator.fault(Endpoint.CONTEXT, new Fault.Hang(false));
        List<Future<Answer<ContextAccepted>>> injected = new ArrayList<>();
        for (int i = 0; i < 3 * Gate.BACKGROUND_PLACES; i++) {
            InjectContext command = context("conv-" + i);
            injected.add(bed.threads.submit(() -> client.guests()
                    .injectContextOnce(
                            command, bed.within(Duration.ofSeconds(20)).inBackground())));
        }
        int refused = 0;
        for (Future<Answer<ContextAccepted>> each : injected) {
            CallFailure failure =
                    assertInstanceOf(Answer.Failure.class, get(each)).failure();
            refused += failure instanceof CallFailure.NoPlace ? 1 : 0;
        }
        assertTrue(bed.simulator.mostInFlight(Endpoint.CONTEXT) <= Gate.BACKGROUND_PLACES);
        assertTrue(refused > 0, "all of them hung");
        bed.simulator.clearFaults();
        assertAllSucceed(creates(bed, client, "guest-", 10, PATIENCE));
    }

    @Test
    void theOtherInstanceWaitsOutThePauseItIsTold() throws Exception {
        CxoneClient one = bed.client();
        CxoneClient two = bed.client();
        assertAllSucceed(creates(bed, one, "one-", 1, PATIENCE));
        assertAllSucceed(creates(bed, two, "two-", 1, PATIENCE));
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(429, new RetryAfter.Seconds(1)), 1);
        List<Future<Answer<Conversation>>> calls = creates(bed, one, "guest-", 1, PATIENCE);
        await().until(() -> !bed.learned.isEmpty());
        two.pauseUntil(bed.learned.getFirst());
        calls.addAll(creates(bed, two, "other-", 20, PATIENCE));
        assertAllSucceed(calls);
        assertEquals(List.of(), bed.simulator.pauses().getFirst().arrivals());
        assertEquals(1, bed.learned.size());
    }

    @Test
    void aPauseBeyondTheDeadlineIsToldAtOnceToAll() throws Exception {
        CxoneClient client = bed.client();
        assertAllSucceed(creates(bed, client, "before-", 1, PATIENCE));
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(429, new RetryAfter.Seconds(60)), 1);
        long start = System.nanoTime();
        Answer<Conversation> first = client.guests().create(guest("first"), bed.within(PATIENCE));
        assertEquals(new Answer.Failure<>(new CallFailure.RateLimited(Duration.ofSeconds(60)), 1), first);
        for (Future<Answer<Conversation>> call : creates(bed, client, "guest-", 20, PATIENCE)) {
            Answer.Failure<?> failure = assertInstanceOf(Answer.Failure.class, get(call));
            Duration wait = assertInstanceOf(CallFailure.RateLimited.class, failure.failure())
                    .retryAfter();
            assertTrue(wait.compareTo(Duration.ofSeconds(50)) > 0, () -> "told " + wait);
            assertEquals(0, failure.calls());
        }
        assertTrue(System.nanoTime() - start < 8_000_000_000L, "somebody waited");
        assertEquals(2, bed.simulator.calls(Endpoint.CREATE));
    }

    @ParameterizedTest
    @MethodSource
    void a429WithoutAUsableRetryAfterIsAPauseOfASecond(List<RetryAfter> header) throws Exception {
        CxoneClient client = bed.client();
        assertAllSucceed(creates(bed, client, "before-", 1, PATIENCE));
        Fault refusal = header.isEmpty() ? new Fault.Status(429) : new Fault.Status(429, header.getFirst());
        bed.simulator.fault(Endpoint.CREATE, refusal, 1);
        long start = System.nanoTime();
        assertAllSucceed(creates(bed, client, "guest-", 1, PATIENCE));
        long took = System.nanoTime() - start;
        assertTrue(took >= 1_000_000_000L && took < 4_000_000_000L, () -> "took " + took + " ns");
    }

    static List<List<RetryAfter>> a429WithoutAUsableRetryAfterIsAPauseOfASecond() {
        return List.of(List.of(), List.of(new RetryAfter.Literal("soon")), List.of(new RetryAfter.Literal("-3")));
    }

    @Test
    void anEndless429WithoutWaitingTimeIsNotALoop() {
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(429, new RetryAfter.Seconds(0)));
        Answer<Conversation> answer =
                bed.client().guests().create(guest("guest-1"), bed.within(Duration.ofMillis(1_500)));
        assertInstanceOf(
                CallFailure.RateLimited.class,
                assertInstanceOf(Answer.Failure.class, answer).failure());
        assertTrue(answer.calls() < 10, () -> answer.calls() + " calls");
    }

    @Test
    void a429ForTheTokenPausesToo() throws Exception {
        bed.simulator.fault(Endpoint.TOKEN, new Fault.Status(429, new RetryAfter.Seconds(1)), 1);
        assertAllSucceed(creates(bed, bed.client(), "guest-", 20, PATIENCE));
        assertEquals(2, bed.simulator.calls(Endpoint.TOKEN));
        assertEquals(List.of(), bed.simulator.pauses().getFirst().arrivals());
    }

    @Test
    void theLimitHoldsForAllCallsTogether() throws Exception {
        int limit = 100;
        bed.simulator.callsPerSecond(limit + 5);
        CxoneClient client = bed.callsPerSecond(limit).client();
        long start = System.nanoTime();
        assertAllSucceed(creates(bed, client, "guest-", 250, PATIENCE));
        double seconds = (System.nanoTime() - start) / 1e9;
        assertEquals(0, bed.simulator.calls(Endpoint.CREATE, 429));
        assertTrue(seconds > 2.3 && seconds < 6, () -> "251 calls took " + seconds + " s");
        assertTrue(bed.meters.get("guestflow.cxone.throttle.wait").timer().count() >= 250);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
    void aLimitThatIsNoneIsRefusedAtTheStart(double limit) {
        bed.callsPerSecond(limit);
        assertThrows(IllegalArgumentException.class, bed::client);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void aShareThatIsNoneIsRefused(double share) {
        CxoneClient client = bed.callsPerSecond(10).client();
        assertThrows(IllegalArgumentException.class, () -> client.share(share));
    }
}
