package io.guestflow.processor.auth;

import static io.guestflow.processor.auth.AuthHarness.RULES;
import static io.guestflow.processor.auth.AuthRecords.created;
import static io.guestflow.processor.auth.AuthRecords.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.auth.AuthStatus;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.auth.GuestAuthResult.NotAuthenticated;
import io.guestflow.contracts.codec.Problem.Defect;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.failure.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is not served, and what cannot be read. */
class AuthRefusalsTest {
    @TempDir
    private Path stateDir;

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(ErrorCode.CONSENT_REQUIRED, request("r", "g", "\"consent\":{\"accepted\":false}")),
                Arguments.of(ErrorCode.CONSENT_REQUIRED, "{\"requestId\":\"r\",\"guestId\":\"g\",\"channelId\":\"c\"}"),
                Arguments.of(
                        ErrorCode.CONSENT_REQUIRED,
                        "{\"requestId\":\"r\",\"guestId\":\"g\",\"channelId\":\"c\",\"consent\":{}}"),
                Arguments.of(
                        ErrorCode.CONSENT_REQUIRED,
                        request(
                                "r",
                                "g",
                                "\"consent\":{\"accepted\":true,\"timestamp\":\"2026-11-22T07:02:00.001Z\"}")),
                Arguments.of(
                        ErrorCode.CONSENT_REQUIRED,
                        request("r", "g", "\"consent\":{\"accepted\":true,\"policyVersion\":\"v0\"}")),
                Arguments.of(ErrorCode.CHANNEL_NOT_ALLOWED, request("r", "g", "\"channelId\":\"elsewhere\"")),
                Arguments.of(ErrorCode.INVALID_REQUEST, request("r", "g", "\"channelId\":17")),
                Arguments.of(ErrorCode.INVALID_REQUEST, request("r", "g", "\"consent\":{\"accepted\":\"yes\"}")),
                Arguments.of(ErrorCode.INVALID_REQUEST, request("r", "g", "\"consent\":[]")),
                Arguments.of(ErrorCode.INVALID_REQUEST, request("r", "g", "\"context\":\"vip\"")),
                Arguments.of(ErrorCode.INVALID_REQUEST, request("r", "g", "\"timeoutMs\":-5")),
                Arguments.of(ErrorCode.INVALID_REQUEST, "{\"requestId\":\"r\",\"guestId\":\"g\",\"channelId\":\"\"}"),
                Arguments.of(ErrorCode.CONTEXT_NOT_ALLOWED, request("r", "g", "\"context\":{\"shoe\":\"44\"}")));
    }

    @ParameterizedTest(name = "{0} for {1}")
    @MethodSource("refusals")
    void whatMayNotBeServedIsRejectedWithoutACall(ErrorCode code, String json) {
        AuthRules strict = new AuthRules(
                RULES.rememberFor(),
                RULES.defaultTimeout(),
                3,
                Set.of("c"),
                List.of("v2", "v1"),
                true,
                RULES.contextRetryFor(),
                false);
        try (AuthHarness auth = new AuthHarness(strict, stateDir)) {
            auth.request(json);

            NotAuthenticated result =
                    assertInstanceOf(NotAuthenticated.class, auth.answer().result());
            assertEquals(code, result.error().code());
            assertEquals(AuthStatus.REJECTED, result.status());
            assertNull(result.error().retryAfterSeconds());
            assertEquals(List.of(), auth.commands());
            assertInstanceOf(Fact.AuthRejected.class, auth.facts().getFirst());
        }
    }

    @Test
    void everyBadFieldIsNamedAtOnce() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            auth.request(
                    "{\"requestId\":\"r\",\"guestId\":\"g\",\"consent\":{\"accepted\":1},\"timeoutMs\":\"x\",\"context\":[]}");

            String message = ((NotAuthenticated) auth.answer().result()).error().message();
            for (String field : List.of("channelId", "consent.accepted", "timeoutMs", "context")) {
                assertTrue(message.contains(field), field + " in: " + message);
            }
        }
    }

    static Stream<Arguments> unreadable() {
        String longId = "x".repeat(129);
        return Stream.of(
                Arguments.of(Defect.NOT_JSON, "not json"),
                Arguments.of(Defect.NOT_JSON, request("r", "g") + "x"),
                Arguments.of(Defect.NOT_AN_OBJECT, "[1]"),
                Arguments.of(Defect.DUPLICATE_KEY, "{\"requestId\":\"a\",\"requestId\":\"b\",\"guestId\":\"g\"}"),
                Arguments.of(Defect.TOO_DEEP, "{\"a\":" + "[".repeat(20) + "]".repeat(20) + "}"),
                Arguments.of(Defect.TOO_LARGE, "{\"a\":\"" + "x".repeat(70_000) + "\"}"),
                Arguments.of(Defect.MISSING, "{\"guestId\":\"g\"}"),
                Arguments.of(Defect.MISSING, "{\"requestId\":\"r\"}"),
                Arguments.of(Defect.WRONG, request("", "g")),
                Arguments.of(Defect.TOO_LONG, request(longId, "g")),
                Arguments.of(Defect.TOO_LONG, request("r", longId)),
                Arguments.of(Defect.NULL_VALUE, null));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unreadable")
    void whoeverCannotBeAnsweredIsARedactedDeadLetterAndTheStreamGoesOn(Defect defect, String value) {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            auth.request(
                    "secret-key".getBytes(StandardCharsets.UTF_8),
                    value == null ? null : value.getBytes(StandardCharsets.UTF_8),
                    auth.now(),
                    new org.apache.kafka.common.header.internals.RecordHeaders());
            auth.request(request("next", "g"));

            DeadLetter letter = auth.deadLetters().getFirst();
            assertTrue(
                    letter.problems().stream().anyMatch(problem -> problem.defect() == defect),
                    letter.problems().toString());
            assertEquals("guest-auth-requests", letter.topic());
            assertEquals(10, letter.keyBytes());
            assertEquals(1, auth.commands().size());
            assertEquals(1, auth.count("guestflow.dead.letters"));
        }
    }

    @Test
    void anUnreadableOutcomeIsADeadLetterAndTheStreamGoesOn() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            auth.request(request("r1", "g1"));
            auth.rawOutcome("garbage".getBytes(StandardCharsets.UTF_8));
            auth.rawOutcome(null);
            auth.outcome(created(auth.command(), "conv-1", true));

            assertEquals(2, auth.deadLetters().size());
            auth.answer();
        }
    }
}
