package io.guestflow.processor.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.session.ContextUpdate;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.contracts.session.SessionRevocation;
import io.guestflow.contracts.session.SessionState;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.sandbox.cxone.Conversation;
import io.guestflow.processor.sandbox.cxone.Endpoint;
import io.guestflow.processor.sandbox.cxone.Fault;
import io.guestflow.processor.sandbox.cxone.Told;
import io.guestflow.processor.sandbox.webhooks.Happening;
import io.guestflow.processor.sandbox.webhooks.Webhook;
import io.guestflow.processor.system.Entries.Entry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import tools.jackson.databind.node.StringNode;

/** Sessions live exactly as long as their guests. All cases go on at the same time, each with a conversation of its own. */
@Timeout(120)
@ExtendWith(SharedBroker.class)
class SessionsIT {
    private static final ExecutorService GUESTS = Executors.newVirtualThreadPerTaskExecutor();

    private static GuestflowSandbox guestflow;
    private static Instance processor;

    @BeforeAll
    static void start(KafkaSandbox kafka) {
        guestflow = new GuestflowSandbox(kafka.bootstrap(), SessionsIT.class);
        guestflow
                .cxone()
                .conversationLifetime(SessionLifetimes.LIFETIME)
                .extensionTellsOn(Map.of(
                        SessionLifetimes.CHANNEL_NONE_TOLD, Told.NONE, SessionLifetimes.CHANNEL_PAST_TOLD, Told.PAST));
        processor = guestflow.start(
                "processor",
                Map.of(
                        "GUESTFLOW_CHANNELS_ALLOWED",
                        String.join(
                                ",",
                                GuestRequest.CHANNEL,
                                SessionLifetimes.CHANNEL_NONE_TOLD,
                                SessionLifetimes.CHANNEL_PAST_TOLD)));
    }

    @AfterAll
    static void stop() {
        GUESTS.shutdownNow();
        guestflow.close();
    }

    @TestFactory
    List<DynamicTest> sessions() {
        // Read from now on: what is not on it must be told from what has not been read.
        guestflow.sessionCommands();
        // The first create is answered so slowly that webhooks overtake it; nobody else's may be struck by that.
        Chat overtaken = closedBeforeItsOpening();
        SessionLifetimes lifetimes = new SessionLifetimes(guestflow, processor);
        Map<String, Executable> cases = new LinkedHashMap<>();
        cases.put("closed before its opening", () -> endsAtOnce(overtaken));
        cases.put("an active guest's slides over three lifetimes", lifetimes::slides);
        cases.put("an idle guest's runs out", lifetimes::runsOut);
        cases.put("a guest's who falls silent is refreshed once, and runs out", lifetimes::isRefreshedOnce);
        cases.put("closed by an agent", this::isClosed);
        cases.put("revoked", this::isRevoked);
        cases.put("a second authentication is a refresh", lifetimes::isAuthenticatedAgain);
        cases.put("context is injected in order", this::isToldContextInOrder);
        cases.put("a conversation that CXone has no more", this::isGone);
        cases.put("a conversation that CXone replaces", this::isReplaced);
        cases.put("an extension that tells no end", lifetimes::keepsItsTruthWhenNoneIsTold);
        cases.put("extensions that tell an end that has passed", lifetimes::keepsItsTruthWhenThePastIsTold);
        int sessions = cases.size();
        cases.put("what is no webhook", new BadWebhooks(guestflow, processor)::becomeDeadLetters);
        List<DynamicTest> tests = together(cases);
        tests.add(dynamicTest(
                "facts and records tell the same",
                () -> await().atMost(Entries.SOON)
                        .untilAsserted(() -> assertEquals(sessions, SessionBalance.holds(guestflow)))));
        return tests;
    }

