package io.guestflow.processor.effects.cxone;

import static io.guestflow.processor.effects.cxone.CxoneTestbed.context;
import static io.guestflow.processor.effects.cxone.CxoneTestbed.guest;
import static io.guestflow.processor.effects.cxone.GuestCalls.assertAllSucceed;
import static io.guestflow.processor.effects.cxone.GuestCalls.assertFails;
import static io.guestflow.processor.effects.cxone.GuestCalls.creates;
import static io.guestflow.processor.effects.cxone.GuestCalls.get;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.sandbox.cxone.Endpoint;
import io.guestflow.processor.sandbox.cxone.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What many calls at once do to the breakers, and these to them. */
@Timeout(60)
final class CxoneBreakersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final CxoneTestbed bed = new CxoneTestbed();

    @AfterEach
    void stop() {
        bed.close();
    }

    @Test
    void theBreakerOpensRefusesTriesAgainAndCloses() throws Exception {
        bed.breaking(new Breaker.Settings(10, 20, 50, Duration.ofMillis(700), 4));
        CxoneClient client = bed.client();
        assertAllSucceed(creates(bed, client, "before-", 1, PATIENCE));
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(500));
        for (Future<Answer<Conversation>> call : creates(bed, client, "guest-", 40, PATIENCE)) {
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
        assertAllSucceed(creates(bed, client, "after-", 20, PATIENCE));
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
        assertAllSucceed(creates(bed, client, "before-", 1, PATIENCE));
        List<Future<Answer<ContextAccepted>>> injections = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            InjectContext command = context("conv-" + i);
            injections.add(bed.threads.submit(() -> client.guests().injectContextOnce(command, bed.within(PATIENCE))));
        }
        await().pollInterval(Duration.ofMillis(5)).until(() -> bed.simulator.calls(Endpoint.CONTEXT) >= 1);
        List<Future<Answer<Conversation>>> waiting = creates(bed, client, "guest-", 20, PATIENCE);
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
        assertAllSucceed(creates(bed, client, "before-", 1, PATIENCE));
        bed.simulator.fault(Endpoint.CREATE, new Fault.Reset(false));
        creates(bed, client, "guest-", 8, PATIENCE).forEach(call -> assertFails(call));
        await().until(() -> state("create") == 1.0);
        creates(bed, client, "trial-", 4, PATIENCE).forEach(call -> assertFails(call));
        assertEquals(2.0, state("create"));
    }

    @Test
    void refusalsDoNotOpenTheBreaker() throws Exception {
        bed.breaking(new Breaker.Settings(10, 5, 50, Duration.ofSeconds(5), 2));
        CxoneClient client = bed.client();
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(404), 30);
        for (Future<Answer<Conversation>> call : creates(bed, client, "guest-", 30, PATIENCE)) {
            assertEquals(new Answer.Failure<>(new CallFailure.Rejected(404), 1), get(call));
        }
        assertEquals(0.0, state("create"));
    }

    @Test
    void anOutageIsOverForCallersOnceItIsOver() throws Exception {
        bed.breaking(new Breaker.Settings(10, 20, 50, Duration.ofMillis(500), 4))
                .callTimeout(Duration.ofMillis(300));
        CxoneClient client = bed.client();
        assertAllSucceed(creates(bed, client, "before-", 1, PATIENCE));
        bed.simulator.fault(Endpoint.CREATE, new Fault.Hang(false));
        creates(bed, client, "guest-", 60, Duration.ofSeconds(3)).forEach(call -> assertFails(call));
        bed.simulator.clearFaults();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> client.guests().create(guest("probe"), bed.within(Duration.ofSeconds(1)))
                        instanceof Answer.Success);
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            client.guests().create(guest("probe"), bed.within(Duration.ofSeconds(1)));
            return state("create") == 0.0;
        });
        assertAllSucceed(creates(bed, client, "after-", 20, PATIENCE));
    }

    private double state(String endpoint) {
        return bed.meters
                .get("guestflow.cxone.breaker.state")
                .tag("endpoint", endpoint)
                .gauge()
                .value();
    }
}
