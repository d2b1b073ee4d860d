package io.guestflow.processor.auth;

import static io.guestflow.processor.auth.AuthHarness.RULES;
import static io.guestflow.processor.auth.AuthRecords.created;
import static io.guestflow.processor.auth.AuthRecords.failed;
import static io.guestflow.processor.auth.AuthRecords.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.contracts.auth.GuestAuthResult.NotAuthenticated;
import io.guestflow.contracts.facts.Fact;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests and their repeats: what is called, what is answered again, what is a new attempt. */
class AuthAttemptsTest {
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
}
