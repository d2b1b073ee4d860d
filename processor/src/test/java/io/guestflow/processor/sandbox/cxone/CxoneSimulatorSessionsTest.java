package io.guestflow.processor.sandbox.cxone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Conversations that live, are extended, and end. */
final class CxoneSimulatorSessionsTest {
    private static final Instant START = Instant.parse("2026-11-22T07:00:00.250Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final CxoneSimulator simulator =
            CxoneSimulator.start(0, now::get).conversationLifetime(Duration.ofSeconds(20));
    private final SimulatorCaller caller = new SimulatorCaller(simulator.baseUrl());
    private String token = "";

    @BeforeEach
    void fetchToken() throws Exception {
        token = caller.token();
    }

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void everyExtensionIsLoggedAndMovesTheEnd() throws Exception {
        String id = id(caller.create(token, "guest-1"));
        pass(15);
        JsonNode extended = SimulatorCaller.json(caller.create(token, "guest-1", "Idempotency-Key", "k1"));
        pass(10);
        caller.create(token, "guest-1");

        assertEquals(id, extended.path("id").stringValue());
        assertEquals("2026-11-22T07:00:35.250Z", extended.path("expiresAt").stringValue());
        Conversation conversation = known(id);
        assertEquals(
                List.of(
                        new Extension(START.plusSeconds(15), START.plusSeconds(35), "k1"),
                        new Extension(START.plusSeconds(25), START.plusSeconds(45), null)),
                conversation.extensions());
        assertEquals(START.plusSeconds(45), conversation.endsAt());
        assertEquals(2, simulator.extended());
        assertEquals(1, simulator.opened());
    }

    @Test
    void theSameCallOpensAnotherConversationOnceTheOldOneIsOver() throws Exception {
        String first = id(caller.create(token, "guest-1"));
        pass(20);
        HttpResponse<String> second = caller.create(token, "guest-1");

        assertEquals(201, second.statusCode());
        assertNotEquals(first, id(second));
        assertEquals(START.plusSeconds(20), known(first).endsAt());
        assertEquals(List.of(), known(first).extensions());
        assertFalse(known(first).openAt(START.minusMillis(1)));
        assertTrue(known(first).openAt(START));
        assertTrue(known(first).openAt(START.plusMillis(19_999)));
        assertFalse(known(first).openAt(START.plusSeconds(20)));
        assertEquals(1, simulator.openAt(START.plusSeconds(10)));
        assertEquals(1, simulator.openAt(START.plusSeconds(20)));
        assertEquals(0, simulator.openAt(START.plusSeconds(40)));
    }

    @Test
    void aRepeatedKeyExtendsOnce() throws Exception {
        String id = id(caller.create(token, "guest-1"));
        pass(15);
        caller.create(token, "guest-1", "Idempotency-Key", "k1");
        pass(1);
        JsonNode again = SimulatorCaller.json(caller.create(token, "guest-1", "Idempotency-Key", "k1"));

        assertEquals("2026-11-22T07:00:35.250Z", again.path("expiresAt").stringValue());
        assertEquals(1, known(id).extensions().size());
        assertEquals(2, simulator.callsWithKey("k1"));
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 410})
    void whatIsOverTakesNothingMore(int status) throws Exception {
        simulator.closeCall(true).endedStatus(status);
        String ranOut = id(caller.create(token, "guest-1"));
        pass(20);
        String closed = id(caller.create(token, "guest-2"));
        assertEquals(200, caller.close(token, closed).statusCode());

        for (String id : List.of(ranOut, closed)) {
            assertEquals(status, caller.inject(token, id, "{}").statusCode());
            assertEquals(status, caller.close(token, id).statusCode());
        }
        assertEquals(404, caller.close(token, "conv-none").statusCode());
        assertEquals(401, caller.close("made-up", closed).statusCode());
        assertEquals(5, simulator.calls(Endpoint.CLOSE));
    }

    @Test
    void aCloseEndsAtOnceAndTheGuestsNextConversationIsAnother() throws Exception {
        simulator.closeCall(true);
        String id = id(caller.create(token, "guest-1"));
        pass(5);
        JsonNode closed = SimulatorCaller.json(caller.close(token, id));

        assertEquals("closed", closed.path("status").stringValue());
        assertEquals(START.plusSeconds(5), known(id).endsAt());
        assertNotEquals(id, id(caller.create(token, "guest-1")));
    }

    @Test
    void withoutACloseCallADeleteIsAStrayAndClosesNothing() throws Exception {
        String id = id(caller.create(token, "guest-1"));

        assertEquals(404, caller.close(token, id).statusCode());
        assertEquals(1, simulator.strayCalls());
        assertTrue(known(id).openAt(now.get()));
    }

    @Test
    void anExtensionMayAnswerWithAnotherConversationAtOnce() throws Exception {
        simulator.replaceOnExtend(true);
        String first = id(caller.create(token, "guest-1"));
        pass(15);
        HttpResponse<String> second = caller.create(token, "guest-1");

        assertEquals(201, second.statusCode());
        assertNotEquals(first, id(second));
        assertEquals(START.plusSeconds(15), known(first).endsAt());
        assertEquals(START.plusSeconds(35), known(id(second)).endsAt());
    }

