package io.guestflow.processor.effects;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.contracts.session.SessionOutcome;
import io.guestflow.processor.effects.cxone.CxoneClient;
import io.guestflow.processor.effects.cxone.HttpSettings;
import io.guestflow.processor.sandbox.cxone.CxoneSimulator;
import io.guestflow.processor.sandbox.cxone.Endpoint;
import io.guestflow.processor.sandbox.cxone.Fault;
import io.guestflow.processor.sandbox.cxone.Received;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.JsonNodeFactory;

/** Commands carried out at the simulator, by the real client. */
@Timeout(60)
class SessionCommandHandlerTest {
    private static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final Delivery DELIVERY = new Delivery(false, TRACEPARENT, "corr-1");

    private final CxoneSimulator simulator = CxoneSimulator.start();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CxoneClient cxone = CxoneClient.start(
            HttpSettings.of(simulator.baseUrl(), "client", "secret", List.of("chat")),
            5,
            InstantSource.system(),
            meters,
            until -> {});
    private final AuthCommandHandler auth = new AuthCommandHandler(cxone.guests(), List.of(), InstantSource.system());
    private final SessionCommandHandler sessions =
            new SessionCommandHandler(cxone.guests(), List.of("segment"), InstantSource.system());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void close() {
        threads.shutdownNow();
        cxone.close();
        simulator.close();
    }

    @Test
    void aRefreshTellsTheNewEnd() {
        String id = open("guest-1");
        simulator.conversationLifetime(Duration.ofHours(2));

        var extended = assertInstanceOf(
                SessionOutcome.Extended.class, sessions.handle(SessionCommands.refresh("r1", id), DELIVERY));

        assertEquals("r1", extended.commandId());
        assertEquals(id, extended.conversationId());
        assertEquals(id, extended.answeredConversationId());
        assertEquals(simulator.conversation(id).expiresAt().toEpochMilli(), millis(extended.expiresAt()));
        assertEquals(1, extended.calls());
        Received request = simulator.lastReceived(Endpoint.CREATE);
        assertEquals("r1.key", request.headers().get("idempotency-key"));
        assertEquals(TRACEPARENT, request.headers().get("traceparent"));
        assertEquals("corr-1", request.headers().get("x-correlation-id"));
    }

    @Test
    void aRefreshThatOpenedAnotherConversationSaysSo() {
        String id = open("guest-1");
        simulator.expireConversation(id);
        var extended = assertInstanceOf(
                SessionOutcome.Extended.class, sessions.handle(SessionCommands.refresh("r1", id), DELIVERY));
        assertEquals(id, extended.conversationId());
        assertNotEquals(id, extended.answeredConversationId());
    }

    @Test
    void aRefreshIsNotSentPastTheEndWhateverItsDeadline() {
        String id = open("guest-1");
        long before = simulator.calls(Endpoint.CREATE);
        SessionCommand late = SessionCommands.refresh(
                "r1", id, Instant.now().minusMillis(1), Instant.now().plusSeconds(20));
        var failed = assertInstanceOf(SessionOutcome.CallFailed.class, sessions.handle(late, DELIVERY));
        assertEquals(ErrorCode.DEADLINE_EXCEEDED, failed.code());
        assertEquals(0, failed.calls());
        assertEquals(before, simulator.calls(Endpoint.CREATE));
    }

    @Test
    void anEndThatCxoneDoesNotTellIsNotInvented() {
        String id = open("guest-1");
        simulator.fault(Endpoint.CREATE, new Fault.Without("expiresAt"), 1);
        var extended = assertInstanceOf(
                SessionOutcome.Extended.class, sessions.handle(SessionCommands.refresh("r1", id), DELIVERY));
        assertEquals(id, extended.answeredConversationId());
        assertEquals(null, extended.expiresAt());
    }

    @Test
    void whatIsGoneIsGoneForRefreshAndContext() {
        String id = open("guest-1");
        simulator.fault(Endpoint.CREATE, new Fault.Status(404), 1);
        var refreshed = assertInstanceOf(
                SessionOutcome.Gone.class, sessions.handle(SessionCommands.refresh("r1", id), DELIVERY));
        assertEquals(404, refreshed.httpStatus());
        simulator.expireConversation(id);
        var injected = assertInstanceOf(
                SessionOutcome.Gone.class, sessions.handle(SessionCommands.inject("i1", id), DELIVERY));
        assertEquals(404, injected.httpStatus());
        assertEquals(1, injected.calls());
    }

