package io.guestflow.processor.sandbox.cxone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class CxoneSimulatorTest {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-22T07:00:00.250Z"));
    private final CxoneSimulator simulator = CxoneSimulator.start(0, now::get);
    private final SimulatorCaller caller = new SimulatorCaller(simulator.baseUrl());

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    private void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    @Test
    void aTokenOpensAConversationAndInjectsContext() throws Exception {
        String token = caller.token();
        HttpResponse<String> created = caller.create(token, "guest-1");
        assertEquals(201, created.statusCode());
        JsonNode conversation = SimulatorCaller.json(created);
        assertEquals("guest-1", conversation.path("guestId").stringValue());
        assertEquals("2026-11-22T07:30:00.250Z", conversation.path("expiresAt").stringValue());
        String id = conversation.path("id").stringValue();

        assertEquals(200, caller.inject(token, id, "{\"segment\":\"vip\"}").statusCode());
        assertEquals("vip", simulator.conversation(id).context().get("segment").stringValue());
        assertEquals(
                "segment=vip",
                simulator.lastReceived(Endpoint.CONTEXT).headers().get("x-nice-context"));
        assertEquals(1, simulator.guest("guest-1").conversations());
        assertEquals(2, simulator.guest("guest-1").calls());
        assertTrue(simulator.guest("guest-1").serviceNanos() > 0);
    }

    @Test
    void tokensExpireAndAreRevoked() throws Exception {
        simulator.tokenLifetime(Duration.ofSeconds(10));
        JsonNode issued = SimulatorCaller.json(caller.token(SimulatorCaller.FORM));
        assertEquals(10, issued.path("expires_in").intValue());
        String token = issued.path("access_token").stringValue();
        pass(Duration.ofSeconds(9));
        assertEquals(201, caller.create(token, "guest-1").statusCode());
        pass(Duration.ofSeconds(1));
        assertEquals(401, caller.create(token, "guest-1").statusCode());

        String second = caller.token();
        simulator.revokeTokens();
        assertEquals(401, caller.create(second, "guest-1").statusCode());
        assertEquals(401, caller.create("made-up", "guest-1").statusCode());
        assertEquals(2, simulator.tokensIssued());
        assertEquals(3, simulator.calls(Endpoint.CREATE, 401));
    }

    @ParameterizedTest
    @CsvSource({
        "grant_type=password&client_id=a&client_secret=b&scope=c, unsupported_grant_type",
        "grant_type=client_credentials&client_id=a&client_secret=b, invalid_scope",
        "grant_type=client_credentials&client_id=a&client_secret=&scope=c, invalid_client",
        "'{\"grant_type\":\"client_credentials\"}', unsupported_grant_type"
    })
    void aTokenRequestThatIsNotRightIsRefused(String form, String error) throws Exception {
        HttpResponse<String> refused = caller.token(form);
        assertEquals(400, refused.statusCode());
        assertEquals(error, SimulatorCaller.json(refused).path("error").stringValue());
        assertEquals(0, simulator.tokensIssued());
    }

    @Test
    void credentialsAreComparedAfterFormDecoding() throws Exception {
        simulator.credentials("id", "a=b&c+d%");
        assertEquals(
                400,
                caller.token(SimulatorCaller.FORM.replace("secret=secret", "secret=a=b&c+d%25"))
                        .statusCode());
        assertEquals(
                200,
                caller.token(SimulatorCaller.FORM.replace("secret=secret", "secret=a%3Db%26c%2Bd%25"))
                        .statusCode());
        simulator.refuseCredentials(401);
        assertEquals(401, caller.token(SimulatorCaller.FORM).statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"not json", "[]", "{}", "{\"channel\":{\"id\":\"web-1\"}}"})
    void aCreateWithoutItsFieldsIsRefused(String body) throws Exception {
        assertEquals(400, caller.createWith(caller.token(), body).statusCode());
        assertTrue(simulator.conversations().isEmpty());
    }

    @Test
    void consentAndChannelDecideOverACreate() throws Exception {
        simulator.forbiddenChannels(List.of("closed"));
        String token = caller.token();
        assertEquals(
                400,
                caller.createWith(token, SimulatorCaller.createBody("web-1", "g", "false"))
                        .statusCode());
        assertEquals(
                403,
                caller.createWith(token, SimulatorCaller.createBody("closed", "g", "true"))
                        .statusCode());
        assertEquals(0, simulator.guest("g").conversations());
    }

    @Test
    void aRepeatExtendsTheLiveConversationUntilItEnds() throws Exception {
        String token = caller.token();
        JsonNode first = SimulatorCaller.json(caller.create(token, "guest-1"));
        pass(Duration.ofMinutes(10));
        HttpResponse<String> second = caller.create(token, "guest-1");
        assertEquals(200, second.statusCode());
        assertEquals(first.path("id"), SimulatorCaller.json(second).path("id"));
        assertEquals(
                "2026-11-22T07:40:00.250Z",
                SimulatorCaller.json(second).path("expiresAt").stringValue());
        pass(Duration.ofMinutes(30));
        assertNotEquals(
                first.path("id"),
                SimulatorCaller.json(caller.create(token, "guest-1")).path("id"));
        assertEquals(2, simulator.guest("guest-1").conversations());
    }

    @Test
    void anIdempotencyKeyIsHonouredUnlessSwitchedOff() throws Exception {
        simulator.extendOnRepeat(false);
        String token = caller.token();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 2; i++) {
            ids.add(caller.create(token, "guest-1", "Idempotency-Key", "k1").body());
        }
        assertEquals(1, ids.size());
        assertEquals(2, simulator.callsWithKey("k1"));
        simulator.honourIdempotencyKey(false);
        ids.add(caller.create(token, "guest-1", "Idempotency-Key", "k1").body());
        assertEquals(2, ids.size());
        assertEquals(2, simulator.guest("guest-1").conversations());
    }

    @Test
    void anUnknownOrEndedConversationTakesNoContext() throws Exception {
        String token = caller.token();
        assertEquals(404, caller.inject(token, "conv-none", "{}").statusCode());
        String id = SimulatorCaller.json(caller.create(token, "g")).path("id").stringValue();
        assertEquals(400, caller.inject(token, id, "{\"a\":{\"b\":1}}").statusCode());
        simulator.expireConversation(id);
        assertEquals(404, caller.inject(token, id, "{}").statusCode());
    }

    @Test
    void theDetailsQueryIsPaged() throws Exception {
        String token = caller.token();
        for (int i = 0; i < 3; i++) {
            caller.create(token, "guest-" + i);
        }
        String query = """
                {"filter":{"or":[{"field":"conversation.id","in":["conv-1","conv-2","conv-3","conv-4"]}]},
                 "groupBy":["conversation.id"],"metrics":["duration"],"pageSize":2,"pageToken":%s}""";
        JsonNode first = SimulatorCaller.json(caller.query(token, query.formatted("null")));
        assertEquals(2, first.path("data").size());
        String next = "\"" + first.path("pageToken").stringValue() + "\"";
        JsonNode second = SimulatorCaller.json(caller.query(token, query.formatted(next)));
        assertEquals(1, second.path("data").size());
        assertEquals("conv-3", second.at("/data/0/conversationId").stringValue());
        assertTrue(second.path("pageToken").isNull());
        assertEquals(400, caller.query(token, query.formatted("\"?\"")).statusCode());
    }

    @Test
    void oneIdOfADetailsQueryMaySpoilIt() throws Exception {
        String token = caller.token();
        caller.create(token, "guest-1");
        simulator.detailsRefused(List.of("conv-bad"));
        String query = """
                {"filter":{"or":[{"field":"conversation.id","in":["conv-1"%s]}]},"metrics":["duration"],"pageSize":2}""";
        assertEquals(400, caller.query(token, query.formatted(",\"conv-bad\"")).statusCode());
        assertEquals(
                1,
                SimulatorCaller.json(caller.query(token, query.formatted("")))
                        .path("data")
                        .size());
    }

    @Test
    void theTenantLimitHoldsInEverySecondAndAnnouncesItsPause() throws Exception {
        simulator.callsPerSecond(3);
        for (int i = 0; i < 3; i++) {
            assertEquals(200, caller.token(SimulatorCaller.FORM).statusCode());
        }
        HttpResponse<String> refused = caller.token(SimulatorCaller.FORM);
        assertEquals(429, refused.statusCode());
        assertEquals("1", refused.headers().firstValue("Retry-After").orElseThrow());
        caller.token(SimulatorCaller.FORM);

        Pause pause = simulator.pauses().getFirst();
        assertEquals(now.get().plusSeconds(1), pause.endsAt());
        assertEquals(1, pause.arrivals().size());
        pass(Duration.ofSeconds(2));
        simulator.callsPerSecond(0);
        assertEquals(200, caller.token(SimulatorCaller.FORM).statusCode());
        assertEquals(1, simulator.pauses().getFirst().arrivals().size());
    }

    @Test
    void retryAfterMayBeADateThatIsNeverTooEarly() throws Exception {
        simulator.fault(Endpoint.TOKEN, new Fault.Status(429, new RetryAfter.Date(2)), 1);
        HttpResponse<String> refused = caller.token(SimulatorCaller.FORM);
        assertEquals(
                "Sun, 22 Nov 2026 07:00:03 GMT",
                refused.headers().firstValue("Retry-After").orElseThrow());
        assertEquals(
                Instant.parse("2026-11-22T07:00:03Z"),
                simulator.pauses().getFirst().endsAt());
    }

    @Test
    void faultsStrikeAsOftenAsTheyWereOrdered() throws Exception {
        String token = caller.token();
        simulator.fault(Endpoint.CREATE, new Fault.Status(503, new RetryAfter.Literal("soon")), 2);
        assertEquals(503, caller.create(token, "g").statusCode());
        HttpResponse<String> second = caller.create(token, "g");
        assertEquals("soon", second.headers().firstValue("Retry-After").orElseThrow());
        assertEquals(201, caller.create(token, "g").statusCode());

        simulator.fault(Endpoint.CREATE, new Fault.Status(500), 0.5);
        for (int i = 0; i < 100; i++) {
            caller.create(token, "g");
        }
        long failed = simulator.calls(Endpoint.CREATE, 500);
        assertTrue(failed > 20 && failed < 80, () -> failed + " of 100 at a probability of a half");
        simulator.clearFaults();
        assertEquals(200, caller.create(token, "g").statusCode());
    }

    @Test
    void answersAreSpoiltAfterTheCallTookEffect() throws Exception {
        String token = caller.token();
        simulator.fault(Endpoint.CREATE, new Fault.Without("id"), 1);
        assertFalse(SimulatorCaller.json(caller.create(token, "g")).has("id"));
        simulator.fault(Endpoint.CREATE, new Fault.Without("expiresAt"), 1);
        assertFalse(SimulatorCaller.json(caller.create(token, "g")).has("expiresAt"));
        simulator.fault(Endpoint.CREATE, Fault.notJson(), 1);
        assertTrue(caller.create(token, "g").body().startsWith("<html>"));
        simulator.fault(Endpoint.CREATE, Fault.emptyBody(), 1);
        assertEquals("", caller.create(token, "g").body());
        simulator.fault(Endpoint.CREATE, new Fault.Padded(100_000), 1);
        assertTrue(caller.create(token, "g").body().length() > 100_000);
        simulator.fault(Endpoint.CREATE, new Fault.SlowDrip(Duration.ofMillis(1)), 1);
        assertEquals(
                "g",
                SimulatorCaller.json(caller.create(token, "g")).path("guestId").stringValue());
        assertEquals(1, simulator.guest("g").conversations());
        assertEquals(5, simulator.conversations().getFirst().extensions().size());
    }

    @Test
    void latencyDelaysEveryAnswerAndCountsAsServiceTime() throws Exception {
        simulator.latency(Duration.ofMillis(50));
        long start = System.nanoTime();
        caller.token();
        assertTrue(System.nanoTime() - start >= 50_000_000);
        assertTrue(simulator.serviceNanos(Endpoint.TOKEN) >= 50_000_000);
        assertTrue(simulator.callLog().getFirst().serviceNanos() >= 50_000_000);
    }

    @Test
    void theControlCallsSwitchAndCountOverHttp() throws Exception {
        assertEquals(
                200,
                caller.control(
                                "POST",
                                "/sim/settings",
                                "{\"latencyMs\":1,\"forbiddenChannels\":[\"web-1\"],\"callsPerSecond\":100}")
                        .statusCode());
        String token = caller.token();
        assertEquals(403, caller.create(token, "g").statusCode());
        assertEquals(
                200,
                caller.control(
                                "POST",
                                "/sim/faults",
                                "{\"endpoint\":\"create\",\"kind\":\"status\",\"status\":429,\"retryAfter\":\"date:2\","
                                        + "\"count\":1}")
                        .statusCode());
        assertEquals(429, caller.create(token, "g").statusCode());
        JsonNode stats = SimulatorCaller.json(caller.control("GET", "/sim/stats", ""));
        assertEquals(1, stats.at("/create/byStatus/403").intValue());
        assertEquals(1, stats.at("/create/byStatus/429").intValue());
        assertEquals(1, stats.path("tokensIssued").intValue());
        assertEquals(1, stats.path("pauses").size());
        assertEquals(
                1,
                SimulatorCaller.json(caller.control("GET", "/sim/guests", ""))
                        .at("/g/calls")
                        .intValue());
        assertNotNull(simulator.lastReceived(Endpoint.CREATE));

        assertEquals(200, caller.control("POST", "/sim/reset", "").statusCode());
        assertEquals(0, simulator.calls(Endpoint.CREATE));
        assertEquals(404, caller.control("GET", "/sim/nothing", "").statusCode());
        assertEquals(
                400, caller.control("POST", "/sim/settings", "{\"latency\":1}").statusCode());
        assertEquals(
                400,
                caller.control("POST", "/sim/faults", "{\"endpoint\":\"create\",\"kind\":\"odd\"}")
                        .statusCode());
    }

    @Test
    void argumentsOfTheProcessAreSettings() throws Exception {
        try (CxoneSimulator other = SimulatorMain.startWith(
                        "--latency-ms",
                        "1",
                        "--token-lifetime",
                        "7",
                        "--forbidden-channel",
                        "web-1",
                        "--settings",
                        "{\"latencyMs\":0,\"closeCall\":true}");
                SimulatorCaller otherCaller = new SimulatorCaller(other.baseUrl())) {
            JsonNode issued = SimulatorCaller.json(otherCaller.token(SimulatorCaller.FORM));
            assertEquals(7, issued.path("expires_in").intValue());
            JsonNode settings = SimulatorCaller.json(otherCaller.control("GET", "/sim/settings", ""));
            assertEquals(0, settings.path("latencyMs").intValue());
            assertTrue(settings.path("closeCall").booleanValue());
            assertEquals(
                    403,
                    otherCaller
                            .create(issued.path("access_token").stringValue(), "g")
                            .statusCode());
        }
        assertThrows(IllegalArgumentException.class, () -> SimulatorMain.startWith("--nonsense", "1"));
        assertThrows(IllegalArgumentException.class, () -> SimulatorMain.startWith("--port"));
        assertThrows(IllegalArgumentException.class, () -> SimulatorMain.startWith("--settings", "{\"nonsense\":1}"));
    }
}
