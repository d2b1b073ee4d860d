package io.guestflow.processor.auth;

import static io.guestflow.processor.auth.AuthHarness.RULES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.auth.AuthStatus;
import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.contracts.auth.GuestAuthResult.NotAuthenticated;
import io.guestflow.contracts.codec.Problem.Defect;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.processor.context.AllowedKey;
import io.guestflow.processor.context.ContextPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AuthTopologyTest {
    private static final Duration TICK = Duration.ofMillis(200);

    @TempDir
    private Path stateDir;

    @Test
    void aRequestBecomesACommandAndItsOutcomeAResultAndFacts() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            auth.request(request("r1", "g1"));
            AuthCommand.Authenticate command = auth.command();
            assertEquals(List.of(), auth.answers());
            assertEquals(1, auth.pending());

            auth.advance(Duration.ofMillis(143));
            auth.outcome(created(command, "conv-1", true));

            AuthHarness.Answered answered = auth.answer();
            Authenticated result = assertInstanceOf(Authenticated.class, answered.result());
            assertFalse(answered.replayed());
            assertEquals("conv-1", result.conversationId());
            assertEquals(1, result.attempt());
            assertEquals(143, result.latencyMs());
            assertTrue(result.contextInjected());
            List<Fact> facts = auth.facts();
            assertEquals(
                    List.of("AuthSucceeded", "ContextInjected"),
                    facts.stream().map(f -> f.getClass().getSimpleName()).toList());
            assertEquals(0, auth.pending());
        }
    }

    @Test
    void commandIdsAndKeysOfIdempotencyAreDeterministic() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            auth.request(request("r1", "g1"));
            AuthCommand.Authenticate command = auth.command();

            assertEquals(AuthHarness.REFS.requestRef("g1", "r1"), command.requestRef());
            assertEquals(command.requestRef() + ".1", command.commandId());
        }
    }

    @Test
    void effectsHaveLessTimeThanTheCaller() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            auth.request(request("r1", "g1", "\"timeoutMs\":10000"));
            auth.request(request("r2", "g2", "\"timeoutMs\":1000"));
            auth.request(request("r3", "g3", "\"timeoutMs\":1"));
            auth.request(request("r4", "g4", "\"timeoutMs\":9999999"));

            assertEquals(
                    List.of(9_000L, 800L, 80L, 59_000L),
                    auth.commands().stream()
                            .map(c -> Duration.between(AuthHarness.START, c.deadline())
                                    .toMillis())
                            .toList());
        }
    }

    @Test
    void aRepeatOfAPendingRequestAddsNothing() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            auth.request(request("r1", "g1"));
            auth.command();

            auth.request(request("r1", "g1"));

            assertEquals(List.of(), auth.commands());
            assertEquals(List.of(), auth.answers());
            assertEquals(1, auth.count("guestflow.auth.suppressed"));
        }
    }

    @Test
    void aRepeatOfAnAnsweredRequestGetsTheSameResultMarkedAsReplayed() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            auth.request(request("r1", "g1"));
            auth.outcome(created(auth.command(), "conv-1", true));
            AuthHarness.Answered first = auth.answer();
            auth.facts();
            auth.advance(Duration.ofSeconds(5));

            auth.request(request("r1", "g1"));

            AuthHarness.Answered second = auth.answer();
            assertEquals(first.result(), second.result());
            assertTrue(second.replayed());
            assertEquals(List.of(), auth.commands());
            assertEquals(List.of(), auth.facts());
        }
    }

    @Test
    void timersThatAreLateShow() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            for (int i = 0; i < 2_500; i++) {
                auth.request(request("r" + i, "g" + i, "\"timeoutMs\":2000"));
            }
            // More than one punctuation may fire.
            auth.advance(Duration.ofSeconds(3));
            assertTrue(auth.timersLag() >= 1 && auth.timersLag() < 2, () -> auth.timersLag() + " s");

            while (auth.pending() > 0) {
                auth.advance(TICK);
            }
            assertEquals(0, auth.timersLag());
        }
    }

    @Test
    void theSameRequestIdOfAnotherGuestIsAnotherRequest() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            auth.request(request("r1", "g1"));
            auth.request(request("r1", "g2"));

            assertEquals(2, auth.commands().size());
        }
    }

    @Test
    void aNewerRepeatOfARetryableFailureIsTheNextAttempt() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            auth.request(request("r1", "g1"));
            AuthCommand.Authenticate first = auth.command();
            auth.advance(Duration.ofMillis(100));
            auth.outcome(failed(first, ErrorCode.UPSTREAM_ERROR));
            assertEquals(1, auth.answer().result().attempt());

            auth.request(request("r1", "g1"), auth.now());
            assertTrue(auth.answer().replayed(), "a repeat sent no later than the result is answered by it");

            auth.advance(Duration.ofMillis(1));
            auth.request(request("r1", "g1"));
            AuthCommand.Authenticate second = auth.command();
            assertEquals(2, second.attempt());
            assertEquals(first.requestRef(), second.requestRef());
            assertNotEquals(first.commandId(), second.commandId());

            auth.outcome(created(second, "conv-1", true));
            assertEquals(2, auth.answer().result().attempt());
        }
    }

    @Test
    void theDeadlineAnswersWhenCxoneDoesNot() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            auth.request(request("r1", "g1", "\"timeoutMs\":2000"));
            auth.command();

            auth.advance(Duration.ofMillis(1_900));
            assertEquals(List.of(), auth.answers());
            auth.advance(TICK);

            NotAuthenticated result =
                    assertInstanceOf(NotAuthenticated.class, auth.answer().result());
            assertEquals(ErrorCode.DEADLINE_EXCEEDED, result.error().code());
            assertEquals(AuthStatus.FAILED, result.status());
            assertTrue(result.error().retryable());
            Fact.AuthFailed fact =
                    assertInstanceOf(Fact.AuthFailed.class, auth.facts().getFirst());
            assertEquals(504, fact.httpStatus());
        }
    }

    @Test
    void aSuccessAfterTheDeadlineIsToldAndAnswersTheNextAttemptWithoutACall() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            auth.request(request("r1", "g1", "\"timeoutMs\":2000"));
            AuthCommand.Authenticate command = auth.command();
            auth.advance(Duration.ofMillis(2_200));
            auth.answer();
            auth.facts();

            auth.outcome(created(command, "conv-late", true));
            assertEquals(List.of(), auth.answers());
            Fact.AuthLate late =
                    assertInstanceOf(Fact.AuthLate.class, auth.facts().getFirst());
            assertEquals("conv-late", late.conversationId());

            auth.advance(Duration.ofMillis(1));
            auth.request(request("r1", "g1"));
            Authenticated result =
                    assertInstanceOf(Authenticated.class, auth.answer().result());
            assertEquals(2, result.attempt());
            assertEquals("conv-late", result.conversationId());
            assertEquals(List.of(), auth.commands());
        }
    }

    @Test
    void aLateSuccessAnswersTheNextAttemptThatIsAlreadyPending() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            auth.request(request("r1", "g1", "\"timeoutMs\":2000"));
            AuthCommand.Authenticate first = auth.command();
            auth.advance(Duration.ofMillis(2_200));
            auth.answer();
            auth.advance(Duration.ofMillis(1));
            auth.request(request("r1", "g1"));
            AuthCommand.Authenticate second = auth.command();
            auth.facts();

            auth.outcome(created(first, "conv-1", true));

            assertEquals(2, auth.answer().result().attempt());
            assertEquals(
                    List.of("AuthLate", "AuthSucceeded", "ContextInjected"),
                    auth.facts().stream().map(f -> f.getClass().getSimpleName()).toList());
            auth.outcome(created(second, "conv-1", true));
            assertEquals(List.of(), auth.answers());
            assertEquals(List.of(), auth.facts());
        }
    }

    @Test
    void theFirstOutcomeOfACommandWins() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            auth.request(request("r1", "g1"));
            AuthCommand.Authenticate command = auth.command();
            auth.outcome(created(command, "conv-1", true));
            auth.answer();
            auth.facts();

            auth.outcome(created(command, "conv-1", true));
            auth.outcome(failed(command, ErrorCode.UPSTREAM_ERROR));

            assertEquals(List.of(), auth.answers());
            assertEquals(List.of(), auth.facts());
            assertEquals(2, auth.count("guestflow.auth.outcomes.stray"));
        }
    }

    @Test
    void aSecondConversationOfARepeatedCallIsTold() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            auth.request(request("r1", "g1"));
            AuthCommand.Authenticate command = auth.command();
            auth.outcome(created(command, "conv-1", true));
            auth.facts();

            auth.outcome(created(command, "conv-orphan", true));

            Fact.AuthLate late =
                    assertInstanceOf(Fact.AuthLate.class, auth.facts().getFirst());
            assertEquals("conv-orphan", late.conversationId());
        }
    }

    @Test
    void contextThatCouldNotBeInjectedIsRetriedInTheBackground() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            auth.request(request("r1", "g1"));
            auth.outcome(created(auth.command(), "conv-1", false));
            assertFalse(((Authenticated) auth.answer().result()).contextInjected());
            AuthCommand.InjectContext inject = assertInstanceOf(
                    AuthCommand.InjectContext.class, auth.commands().getFirst());
            assertEquals("conv-1", inject.conversationId());
            auth.facts();

            auth.outcome(new AuthOutcome.ContextInjected(inject.commandId(), "r1", "g1", "conv-1", 200, 3, auth.now()));

            Fact.ContextInjected fact =
                    assertInstanceOf(Fact.ContextInjected.class, auth.facts().getFirst());
            assertEquals(List.of("segment"), fact.contextKeys());
            assertEquals(List.of(), auth.answers());
        }
    }

    @Test
    void contextThatIsNeverInjectedIsToldAtItsOwnDeadline() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            auth.request(request("r1", "g1"));
            auth.outcome(created(auth.command(), "conv-1", false));
            auth.facts();

            auth.advance(Duration.ofSeconds(59));
            assertEquals(List.of(), auth.facts());
            auth.advance(Duration.ofMillis(1_200));

            Fact.ContextFailed fact =
                    assertInstanceOf(Fact.ContextFailed.class, auth.facts().getFirst());
            assertEquals(ErrorCode.DEADLINE_EXCEEDED, fact.code());
        }
    }

    @Test
    void aGuestHasAtMostThreeRequestsPending() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            for (String id : List.of("r1", "r2", "r3")) {
                auth.request(request(id, "g1"));
            }
            assertEquals(3, auth.commands().size());
            auth.request(request("r4", "g1"));
            NotAuthenticated refused =
                    assertInstanceOf(NotAuthenticated.class, auth.answer().result());
            assertEquals(ErrorCode.RATE_LIMITED, refused.error().code());
            assertEquals(15, refused.error().retryAfterSeconds());
            auth.request(request("r1", "another"));
            assertEquals(1, auth.commands().size());

            auth.advance(Duration.ofSeconds(16));
            auth.request(request("r5", "g1"));
            assertEquals(1, auth.commands().size(), "room again once the pending ones have ended");
        }
    }

    @Test
    void everythingLeavesTheStoresWhenItsTimeIsOver() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            auth.request(request("answered", "g1"));
            auth.outcome(created(auth.command(), "conv-1", false));
            auth.commands();
            auth.request(request("unanswered", "g2"));
            auth.request(request("refused", "g3", "\"consent\":{\"accepted\":false}"));
            auth.request("{\"requestId\":\"invalid\",\"guestId\":\"g4\"}");
            auth.advance(Duration.ofSeconds(16));
            auth.request(request("unanswered", "g2"));
            assertTrue(auth.stored() > 0);

            auth.advance(Duration.ofSeconds(16));
            auth.advance(Duration.ofMinutes(15));
            auth.advance(Duration.ofMinutes(15));

            assertEquals(0, auth.stored());
            assertEquals(0, auth.pending());
        }
    }

    @Test
    void aForgottenRequestIdMayBeUsedAgain() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            auth.request(request("r1", "g1"));
            auth.outcome(created(auth.command(), "conv-1", true));
            auth.answer();
            Set<String> ids =
                    new HashSet<>(auth.facts().stream().map(Fact::factId).toList());
            auth.advance(Duration.ofMinutes(16));
            auth.advance(Duration.ofMinutes(1));

            auth.request(request("r1", "g1"));
            auth.outcome(created(auth.command(), "conv-2", true));

            assertFalse(auth.answer().replayed());
            assertTrue(auth.facts().stream().noneMatch(fact -> ids.contains(fact.factId())), "two facts, one id");
        }
    }

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

    @Test
    void aRequestInAForeignPartitionTakesOneHopAndIsAnsweredWithItsOwnTime() {
        // Of four partitions, the driver's only one is 0: these guests live elsewhere.
        try (AuthHarness auth = new AuthHarness(RULES, stateDir, 4)) {
            List<String> guests = Stream.iterate(0, i -> i + 1)
                    .map(i -> "guest-" + i)
                    .limit(40)
                    .toList();
            Instant sent = auth.now().minusMillis(70);
            for (String guest : guests) {
                auth.request(
                        "whatever".getBytes(StandardCharsets.UTF_8),
                        request("r", guest).getBytes(StandardCharsets.UTF_8),
                        sent,
                        new org.apache.kafka.common.header.internals.RecordHeaders());
            }

            List<TestRecord<byte[], byte[]>> hops = auth.rekeyed();
            assertTrue(hops.size() > 20 && hops.size() < 40, hops.size() + " hops");
            assertEquals(40, auth.commands().size(), "each is asked for once");
            TestRecord<byte[], byte[]> hop = hops.getFirst();
            assertEquals(sent.toEpochMilli(), hop.timestamp());
            assertTrue(guests.contains(new String(hop.key(), StandardCharsets.UTF_8)), "keyed by the guest");
            assertEquals(40, auth.count("guestflow.auth.requests"));
        }
    }

    @Test
    void aRekeyedRequestKeepsOfItsHeadersOnlyWhatIsOurs() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir, 4)) {
            Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
            headers.add("schema", "guest-auth-request/1".getBytes(StandardCharsets.UTF_8));
            headers.add("correlation-id", "order-7".getBytes(StandardCharsets.UTF_8));
            headers.add("baggage", new byte[1_000_000]);
            for (int i = 0; i < 20; i++) {
                auth.request(null, request("r" + i, "g" + i).getBytes(StandardCharsets.UTF_8), auth.now(), headers);
            }

            TestRecord<byte[], byte[]> hop = auth.rekeyed().getFirst();
            assertEquals(
                    List.of("schema", "correlation-id", "origin"),
                    Arrays.stream(hop.headers().toArray()).map(Header::key).toList());
        }
    }

    @Test
    void aDimensionThatNoFactCanHoldIsLeftOutOfIt() {
        ContextPolicy wide = new ContextPolicy(List.of(AllowedKey.of("campaign", AllowedKey.Type.TEXT, 1024, ".*")));
        try (AuthHarness auth = new AuthHarness(RULES, stateDir, 1, wide)) {
            for (String campaign : List.of("x".repeat(129), "x".repeat(128))) {
                auth.request(request("r" + campaign.length(), "g1", "\"context\":{\"campaign\":\"" + campaign + "\"}"));
                auth.outcome(created(auth.command(), "conv-1", true));
                Fact.AuthSucceeded told =
                        assertInstanceOf(Fact.AuthSucceeded.class, auth.facts().getFirst());
                assertEquals(
                        campaign.length() > 128 ? null : campaign,
                        told.dimensions().campaign());
            }
            auth.advance(Duration.ofSeconds(16));
            assertEquals(0, auth.count("guestflow.timers.failed"));
        }
    }

    /** Four bytes in a request and twelve in a command: a request within its bounds would make one beyond them. */
    @Test
    void aCommandCanBeReadHoweverLongTheContext() {
        List<AllowedKey> keys = IntStream.range(0, 15)
                .mapToObj(i -> AllowedKey.of("key" + i, AllowedKey.Type.TEXT, 1024, null))
                .toList();
        String context = keys.stream()
                .map(key -> "\"" + key.name() + "\":\"" + "😀".repeat(1000) + "\"")
                .collect(Collectors.joining(",", "{", "}"));
        try (AuthHarness auth = new AuthHarness(RULES, stateDir, 1, new ContextPolicy(keys))) {
            auth.request(request("r1", "g1", "\"context\":" + context));

            AuthCommand.Authenticate command = auth.command();
            assertTrue(command.context().containsKey("key0"), "the most important stays");
            assertFalse(command.context().containsKey("key14"), "the least important goes");
            auth.outcome(created(command, "conv-1", true));
            Authenticated result =
                    assertInstanceOf(Authenticated.class, auth.answer().result());
            assertTrue(
                    result.contextDropped().contains(new ContextDrop("key14", ContextDrop.Reason.TOO_LONG)),
                    result::toString);
        }
    }

    @Test
    void aTimerThatFailsIsTriedTenTimesAndThenGivenUpAsADeadLetter() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            auth.request(request("r1", "g1"));
            auth.request(request("r2", "g2"));
            auth.breakEnded("r1", "g1");
            auth.advance(Duration.ofSeconds(16));
            assertEquals("r2", auth.answer().result().requestId(), "others are not held up");
            assertEquals(1, auth.count("guestflow.timers.failed"));

            for (int i = 0; i < 10; i++) {
                auth.advance(Duration.ofMinutes(10));
            }

            assertEquals(10, auth.count("guestflow.timers.failed"));
            assertEquals(1, auth.count("guestflow.timers.given.up"));
            List<DeadLetter> letters = auth.deadLetters();
            assertEquals(1, letters.size());
            assertEquals(DeadLetter.Cause.PROCESSING, letters.getFirst().cause());
            assertTrue(letters.getFirst().topic().endsWith("-auth-timers-changelog"), letters::toString);
            assertEquals(-1, letters.getFirst().offset());
            assertNull(letters.getFirst().valueHash());
        }
    }

    @Test
    void traceAndCorrelationArePassedOnOnlyIfTheyHaveTheRightShape() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            String traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
            Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
            headers.add(RecordHeaders.TRACEPARENT, traceparent.getBytes(StandardCharsets.UTF_8));
            headers.add(RecordHeaders.CORRELATION_ID, "evil\r\nX-Header: 1".getBytes(StandardCharsets.UTF_8));
            auth.request(null, request("r1", "g1").getBytes(StandardCharsets.UTF_8), auth.now(), headers);

            Headers passed = auth.rawCommands().getFirst().headers();
            assertEquals(
                    traceparent,
                    new String(passed.lastHeader(RecordHeaders.TRACEPARENT).value(), StandardCharsets.UTF_8));
            assertNull(passed.lastHeader(RecordHeaders.CORRELATION_ID));

            auth.advance(Duration.ofSeconds(16));
            Headers answered = auth.answer().headers();
            assertEquals(
                    traceparent,
                    new String(answered.lastHeader(RecordHeaders.TRACEPARENT).value(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void noFactNamesTheGuest() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            auth.request(request("r1", "very-secret-guest"));
            auth.outcome(created(auth.command(), "conv-1", true));
            auth.request(request("r2", "very-secret-guest", "\"consent\":{\"accepted\":false}"));

            List<Fact> facts = auth.facts();
            assertEquals(3, facts.size());
            facts.forEach(fact -> assertFalse(
                    new String(Fact.CODEC.write(fact), StandardCharsets.UTF_8).contains("very-secret-guest")));
        }
    }

    @Test
    void aRequestReadAfterItsDeadlineIsNotSentToCxone() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            auth.request(request("r1", "g1"), auth.now().minusSeconds(16));

            NotAuthenticated result =
                    assertInstanceOf(NotAuthenticated.class, auth.answer().result());
            assertEquals(ErrorCode.DEADLINE_EXCEEDED, result.error().code());
            assertEquals(List.of(), auth.commands());
        }
    }

    @Test
    void theCountsBalance() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            auth.request(request("r1", "g1"));
            auth.outcome(created(auth.command(), "conv-1", true));
            auth.request(request("r1", "g1"));
            auth.request(request("r2", "g1"));
            auth.request(request("r2", "g1"));
            auth.request("garbage");
            auth.request(request("r3", "g1", "\"consent\":{\"accepted\":false}"));

            assertEquals(6, auth.count("guestflow.auth.requests"));
            assertEquals(
                    auth.count("guestflow.auth.requests"),
                    auth.count("guestflow.auth.finals")
                            + auth.count("guestflow.auth.replays")
                            + auth.count("guestflow.auth.suppressed")
                            + auth.count("guestflow.auth.redelivered")
                            + auth.count("guestflow.dead.letters")
                            + auth.pending());
        }
    }

    static String request(String requestId, String guestId) {
        return request(requestId, guestId, "");
    }

    /** A good request, with members replaced by those given. */
    static String request(String requestId, String guestId, String members) {
        StringBuilder json = new StringBuilder("{\"requestId\":\"" + requestId + "\",\"guestId\":\"" + guestId + "\"");
        if (!members.contains("\"channelId\"")) {
            json.append(",\"channelId\":\"c\"");
        }
        if (!members.contains("\"consent\"")) {
            json.append(",\"consent\":{\"accepted\":true}");
        }
        if (!members.contains("\"context\"")) {
            json.append(",\"context\":{\"segment\":\"anonymous\"}");
        }
        return json.append(members.isEmpty() ? "" : "," + members).append('}').toString();
    }

    static AuthOutcome created(AuthCommand command, String conversationId, boolean contextInjected) {
        return new AuthOutcome.ConversationCreated(
                command.commandId(),
                command.requestId(),
                command.guestId(),
                conversationId,
                AuthHarness.START.plus(Duration.ofHours(1)),
                201,
                contextInjected,
                2,
                AuthHarness.START);
    }

    static AuthOutcome failed(AuthCommand command, ErrorCode code) {
        return new AuthOutcome.CallFailed(
                command.commandId(),
                command.requestId(),
                command.guestId(),
                code,
                503,
                "CXone answered 503",
                null,
                3,
                AuthHarness.START);
    }
}
