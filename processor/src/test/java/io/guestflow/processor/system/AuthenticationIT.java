package io.guestflow.processor.system;

import static io.guestflow.processor.system.GuestflowSandbox.PARTITIONS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.contracts.auth.GuestAuthResult.NotAuthenticated;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.sandbox.cxone.Conversation;
import io.guestflow.processor.sandbox.cxone.Endpoint;
import io.guestflow.processor.sandbox.cxone.Fault;
import io.guestflow.processor.sandbox.cxone.Received;
import io.guestflow.processor.system.Entries.Entry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What happens to a request when nothing is wrong, when it is repeated, and when it lies in a stranger's partition. */
@Timeout(120)
@ExtendWith(SharedBroker.class)
class AuthenticationIT {
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String CORRELATION = "web-tier-4711";
    private static final JsonMapper JSON = new JsonMapper();

    private static GuestflowSandbox guestflow;
    private static Instance processor;

    @BeforeAll
    static void start(KafkaSandbox kafka) {
        guestflow = new GuestflowSandbox(kafka.bootstrap(), AuthenticationIT.class);
        processor = guestflow.start("processor", Map.of("CXONE_INITIAL_QUEUE_IDS", "queue-1,queue-2"));
    }

    @AfterAll
    static void stop() {
        guestflow.close();
    }

    @AfterEach
    void heal() {
        guestflow.cxone().clearFaults();
        guestflow.cxone().latency(Duration.ZERO);
    }

    @Test
    void aGuestIsAuthenticatedWithTheConversationThatCxoneMade() {
        GuestRequest request = GuestRequest.ofNewGuest()
                .consent("timestamp", "2026-01-22T07:00:00.000Z")
                .context("segment", "anonymous")
                .context("campaign", "organic")
                .context("device", "web");

        Authenticated result = assertInstanceOf(Authenticated.class, guestflow.answerTo(request));

        Conversation made = guestflow.cxone().conversation(result.conversationId());
        assertNotNull(made);
        assertEquals(request.guestId(), made.guestId());
        assertEquals(made.expiresAt().toEpochMilli(), result.expiresAt().toEpochMilli());
        assertEquals(1, result.attempt());
        assertEquals(GuestRequest.CHANNEL, result.channelId());
        assertTrue(result.contextInjected());
        assertEquals(List.of(), result.contextDropped());
        assertEquals(Set.of("segment", "campaign", "device"), made.context().keySet());
        assertEquals("anonymous", made.context().get("segment").stringValue());
    }

    @Test
    void cxoneIsToldTheGuestTheTraceAndStableIdempotencyKeys() {
        GuestRequest request = GuestRequest.ofNewGuest()
                .consent("timestamp", "2026-01-22T07:00:00.000Z")
                .context("segment", "anonymous")
                .context("campaign", "50% off")
                .context("device", "web")
                .header(RecordHeaders.TRACEPARENT, TRACE)
                .header(RecordHeaders.CORRELATION_ID, CORRELATION);
        guestflow.answerTo(request);
        String requestRef = commandOf(request).value().requestRef();

        Received create = received(Endpoint.CREATE);
        assertEquals(requestRef + ".create", create.headers().get("idempotency-key"));
        assertEquals(TRACE, create.headers().get("traceparent"));
        assertEquals(CORRELATION, create.headers().get("x-correlation-id"));
        assertEquals(
                JSON.readTree("""
                        {"channel":{"id":"%s"},"guest":{"id":"%s","name":"Web Visitor","email":null},
                         "consent":{"accepted":true,"timestamp":"2026-01-22T07:00:00.000Z","policy_version":"v2.1"},
                         "conversation":{"type":"web","initialQueueIds":["queue-1","queue-2"]}}
                        """.formatted(GuestRequest.CHANNEL, request.guestId())), JSON.readTree(create.body()));

        Received context = received(Endpoint.CONTEXT);
        assertEquals(requestRef + ".context", context.headers().get("idempotency-key"));
        assertEquals(TRACE, context.headers().get("traceparent"));
        assertEquals(CORRELATION, context.headers().get("x-correlation-id"));
        assertEquals(
                "campaign=50%25%20off;device=web;segment=anonymous",
                context.headers().get("x-nice-context"));
        assertEquals(
                JSON.readTree("{\"campaign\":\"50% off\",\"device\":\"web\",\"segment\":\"anonymous\"}"),
                JSON.readTree(context.headers().get("x-cxone-bot-variables")));
        JsonNode body = JSON.readTree(context.body());
        assertEquals("50% off", body.at("/context/campaign").stringValue());
        assertEquals(JSON.readTree("{\"privacy_compliant\":true,\"pii_filtered\":true}"), body.get("guestAttributes"));
    }

