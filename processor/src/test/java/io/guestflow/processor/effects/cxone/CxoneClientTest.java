package io.guestflow.processor.effects.cxone;

import static io.guestflow.processor.effects.cxone.CxoneTestbed.context;
import static io.guestflow.processor.effects.cxone.CxoneTestbed.guest;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.effects.cxone.CallFailure.Cause;
import io.guestflow.processor.sandbox.cxone.Call;
import io.guestflow.processor.sandbox.cxone.Endpoint;
import io.guestflow.processor.sandbox.cxone.Fault;
import io.guestflow.processor.sandbox.cxone.Pause;
import io.guestflow.processor.sandbox.cxone.RetryAfter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What many calls at once do to one token, one limit, one pause and two breakers. */
@Timeout(60)
final class CxoneClientTest {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final CxoneTestbed bed = new CxoneTestbed();

    @AfterEach
    void stop() {
        bed.close();
    }

    private List<Future<Answer<Conversation>>> creates(
            CxoneClient client, String prefix, int count, Duration patience) {
        List<Future<Answer<Conversation>>> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            CreateConversation command = guest(prefix + i);
            calls.add(bed.threads.submit(() -> client.guests().create(command, bed.within(patience))));
        }
        return calls;
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    private static void assertAllSucceed(List<Future<Answer<Conversation>>> calls) throws Exception {
        for (Future<Answer<Conversation>> call : calls) {
            assertInstanceOf(Answer.Success.class, get(call));
        }
    }

    @Test
    void aColdStartUnderLoadIsOneTokenCall() throws Exception {
        bed.callTimeout(Duration.ofSeconds(20)).simulator.latency(Duration.ofMillis(50));
        assertAllSucceed(creates(bed.client(), "guest-", 200, Duration.ofSeconds(25)));
        assertEquals(1, bed.simulator.calls(Endpoint.TOKEN));
        assertEquals(200, bed.simulator.calls(Endpoint.CREATE));
    }

    @Test
    void aTokenRevokedUnderLoadIsOneTokenCallMore() throws Exception {
        CxoneClient client = bed.client();
        assertAllSucceed(creates(client, "before-", 1, PATIENCE));
        bed.simulator.latency(Duration.ofMillis(50));
        bed.simulator.revokeTokens();
        assertAllSucceed(creates(client, "guest-", 200, PATIENCE));
        assertEquals(2, bed.simulator.calls(Endpoint.TOKEN));
        assertTrue(bed.simulator.calls(Endpoint.CREATE, 401) <= 200);
    }

