package io.guestflow.processor.effects.cxone;

import static io.guestflow.processor.effects.cxone.CxoneTestbed.guest;
import static io.guestflow.processor.effects.cxone.GuestCalls.assertAllSucceed;
import static io.guestflow.processor.effects.cxone.GuestCalls.awaitWaiting;
import static io.guestflow.processor.effects.cxone.GuestCalls.creates;
import static io.guestflow.processor.effects.cxone.GuestCalls.get;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.effects.cxone.CallFailure.Cause;
import io.guestflow.processor.sandbox.cxone.Endpoint;
import io.guestflow.processor.sandbox.cxone.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What many calls at once do to one token. */
@Timeout(60)
final class CxoneTokensUnderLoadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final CxoneTestbed bed = new CxoneTestbed();

    @AfterEach
    void stop() {
        bed.close();
    }

    @Test
    void aColdStartUnderLoadIsOneTokenCall() throws Exception {
        bed.callTimeout(Duration.ofSeconds(20)).simulator.latency(Duration.ofMillis(50));
        assertAllSucceed(creates(bed, bed.client(), "guest-", 200, Duration.ofSeconds(25)));
        assertEquals(1, bed.simulator.calls(Endpoint.TOKEN));
        assertEquals(200, bed.simulator.calls(Endpoint.CREATE));
    }

    @Test
    void aTokenRevokedUnderLoadIsOneTokenCallMore() throws Exception {
        CxoneClient client = bed.client();
        assertAllSucceed(creates(bed, client, "before-", 1, PATIENCE));
        bed.simulator.latency(Duration.ofMillis(50));
        bed.simulator.revokeTokens();
        assertAllSucceed(creates(bed, client, "guest-", 200, PATIENCE));
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
        assertAllSucceed(creates(bed, client, "before-", 1, PATIENCE));
        client.pauseUntil(now.get().plus(Duration.ofMinutes(2)));
        List<Future<Answer<Conversation>>> waited = creates(bed, client, "guest-", 10, Duration.ofMinutes(5));
        awaitWaiting(bed, 10);

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
        List<Future<Answer<Conversation>>> calls = creates(bed, bed.client(), "guest-", 200, Duration.ofSeconds(2));
        for (Future<Answer<Conversation>> call : calls) {
            assertEquals(new Answer.Failure<>(new CallFailure.UpstreamError(503, Cause.SERVER_ERROR), 0), get(call));
        }
        long asked = bed.simulator.calls(Endpoint.TOKEN);
        assertTrue(asked >= 2 && asked < 15, () -> asked + " token calls in two seconds");
    }
}