    @Test
    void traceAndPartitionNumberStayTheSameOnEveryTopic() {
        GuestRequest request = GuestRequest.ofNewGuest()
                .context("segment", "anonymous")
                .header(RecordHeaders.TRACEPARENT, TRACE)
                .header(RecordHeaders.CORRELATION_ID, CORRELATION);

        RecordMetadata sent = guestflow.send(request);
        Entry<GuestAuthResult> result = guestflow.results().await(request);
        Entry<AuthCommand> command = commandOf(request);
        Entry<AuthOutcome> outcome = guestflow
                .outcomes()
                .awaitOne("outcome", o -> o.commandId().equals(command.value().commandId()));
        List<Entry<Fact>> facts = factsOf(request, 2);

        assertEquals(GuestRequest.homeOf(request.guestId(), PARTITIONS), sent.partition());
        for (Entry<?> hop : List.of(command, outcome, result, facts.getFirst(), facts.getLast())) {
            assertEquals(
                    sent.partition(),
                    hop.record().partition(),
                    () -> "on " + hop.record().topic());
            assertEquals(
                    TRACE,
                    hop.header(RecordHeaders.TRACEPARENT),
                    () -> "on " + hop.record().topic());
            assertEquals(
                    CORRELATION,
                    hop.header(RecordHeaders.CORRELATION_ID),
                    () -> "on " + hop.record().topic());
            assertNotNull(
                    hop.header(RecordHeaders.SCHEMA), () -> "on " + hop.record().topic());
        }
        assertEquals(request.guestId(), result.record().key());
    }

    @Test
    void factsTellWhatHappenedAndNotToWhom() {
        GuestRequest request = GuestRequest.ofNewGuest().context("segment", "anonymous");

        Authenticated result = assertInstanceOf(Authenticated.class, guestflow.answerTo(request));
        List<Entry<Fact>> facts = factsOf(request, 2);

        Fact.AuthSucceeded succeeded =
                assertInstanceOf(Fact.AuthSucceeded.class, facts.getFirst().value());
        Fact.ContextInjected injected =
                assertInstanceOf(Fact.ContextInjected.class, facts.getLast().value());
        assertEquals(result.conversationId(), succeeded.conversationId());
        assertEquals(2, succeeded.calls());
        assertEquals(List.of("segment"), succeeded.contextKeys());
        assertEquals("anonymous", succeeded.dimensions().segment());
        assertEquals(succeeded.guestRef(), injected.guestRef());
        for (Entry<Fact> fact : facts) {
            assertEquals(succeeded.guestRef(), fact.record().key());
            assertFalse(fact.record().value().contains(request.guestId()), "a fact names the guest");
        }
    }

    @Test
    void aRepeatOfAnEndedRequestIsTheSameAnswerAgain() {
        GuestRequest request = GuestRequest.ofNewGuest();
        Entry<GuestAuthResult> first = guestflow.entryFor(request);
        long callsBefore = guestflow.cxone().calls(Endpoint.CREATE);

        guestflow.send(request);
        List<Entry<GuestAuthResult>> both = guestflow.results().awaitCount(request, 2);

        assertFalse(Results.isReplay(first));
        assertTrue(Results.isReplay(both.getLast()));
        assertEquals(first.value(), both.getLast().value());
        assertEquals(callsBefore, guestflow.cxone().calls(Endpoint.CREATE));
    }

    @Test
    void aRepeatOfAPendingRequestBringsNothingNew() {
        double suppressed = processor.metric("guestflow_auth_suppressed_total");
        guestflow.cxone().latency(Duration.ofMillis(1500));
        GuestRequest request = GuestRequest.ofNewGuest();

        guestflow.send(request);
        guestflow.send(request);
        await().atMost(Entries.SOON).until(() -> processor.metric("guestflow_auth_suppressed_total") == suppressed + 1);
        assertEquals(List.of(), guestflow.results().of(request), "it is still pending");

        guestflow.results().await(request);
        guestflow.settle(Entries.SOON);
        guestflow.results().exactlyOneEach(List.of(request));
        assertEquals(1, guestflow.cxone().guest(request.guestId()).calls());
    }

    @Test
    void aRepeatAfterARetryableFailureIsTheNextAttemptUnderTheSameIdempotencyKey() {
        guestflow.cxone().fault(Endpoint.CREATE, new Fault.Status(503));
        GuestRequest request = GuestRequest.ofNewGuest().timeoutMs(2_000);
        NotAuthenticated failed = assertInstanceOf(NotAuthenticated.class, guestflow.answerTo(request));
        assertEquals(ErrorCode.UPSTREAM_ERROR, failed.error().code());
        assertTrue(failed.error().retryable());
        guestflow.cxone().clearFaults();

        guestflow.send(request.timeoutMs(10_000));
        Authenticated second = assertInstanceOf(
                Authenticated.class, guestflow.results().await(request, 2).value());

        List<AuthCommand> commands =
                guestflow.commands().all(command -> command.requestId().equals(request.requestId())).stream()
                        .map(Entry::value)
                        .toList();
        String requestRef = commands.getFirst().requestRef();
        assertEquals(
                List.of(requestRef + ".1", requestRef + ".2"),
                commands.stream().map(AuthCommand::commandId).toList());
        assertTrue(guestflow.cxone().callsWithKey(requestRef + ".create") >= 2);
        assertEquals(2, second.attempt());
    }