    @Test
    void tokensThatExpireUnderLoadAreReplacedAheadAndOneByOne() throws Exception {
        bed.simulator.tokenLifetime(Duration.ofSeconds(2)).latency(Duration.ofMillis(20));
        CxoneClient client = bed.client();
        Instant end = Instant.now().plusSeconds(4);
        List<Future<Integer>> guests = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            CreateConversation command = guest("guest-" + i);
            guests.add(bed.threads.submit(() -> {
                int calls = 0;
                while (Instant.now().isBefore(end)) {
                    Answer<Conversation> answer = client.guests().create(command, bed.within(PATIENCE));
                    assertEquals(
                            1, assertInstanceOf(Answer.Success.class, answer).calls());
                    calls++;
                }
                return calls;
            }));
        }
        for (Future<Integer> guest : guests) {
            assertTrue(get(guest) > 10);
        }
        assertEquals(0, bed.simulator.calls(Endpoint.CREATE, 401), "a token was used until it was refused");
        long tokens = bed.simulator.calls(Endpoint.TOKEN);
        // Half of two seconds each: four or five in four seconds.
        assertTrue(tokens >= 3 && tokens <= 6, () -> tokens + " token calls in four seconds");
        assertEquals(1, bed.simulator.mostInFlight(Endpoint.TOKEN));
    }

    @Test
    void aTokenIsReplacedAheadWithoutMakingAnybodyWait() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        CxoneClient client = bed.clock(now::get).client();
        GuestApi api = client.guests();
        assertInstanceOf(Answer.Success.class, api.create(guest("guest-1"), bed.within(PATIENCE)));
        bed.simulator.fault(Endpoint.TOKEN, new Fault.Hang(false), 1);
        now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(59)));
        for (int i = 0; i < 10; i++) {
            Answer<Conversation> answer = api.create(guest("guest-2"), bed.within(PATIENCE));
            assertEquals(1, assertInstanceOf(Answer.Success.class, answer).calls());
        }
        await().until(() -> bed.simulator.calls(Endpoint.TOKEN) == 2);
        assertEquals(11, bed.simulator.calls(Endpoint.CREATE));
    }

    @Test
    void aTokenThatExpiresWhileCallsWaitForTheirTurnIsNotSent() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        bed.simulator.tokenLifetime(Duration.ofMinutes(1));
        CxoneClient client = bed.clock(now::get).callsPerSecond(50).client();
        assertAllSucceed(creates(client, "before-", 1, PATIENCE));
        client.pauseUntil(now.get().plus(Duration.ofMinutes(2)));
        List<Future<Answer<Conversation>>> waited = creates(client, "guest-", 10, Duration.ofMinutes(5));
        awaitWaiting(10);

        now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(2)));
        bed.simulator.revokeTokens();
        // Whatever makes the throttle look at its clock.
        client.share(1);

        for (Future<Answer<Conversation>> call : waited) {
            assertEquals(1, assertInstanceOf(Answer.Success.class, get(call)).calls());
        }
        assertEquals(0, bed.simulator.calls(Endpoint.CREATE, 401));
        assertEquals(2, bed.simulator.calls(Endpoint.TOKEN));
    }

    @Test
    void aTokenEndpointThatFailsUnderLoadIsNotStormed() throws Exception {
        bed.simulator.fault(Endpoint.TOKEN, new Fault.Status(503));
        List<Future<Answer<Conversation>>> calls = creates(bed.client(), "guest-", 200, Duration.ofSeconds(2));
        for (Future<Answer<Conversation>> call : calls) {
            assertEquals(new Answer.Failure<>(new CallFailure.UpstreamError(503, Cause.SERVER_ERROR), 0), get(call));
        }
        long asked = bed.simulator.calls(Endpoint.TOKEN);
        assertTrue(asked >= 2 && asked < 15, () -> asked + " token calls in two seconds");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void allCallersWaitOutAPause(int form) throws Exception {
        RetryAfter retryAfter = form == 0 ? new RetryAfter.Seconds(2) : new RetryAfter.Date(2);
        CxoneClient client = bed.client();
        assertAllSucceed(creates(client, "before-", 1, PATIENCE));
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(429, retryAfter), 1);
        List<Future<Answer<Conversation>>> calls = creates(client, "first-", 1, PATIENCE);
        await().until(() -> !bed.learned.isEmpty());
        calls.addAll(creates(client, "guest-", 50, PATIENCE));
        assertAllSucceed(calls);
        Pause pause = bed.simulator.pauses().getFirst();
        assertEquals(List.of(), pause.arrivals());
        assertFalse(bed.learned.getFirst().isBefore(pause.endsAt().truncatedTo(java.time.temporal.ChronoUnit.MILLIS)));
        assertEquals(1, bed.learned.size());
    }

    @Test
    void aCallThatWaitsForItsTurnWaitsOutAPauseLearnedMeanwhile() throws Exception {
        CxoneClient client = bed.callsPerSecond(4).client();
        assertAllSucceed(creates(client, "before-", 1, PATIENCE));
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(429, new RetryAfter.Seconds(2)), 1);
        assertAllSucceed(creates(client, "guest-", 8, PATIENCE));
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
        awaitWaiting(1);
        List<Future<Answer<Conversation>>> guests = creates(client, "guest-", 4, Duration.ofSeconds(20));
        awaitWaiting(5);

        assertAllSucceed(guests);
        assertInstanceOf(Answer.Success.class, get(injected));
        assertEquals(Endpoint.CONTEXT, bed.simulator.callLog().getLast().endpoint());
    }

    @Test
    void injectionsForWhichNobodyWaitsTakeFewPlacesWhereTheyHang() throws Exception {
        CxoneClient client = bed.callTimeout(Duration.ofSeconds(20)).client();
        assertAllSucceed(creates(client, "before-", 1, PATIENCE));
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
        assertAllSucceed(creates(client, "guest-", 10, PATIENCE));
    }

    private void awaitWaiting(int count) {
        await().until(() ->
                bed.meters.get("guestflow.cxone.throttle.waiting").gauge().value() == count);
    }

    @Test
    void theOtherInstanceWaitsOutThePauseItIsTold() throws Exception {
        CxoneClient one = bed.client();
        CxoneClient two = bed.client();
        assertAllSucceed(creates(one, "one-", 1, PATIENCE));
        assertAllSucceed(creates(two, "two-", 1, PATIENCE));
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(429, new RetryAfter.Seconds(1)), 1);
        List<Future<Answer<Conversation>>> calls = creates(one, "guest-", 1, PATIENCE);
        await().until(() -> !bed.learned.isEmpty());
        two.pauseUntil(bed.learned.getFirst());
        calls.addAll(creates(two, "other-", 20, PATIENCE));
        assertAllSucceed(calls);
        assertEquals(List.of(), bed.simulator.pauses().getFirst().arrivals());
        assertEquals(1, bed.learned.size());
    }

    @Test
    void aPauseBeyondTheDeadlineIsToldAtOnceToAll() throws Exception {
        CxoneClient client = bed.client();
        assertAllSucceed(creates(client, "before-", 1, PATIENCE));
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(429, new RetryAfter.Seconds(60)), 1);
        long start = System.nanoTime();
        Answer<Conversation> first = client.guests().create(guest("first"), bed.within(PATIENCE));
        assertEquals(new Answer.Failure<>(new CallFailure.RateLimited(Duration.ofSeconds(60)), 1), first);
        for (Future<Answer<Conversation>> call : creates(client, "guest-", 20, PATIENCE)) {
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
        assertAllSucceed(creates(client, "before-", 1, PATIENCE));
        Fault refusal = header.isEmpty() ? new Fault.Status(429) : new Fault.Status(429, header.getFirst());
        bed.simulator.fault(Endpoint.CREATE, refusal, 1);
        long start = System.nanoTime();
        assertAllSucceed(creates(client, "guest-", 1, PATIENCE));
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
        assertAllSucceed(creates(bed.client(), "guest-", 20, PATIENCE));
        assertEquals(2, bed.simulator.calls(Endpoint.TOKEN));
        assertEquals(List.of(), bed.simulator.pauses().getFirst().arrivals());
    }

    @Test
    void theLimitHoldsForAllCallsTogether() throws Exception {
        int limit = 100;
        bed.simulator.callsPerSecond(limit + 5);
        CxoneClient client = bed.callsPerSecond(limit).client();
        long start = System.nanoTime();
        assertAllSucceed(creates(client, "guest-", 250, PATIENCE));
        double seconds = (System.nanoTime() - start) / 1e9;
        assertEquals(0, bed.simulator.calls(Endpoint.CREATE, 429));
        assertTrue(seconds > 2.3 && seconds < 6, () -> "251 calls took " + seconds + " s");
        assertTrue(bed.meters.get("guestflow.cxone.throttle.wait").timer().count() >= 250);
    }

    @Test
    void theBreakerOpensRefusesTriesAgainAndCloses() throws Exception {
        bed.breaking(new Breaker.Settings(10, 20, 50, Duration.ofMillis(700), 4));
        CxoneClient client = bed.client();
        assertAllSucceed(creates(client, "before-", 1, PATIENCE));
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(500));
        for (Future<Answer<Conversation>> call : creates(client, "guest-", 40, PATIENCE)) {
            Answer.Failure<?> failure = assertInstanceOf(Answer.Failure.class, get(call));
            assertInstanceOf(CallFailure.Unavailable.class, failure.failure());
        }
        assertEquals(2.0, state("create"));
        long calls = bed.simulator.calls(Endpoint.CREATE);
        Answer.Failure<?> refused =
                assertInstanceOf(Answer.Failure.class, client.guests().create(guest("refused"), bed.within(PATIENCE)));
        assertEquals(0, refused.calls());
        Duration retryAfter = assertInstanceOf(CallFailure.Unavailable.class, refused.failure())
                .retryAfter();
        assertTrue(retryAfter.isPositive() && retryAfter.compareTo(Duration.ofSeconds(1)) <= 0, retryAfter::toString);
        assertEquals(calls, bed.simulator.calls(Endpoint.CREATE));

        await().until(() -> state("create") == 1.0);
        assertEquals(calls, bed.simulator.calls(Endpoint.CREATE), "a stale call was made");
        bed.simulator.clearFaults();
        for (int i = 0; i < 4; i++) {
            assertInstanceOf(Answer.Success.class, client.guests().create(guest("trial-" + i), bed.within(PATIENCE)));
        }
        assertEquals(0.0, state("create"));
        assertAllSucceed(creates(client, "after-", 20, PATIENCE));
    }

    private double state(String endpoint) {
        return bed.meters
                .get("guestflow.cxone.breaker.state")
                .tag("endpoint", endpoint)
                .gauge()
                .value();
    }

    @Test
    void aContextEndpointThatFailsLeavesAuthenticationAlone() {
        int minimum = 20;
        bed.breaking(new Breaker.Settings(10, minimum, 50, Duration.ofMinutes(1), 4));
        bed.simulator.fault(Endpoint.CONTEXT, new Fault.Status(503));
        GuestApi api = bed.client().guests();
        for (int i = 0; i < 80; i++) {
            Answer<Conversation> created = api.create(guest("guest-" + i), bed.within(PATIENCE));
            Answer.Success<?> success = assertInstanceOf(Answer.Success.class, created);
            assertEquals(1, success.calls());
            String id = assertInstanceOf(Conversation.class, success.value()).id();
            Answer.Failure<?> failure =
                    assertInstanceOf(Answer.Failure.class, api.injectContextOnce(context(id), bed.within(PATIENCE)));
            assertEquals(i < minimum, !(failure.failure() instanceof CallFailure.Unavailable), failure::toString);
        }
        assertEquals(80, bed.simulator.calls(Endpoint.CREATE));
        assertEquals(minimum, bed.simulator.calls(Endpoint.CONTEXT));
        assertEquals(2.0, state("context"));
        assertEquals(0.0, state("create"));
    }

    @Test
    void aContextBreakerThatOpensSendsNoCreateAway() throws Exception {
        bed.breaking(new Breaker.Settings(10, 4, 50, Duration.ofMinutes(1), 2)).callsPerSecond(10);
        bed.simulator.fault(Endpoint.CONTEXT, new Fault.Status(503));
        CxoneClient client = bed.client();
        assertAllSucceed(creates(client, "before-", 1, PATIENCE));
        List<Future<Answer<ContextAccepted>>> injections = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            InjectContext command = context("conv-" + i);
            injections.add(bed.threads.submit(() -> client.guests().injectContextOnce(command, bed.within(PATIENCE))));
        }
        await().pollInterval(Duration.ofMillis(5)).until(() -> bed.simulator.calls(Endpoint.CONTEXT) >= 1);
        List<Future<Answer<Conversation>>> waiting = creates(client, "guest-", 20, PATIENCE);
        for (Future<Answer<ContextAccepted>> injection : injections) {
            assertInstanceOf(Answer.Failure.class, get(injection));
        }
        assertEquals(2.0, state("context"));
        boolean waited = waiting.stream().anyMatch(create -> !create.isDone());
        assertAllSucceed(waiting);
        assertTrue(waited, "no create waited as the breaker opened: this shows nothing");
    }

    @Test
    void aCreateThatFailsLeavesTheContextOfOthersAlone() throws Exception {
        bed.breaking(new Breaker.Settings(10, 4, 50, Duration.ofMinutes(1), 2));
        GuestApi api = bed.client().guests();
        Answer<Conversation> created = api.create(guest("guest-1"), bed.within(PATIENCE));
        String id = assertInstanceOf(
                        Conversation.class,
                        assertInstanceOf(Answer.Success.class, created).value())
                .id();
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(500));
        assertInstanceOf(Answer.Failure.class, api.create(guest("guest-2"), bed.within(PATIENCE)));
        assertEquals(2.0, state("create"));
        assertInstanceOf(Answer.Success.class, api.injectContextOnce(context(id), bed.within(PATIENCE)));
    }

    @Test
    void aFailedTrialOpensTheBreakerAgain() throws Exception {
        bed.breaking(new Breaker.Settings(10, 4, 50, Duration.ofMillis(300), 2));
        CxoneClient client = bed.client();
        assertAllSucceed(creates(client, "before-", 1, PATIENCE));
        bed.simulator.fault(Endpoint.CREATE, new Fault.Reset(false));
        creates(client, "guest-", 8, PATIENCE).forEach(call -> assertThrowsNothing(call));
        await().until(() -> state("create") == 1.0);
        creates(client, "trial-", 4, PATIENCE).forEach(call -> assertThrowsNothing(call));
        assertEquals(2.0, state("create"));
    }

    private static void assertThrowsNothing(Future<Answer<Conversation>> call) {
        try {
            assertInstanceOf(Answer.Failure.class, get(call));
        } catch (Exception e) {
            throw new AssertionError("a call threw", e);
        }
    }

    @Test
    void refusalsDoNotOpenTheBreaker() throws Exception {
        bed.breaking(new Breaker.Settings(10, 5, 50, Duration.ofSeconds(5), 2));
        CxoneClient client = bed.client();
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(404), 30);
        for (Future<Answer<Conversation>> call : creates(client, "guest-", 30, PATIENCE)) {
            assertEquals(new Answer.Failure<>(new CallFailure.Rejected(404), 1), get(call));
        }
        assertEquals(0.0, state("create"));
    }

    @Test
    void anOutageIsOverForCallersOnceItIsOver() throws Exception {
        bed.breaking(new Breaker.Settings(10, 20, 50, Duration.ofMillis(500), 4))
                .callTimeout(Duration.ofMillis(300));
        CxoneClient client = bed.client();
        assertAllSucceed(creates(client, "before-", 1, PATIENCE));
        bed.simulator.fault(Endpoint.CREATE, new Fault.Hang(false));
        creates(client, "guest-", 60, Duration.ofSeconds(3)).forEach(call -> assertThrowsNothing(call));
        bed.simulator.clearFaults();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> client.guests().create(guest("probe"), bed.within(Duration.ofSeconds(1)))
                        instanceof Answer.Success);
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            client.guests().create(guest("probe"), bed.within(Duration.ofSeconds(1)));
            return state("create") == 0.0;
        });
        assertAllSucceed(creates(client, "after-", 20, PATIENCE));
    }

    @Test
    void anInterruptedCallerIsBrokenOffAndItsConnectionFreed() throws Exception {
        CxoneClient client = bed.callTimeout(Duration.ofSeconds(20)).client();
        assertAllSucceed(creates(client, "before-", 1, PATIENCE));
        bed.simulator.fault(Endpoint.CREATE, new Fault.Hang(false), 1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                client.guests().create(guest("guest-1"), bed.within(PATIENCE));
            } catch (CancellationException e) {
                thrown.set(e);
            }
        });
        await().until(() -> bed.simulator.inFlight(Endpoint.CREATE) == 1);
        caller.interrupt();
        assertTrue(caller.join(Duration.ofSeconds(5)));
        assertInstanceOf(CancellationException.class, thrown.get());
        await().until(() -> bed.simulator.inFlight(Endpoint.CREATE) == 0);
    }

    @Test
    void closingBreaksOffCallsWhereverTheyWait() throws Exception {
        CxoneClient client = bed.callTimeout(Duration.ofSeconds(20)).client();
        assertAllSucceed(creates(client, "before-", 1, PATIENCE));
        bed.simulator.fault(Endpoint.CREATE, new Fault.Hang(false), 5);
        List<Future<Answer<Conversation>>> hanging = creates(client, "hanging-", 5, PATIENCE);
        await().until(() -> bed.simulator.inFlight(Endpoint.CREATE) == 5);
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(503, new RetryAfter.Seconds(10)), 1);
        hanging.addAll(creates(client, "backing-off-", 1, PATIENCE));
        bed.simulator.fault(Endpoint.QUERY, new Fault.Status(503, new RetryAfter.Seconds(10)), 1);
        Future<?> asking = bed.threads.submit(() ->
                client.details().details(List.of("conv-1"), bed.within(PATIENCE).inBackground()));
        await().until(() ->
                bed.simulator.calls(Endpoint.CREATE, 503) == 1 && bed.simulator.calls(Endpoint.QUERY, 503) == 1);
        client.close();
        assertInstanceOf(
                CancellationException.class,
                assertThrows(ExecutionException.class, () -> get(asking)).getCause());
        for (Future<Answer<Conversation>> call : hanging) {
            ExecutionException e = assertThrows(ExecutionException.class, () -> get(call));
            assertInstanceOf(CancellationException.class, e.getCause());
        }
        await().until(() -> bed.simulator.openConnections() == 0);
        assertThrows(CancellationException.class, () -> client.guests().create(guest("late"), bed.within(PATIENCE)));
    }

    @Test
    void manyGuestsAtOnceGetTheirOwnConversations() throws Exception {
        // On a busy machine half a thousand connections take a while.
        CxoneClient client = bed.callTimeout(Duration.ofSeconds(20)).client();
        List<Future<Boolean>> guests = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            String name = "guest-" + i;
            guests.add(bed.threads.submit(() -> {
                Answer<Conversation> created = client.guests().create(guest(name), bed.within(Duration.ofSeconds(25)));
                if (!(created instanceof Answer.Success<Conversation> success)) {
                    return false;
                }
                String id = success.value().id();
                return bed.simulator.conversation(id).guestId().equals(name)
                        && client.guests().injectContextOnce(context(id), bed.within(PATIENCE))
                                instanceof Answer.Success;
            }));
        }
        for (Future<Boolean> guest : guests) {
            assertTrue(get(guest));
        }
        assertEquals(500, bed.simulator.calls(Endpoint.CONTEXT, 200));
        List<Call> log = bed.simulator.callLog();
        assertEquals(1_001, log.size());
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