    @ParameterizedTest
    @CsvSource({
        "at, 2026-11-22T07:00:35.250Z,",
        "in, , 20",
        "none, ,",
        "past, 2026-11-22T06:00:15.250Z,",
    })
    void anExtensionTellsItsEndAsItIsToldTo(String told, String expiresAt, Integer expiresIn) throws Exception {
        simulator.extensionTells(Told.parse(told));
        String id = id(caller.create(token, "guest-1"));
        pass(15);
        JsonNode extended = SimulatorCaller.json(caller.create(token, "guest-1"));

        assertEquals(id, extended.path("id").stringValue());
        assertEquals(expiresAt, extended.path("expiresAt").stringValue(null));
        assertEquals(expiresIn != null, extended.has("expiresIn"));
        assertEquals(
                expiresIn == null ? 0 : expiresIn, extended.path("expiresIn").intValue(0));
        assertEquals(START.plusSeconds(35), known(id).endsAt(), "what is told changes nothing about the end");
    }

    @Test
    void anOpeningTellsItsEndAsItIsToldTo() throws Exception {
        simulator.openingTells(Told.IN);
        JsonNode opened = SimulatorCaller.json(caller.create(token, "guest-1"));
        pass(5);
        JsonNode extended = SimulatorCaller.json(caller.create(token, "guest-1"));

        assertEquals(20, opened.path("expiresIn").intValue());
        assertFalse(opened.has("expiresAt"));
        assertTrue(extended.has("expiresAt"));
    }

    @Test
    void conversationsThatWereOpenedElsewhereAreTakenOverAndExtended() throws Exception {
        assertEquals(
                2,
                SimulatorCaller.json(caller.control("POST", "/sim/conversations", """
                {"conversations":[
                 {"id":"c-1","guestId":"guest-1","channelId":"web-1","createdAt":"2026-11-22T06:50:00Z","expiresAt":"2026-11-22T07:00:10Z"},
                 {"id":"c-2","guestId":"guest-2","channelId":"web-1","createdAt":"2026-11-22T06:50:00Z","expiresAt":"2026-11-22T06:59:00Z"}]}"""))
                        .path("adopted")
                        .intValue());

        assertEquals("c-1", id(caller.create(token, "guest-1")));
        assertNotEquals("c-2", id(caller.create(token, "guest-2")));
        assertEquals(START.plusSeconds(20), known("c-1").endsAt());
    }

    @Test
    void theControlCallsShowAndEndAConversation() throws Exception {
        String closed = id(caller.create(token, "guest-1"));
        String expired = id(caller.create(token, "guest-2"));
        pass(15);
        caller.create(token, "guest-1", "Idempotency-Key", "k1");

        JsonNode shown = SimulatorCaller.json(caller.control("GET", "/sim/conversation?id=" + closed, ""));
        assertEquals("2026-11-22T07:00:15.250Z", shown.at("/extensions/0/at").stringValue());
        assertEquals("k1", shown.at("/extensions/0/idempotencyKey").stringValue());
        assertEquals(2, open(""));
        assertEquals(1, open("?at=2026-11-22T07:00:30Z"));

        assertEquals(200, caller.control("POST", "/sim/close?id=" + closed, "").statusCode());
        assertEquals(
                200, caller.control("POST", "/sim/expire?id=" + expired, "").statusCode());
        assertEquals(now.get(), known(closed).closedAt());
        assertNull(known(expired).closedAt());
        assertEquals(now.get(), known(expired).endsAt());
        assertEquals(0, open(""));

        JsonNode stats = SimulatorCaller.json(caller.control("GET", "/sim/stats", ""));
        assertEquals(2, stats.path("opened").intValue());
        assertEquals(1, stats.path("extended").intValue());
        assertEquals(400, caller.control("POST", "/sim/close?id=none", "").statusCode());
        assertEquals(400, caller.control("GET", "/sim/conversation", "").statusCode());
        assertEquals(400, caller.control("GET", "/sim/open?at=noon", "").statusCode());
    }

    @Test
    void theSwitchesAreSettings() throws Exception {
        HttpResponse<String> changed = caller.control("POST", "/sim/settings", """
                {"conversationLifetimeMs":1500,"replaceOnExtend":false,"openingTells":"none","extensionTells":"past",
                 "endedStatus":410,"closeCall":true}""");

        assertEquals(200, changed.statusCode());
        assertFalse(SimulatorCaller.json(caller.create(token, "guest-1")).has("expiresAt"));
        assertEquals(
                "past", SimulatorCaller.json(changed).path("extensionTells").stringValue());
        assertEquals(
                400,
                caller.control("POST", "/sim/settings", "{\"openingTells\":\"maybe\"}")
                        .statusCode());
    }

    private int open(String query) throws Exception {
        return SimulatorCaller.json(caller.control("GET", "/sim/open" + query, ""))
                .path("open")
                .intValue();
    }

    private void pass(int seconds) {
        now.updateAndGet(instant -> instant.plusSeconds(seconds));
    }

    private Conversation known(String id) {
        Conversation conversation = simulator.conversation(id);
        assertNotNull(conversation);
        return conversation;
    }

    private static String id(HttpResponse<String> response) {
        return SimulatorCaller.json(response).path("id").stringValue();
    }
}