    private void isClosed() {
        Chat chat = Chat.begin(guestflow);
        Webhook first = chat.tell(Happening.INBOUND);
        chat.deliver(first);
        chat.deliver(first);
        chat.tell(Happening.OUTBOUND_SENT, "answer-of-" + chat.id());
        chat.tell(Happening.OUTBOUND_CREATED, "answer-of-" + chat.id());
        chat.tell(Happening.RESOLVED);
        chat.tell(Happening.DISCONNECTED);
        for (Direction direction : Direction.values()) {
            chat.awaitFact(Fact.MessageSeen.class, seen -> seen.direction() == direction);
        }
        assertEquals(1, chat.published().size(), "neither resting nor a lost connection ends it");

        Webhook closed = chat.tell(Happening.CLOSED);
        Entry<Session> end = chat.awaitEnd();
        chat.tell(Happening.INBOUND);

        assertEquals(SessionState.CLOSED, end.value().state());
        assertEquals(EndReason.CLOSED_UPSTREAM, end.value().endReason());
        assertEquals(ms(closed.at()), end.value().endedAt());
        Fact.SessionEnded told = chat.awaitFact(Fact.SessionEnded.class, any -> true);
        assertEquals(1, told.inbound());
        assertEquals(1, told.outbound());
        isNotRefreshed(chat);
    }

    private void isRevoked() {
        Chat chat = Chat.begin(guestflow);
        chat.tell(Happening.INBOUND);
        chat.awaitFact(Fact.MessageSeen.class, any -> true);
        send(
                Topics.GUEST_SESSION_REVOCATIONS.name(),
                chat,
                SessionRevocation.CODEC.write(new SessionRevocation(chat.id(), "CONSENT_WITHDRAWN", "consent-desk")));

        Session end = chat.awaitEnd().value();

        assertEquals(SessionState.CLOSED, end.state());
        assertEquals(EndReason.REVOKED, end.endReason());
        assertEquals(ms(chat.atCxone().expiresAt()), end.upstreamUntil());
        assertEquals(
                "CONSENT_WITHDRAWN",
                chat.awaitFact(Fact.SessionEnded.class, any -> true).detail());
        chat.tell(Happening.INBOUND);
        isNotRefreshed(chat);
    }

    private void isToldContextInOrder() {
        Chat chat = Chat.begin(guestflow);
        List<String> campaigns = List.of("first", "second", "third", "fourth", "fifth");
        for (String campaign : campaigns) {
            send(
                    Topics.GUEST_CONTEXT_UPDATES.name(),
                    chat,
                    ContextUpdate.CODEC.write(new ContextUpdate(
                            chat.id(),
                            Map.of(
                                    "campaign", new StringNode(campaign),
                                    "not-allowed", new StringNode(Output.CANARY)))));
        }

        await().atMost(Entries.SOON)
                .until(() -> chat.atCxone()
                        .context()
                        .getOrDefault("campaign", new StringNode(""))
                        .stringValue()
                        .equals("fifth"));

        // The one that has been carried out is the last on the topic.
        guestflow
                .sessionCommands()
                .awaitOne("last update", command -> campaign(command, chat).equals("fifth"));
        List<String> injected =
                guestflow
                        .sessionCommands()
                        .all(command -> command.conversationId().equals(chat.id()))
                        .stream()
                        .map(Entry::value)
                        .filter(SessionCommand.InjectContext.class::isInstance)
                        .map(SessionCommand.InjectContext.class::cast)
                        .sorted(Comparator.comparingInt(SessionCommand.InjectContext::sequence))
                        .map(command -> campaign(command, chat))
                        .toList();
        // While one is under way the later ones are merged.
        assertEquals("first", injected.getFirst());
        assertEquals("fifth", injected.getLast());
        assertEquals(
                injected.stream()
                        .sorted(Comparator.comparing(campaigns::indexOf))
                        .toList(),
                injected);
        assertEquals(injected.size(), chat.atCxone().injections());
        assertFalse(chat.atCxone().context().containsKey("not-allowed"));
        chat.awaitFact(Fact.ContextInjected.class, fact -> fact.contextKeys().equals(List.of("campaign")));
    }

    private static String campaign(SessionCommand command, Chat chat) {
        return command instanceof SessionCommand.InjectContext inject
                        && inject.conversationId().equals(chat.id())
                ? inject.context().get("campaign").stringValue()
                : "";
    }