    @Test
    void contextThatCouldNotBeInjectedAtOnceIsInjectedInTheBackground() {
        guestflow.cxone().fault(Endpoint.CONTEXT, new Fault.Status(503), 1);
        GuestRequest request = GuestRequest.ofNewGuest().context("segment", "anonymous");

        Authenticated result = assertInstanceOf(Authenticated.class, guestflow.answerTo(request));
        assertFalse(result.contextInjected());

        guestflow
                .facts()
                .awaitOne(
                        "injection in the background",
                        fact -> fact instanceof Fact.ContextInjected injected
                                && injected.requestId().equals(request.requestId()));
        Conversation made = guestflow.cxone().conversation(result.conversationId());
        assertNotNull(made);
        assertEquals(1, made.injections());
    }

    @Test
    void theFourthRequestThatAGuestHasOpenIsTurnedAwayWithATimeToComeBack() {
        guestflow.cxone().latency(Duration.ofMillis(1500));
        GuestRequest first = GuestRequest.ofNewGuest();
        List<GuestRequest> more = IntStream.range(0, 3)
                .mapToObj(n -> GuestRequest.of(first.guestId()))
                .toList();

        guestflow.send(first);
        more.forEach(guestflow::send);

        NotAuthenticated turnedAway = assertInstanceOf(
                NotAuthenticated.class,
                guestflow.results().await(more.getLast()).value());
        assertEquals(ErrorCode.RATE_LIMITED, turnedAway.error().code());
        assertNotNull(turnedAway.error().retryAfterSeconds());
        for (GuestRequest served : List.of(first, more.get(0), more.get(1))) {
            assertInstanceOf(
                    Authenticated.class, guestflow.results().await(served).value());
        }
    }

    @Test
    void requestsInAStrangersPartitionOrWithAnotherKeyAreAnsweredInTheGuestsOwn() {
        double rekeyed = processor.metric("guestflow_auth_rekeyed_total");
        GuestRequest foreign = GuestRequest.ofNewGuest();
        int home = GuestRequest.homeOf(foreign.guestId(), PARTITIONS);
        foreign.partition((home + 1) % PARTITIONS);
        // At its home by number, so that only the key is strange.
        GuestRequest withoutKey =
                GuestRequest.ofNewGuestIn(1, PARTITIONS).key(null).partition(1);
        GuestRequest withoutKeyElsewhere =
                GuestRequest.ofNewGuestIn(1, PARTITIONS).key(null).partition(2);
        GuestRequest otherKey =
                GuestRequest.ofNewGuestIn(0, PARTITIONS).key("tenant-7").partition(3);

        for (GuestRequest request : List.of(foreign, withoutKey, withoutKeyElsewhere, otherKey)) {
            Entry<GuestAuthResult> result = guestflow.entryFor(request);
            assertInstanceOf(Authenticated.class, result.value());
            assertEquals(request.guestId(), result.record().key());
            assertEquals(
                    GuestRequest.homeOf(request.guestId(), PARTITIONS),
                    result.record().partition());
        }
        assertEquals(rekeyed + 3, processor.metric("guestflow_auth_rekeyed_total"));
    }

    @Test
    void aRepeatThatTakesAnotherPartitionIsRecognised() {
        GuestRequest request = GuestRequest.ofNewGuestIn(0, PARTITIONS);
        guestflow.answerTo(request);

        guestflow.send(request.key(null).partition(2));

        List<Entry<GuestAuthResult>> both = guestflow.results().awaitCount(request, 2);
        assertTrue(Results.isReplay(both.getLast()));
        assertEquals(Set.of(0), both.stream().map(e -> e.record().partition()).collect(Collectors.toSet()));
    }

    private static Entry<AuthCommand> commandOf(GuestRequest request) {
        return guestflow
                .commands()
                .awaitOne("command", command -> command.requestId().equals(request.requestId()));
    }

    private static List<Entry<Fact>> factsOf(GuestRequest request, int count) {
        String quoted = "\"requestId\":\"" + request.requestId() + "\"";
        return guestflow
                .facts()
                .await(
                        count + " facts",
                        all -> all.stream()
                                        .filter(fact -> fact.record().value().contains(quoted))
                                        .count()
                                >= count,
                        Entries.SOON)
                .stream()
                .filter(fact -> fact.record().value().contains(quoted))
                .toList();
    }

    private static Received received(Endpoint endpoint) {
        Received last = guestflow.cxone().lastReceived(endpoint);
        assertNotNull(last);
        return last;
    }
}
