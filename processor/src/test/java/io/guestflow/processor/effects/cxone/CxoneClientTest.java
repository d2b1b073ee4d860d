package io.guestflow.processor.effects.cxone;

import static io.guestflow.processor.effects.cxone.CxoneTestbed.context;
import static io.guestflow.processor.effects.cxone.CxoneTestbed.guest;
import static io.guestflow.processor.effects.cxone.GuestCalls.assertAllSucceed;
import static io.guestflow.processor.effects.cxone.GuestCalls.creates;
import static io.guestflow.processor.effects.cxone.GuestCalls.get;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.sandbox.cxone.Call;
import io.guestflow.processor.sandbox.cxone.Endpoint;
import io.guestflow.processor.sandbox.cxone.Fault;
import io.guestflow.processor.sandbox.cxone.RetryAfter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many calls at once, and what breaks them off. */
@Timeout(60)
final class CxoneClientTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final CxoneTestbed bed = new CxoneTestbed();

    @AfterEach
    void stop() {
        bed.close();
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

    @Test
    void anInterruptedCallerIsBrokenOffAndItsConnectionFreed() throws Exception {
        CxoneClient client = bed.callTimeout(Duration.ofSeconds(20)).client();
        assertAllSucceed(creates(bed, client, "before-", 1, PATIENCE));
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
        assertAllSucceed(creates(bed, client, "before-", 1, PATIENCE));
        bed.simulator.fault(Endpoint.CREATE, new Fault.Hang(false), 5);
        List<Future<Answer<Conversation>>> hanging = creates(bed, client, "hanging-", 5, PATIENCE);
        await().until(() -> bed.simulator.inFlight(Endpoint.CREATE) == 5);
        bed.simulator.fault(Endpoint.CREATE, new Fault.Status(503, new RetryAfter.Seconds(10)), 1);
        hanging.addAll(creates(bed, client, "backing-off-", 1, PATIENCE));
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
}