    private void isGone() {
        Chat chat = Chat.begin(guestflow);
        guestflow.cxone().closeConversation(chat.id());
        send(
                Topics.GUEST_CONTEXT_UPDATES.name(),
                chat,
                ContextUpdate.CODEC.write(new ContextUpdate(chat.id(), Map.of("device", new StringNode("web")))));

        Session end = chat.awaitEnd().value();

        assertEquals(EndReason.CLOSED_UPSTREAM, end.endReason());
        assertEquals(
                ErrorCode.UPSTREAM_REJECTED,
                chat.awaitFact(Fact.ContextFailed.class, any -> true).code());
    }

    private void isReplaced() {
        Chat chat = Chat.begin(guestflow);
        chat.tell(Happening.INBOUND);
        guestflow.cxone().expireConversation(chat.id());

        Session end = chat.awaitEnd().value();

        assertEquals(SessionState.CLOSED, end.state());
        assertEquals(EndReason.REPLACED_UPSTREAM, end.endReason());
        String by = chat.awaitFact(Fact.SessionEnded.class, any -> true).replacedBy();
        assertNotNull(by);
        assertNotEquals(chat.id(), by);
        Conversation orphan = guestflow.cxone().conversation(by);
        assertNotNull(orphan);
        assertEquals(chat.guestId(), orphan.guestId());
    }

    /** Returns when its webhooks are held and it is not yet opened. */
    private static Chat closedBeforeItsOpening() {
        guestflow.cxone().fault(Endpoint.CREATE, new Fault.SlowDrip(Duration.ofMillis(20)), 1);
        GuestRequest request = GuestRequest.ofNewGuest();
        guestflow.send(request);
        await().atMost(Entries.SOON)
                .until(() -> !guestflow.cxone().conversations().isEmpty());
        Chat chat = Chat.at(guestflow, guestflow.cxone().conversations().getFirst());
        assertEquals(request.guestId(), chat.guestId());
        chat.tell(Happening.INBOUND);
        guestflow.cxone().closeConversation(chat.id());
        chat.tell(Happening.CLOSED);
        await().atMost(Entries.SOON)
                .until(() -> processor.metric("guestflow_session_events_total", "fate=\"HELD\"") == 2);
        assertEquals(List.of(), guestflow.results().of(request), "it is still pending");
        guestflow.results().await(request);
        return chat;
    }

    private void endsAtOnce(Chat chat) {
        Session end = chat.awaitEnd().value();

        assertEquals(EndReason.CLOSED_UPSTREAM, end.endReason());
        assertEquals(1, chat.published().size());
        assertEquals(2, chat.awaitFact(Fact.GuestLinked.class, any -> true).heldEvents());
        assertEquals(1, chat.awaitFact(Fact.SessionEnded.class, any -> true).inbound());
        assertEquals(List.of(), chat.atCxone().extensions());
    }

    /** Waits until CXone would have ended it, and holds that nobody prevented it. */
    private static void isNotRefreshed(Chat chat) {
        await().atMost(Entries.SOON).until(() -> !chat.atCxone().openAt(Instant.now()));
        assertEquals(List.of(), chat.atCxone().extensions());
        assertTrue(guestflow
                .sessionCommands()
                .all(command -> command.conversationId().equals(chat.id()))
                .isEmpty());
    }

    private static void send(String topic, Chat chat, byte[] value) {
        guestflow.kafka().produce(topic, chat.id(), new String(value, UTF_8));
    }

    private static Instant ms(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS);
    }

    /** All begin now; each test waits for its own. */
    private static List<DynamicTest> together(Map<String, Executable> cases) {
        Map<String, Future<?>> running = new LinkedHashMap<>();
        cases.forEach((name, body) -> running.put(name, GUESTS.submit(() -> {
            try {
                body.execute();
                return null;
            } catch (Exception | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        })));
        List<DynamicTest> tests = new ArrayList<>();
        running.forEach((name, body) -> tests.add(dynamicTest(name, () -> {
            try {
                body.get();
            } catch (ExecutionException e) {
                throw e.getCause();
            }
        })));
        return tests;
    }
}