    @Test
    void otherFailuresAreToldWithTheirCode() {
        String id = open("guest-1");
        simulator.fault(Endpoint.CREATE, new Fault.Status(422), 1);
        var failed = assertInstanceOf(
                SessionOutcome.CallFailed.class, sessions.handle(SessionCommands.refresh("r1", id), DELIVERY));
        assertEquals(ErrorCode.UPSTREAM_REJECTED, failed.code());
        assertEquals(422, failed.upstreamStatus());
    }

    @Test
    void contextReachesTheRunningConversation() {
        String id = open("guest-1");
        var accepted = assertInstanceOf(
                SessionOutcome.ContextAccepted.class, sessions.handle(SessionCommands.inject("i1", id), DELIVERY));
        assertEquals(200, accepted.httpStatus());
        assertEquals("vip", simulator.conversation(id).context().get("segment").stringValue());
        assertEquals(
                "segment=vip",
                simulator.lastReceived(Endpoint.CONTEXT).headers().get("x-nice-context"));
    }

    @Test
    void contextIsTriedOnceBecauseTheSessionTriesAgain() {
        String id = open("guest-1");
        simulator.fault(Endpoint.CONTEXT, new Fault.Without("id"), 1);
        var failed = assertInstanceOf(
                SessionOutcome.CallFailed.class, sessions.handle(SessionCommands.inject("i1", id), DELIVERY));
        assertEquals(ErrorCode.UPSTREAM_ERROR, failed.code());
        assertTrue(failed.code().retryable());
        assertEquals(1, failed.calls());
    }

    @Test
    void aTenantWithoutACloseCallIsNotAsked() {
        String id = open("guest-1");
        var failed = assertInstanceOf(
                SessionOutcome.CallFailed.class, sessions.handle(SessionCommands.close("x1", id), DELIVERY));
        assertEquals(ErrorCode.UPSTREAM_REJECTED, failed.code());
        assertEquals(0, failed.calls());
        assertEquals(0, simulator.strayCalls());
    }

    @Test
    void whatNobodyWaitsForGoesBehindTheGuestsWhoWait() throws Exception {
        String id = open("guest-1");
        cxone.pauseUntil(Instant.now().plusSeconds(3));
        AuthCommand again = new AuthCommand.InjectContext(
                "i2",
                "ref",
                "request-1",
                "guest-1",
                1,
                id,
                java.util.Map.of("segment", JsonNodeFactory.instance.stringNode("vip")),
                Instant.now().plusSeconds(30));
        List<Future<?>> all = new ArrayList<>();
        all.add(threads.submit(() -> sessions.handle(SessionCommands.inject("i1", id), DELIVERY)));
        awaitWaiting(1);
        all.add(threads.submit(() -> auth.handle(again, DELIVERY)));
        awaitWaiting(2);
        for (int i = 2; i <= 4; i++) {
            AuthCommand guest =
                    AuthCommands.command("c" + i, "guest-" + i, Instant.now().plusSeconds(30));
            all.add(threads.submit(() -> auth.handle(guest, DELIVERY)));
            awaitWaiting(i + 1);
        }
        for (Future<?> each : all) {
            each.get(30, TimeUnit.SECONDS);
        }
        List<Endpoint> order = simulator.callLog().stream()
                .map(call -> call.endpoint())
                .filter(endpoint -> endpoint != Endpoint.TOKEN)
                .toList();
        assertEquals(
                List.of(
                        Endpoint.CREATE,
                        Endpoint.CREATE,
                        Endpoint.CREATE,
                        Endpoint.CREATE,
                        Endpoint.CONTEXT,
                        Endpoint.CONTEXT),
                order);
    }

    private String open(String guest) {
        AuthOutcome outcome = auth.handle(
                AuthCommands.command("c-" + guest, guest, Instant.now().plusSeconds(30)), DELIVERY);
        return assertInstanceOf(AuthOutcome.ConversationCreated.class, outcome).conversationId();
    }

    private void awaitWaiting(int count) {
        await().until(() ->
                meters.get("guestflow.cxone.throttle.waiting").gauge().value() == count);
    }

    private static long millis(Instant time) {
        assertTrue(time != null, "no time");
        return time.toEpochMilli();
    }
}
