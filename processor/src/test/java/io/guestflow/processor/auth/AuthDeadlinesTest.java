package io.guestflow.processor.auth;

import static io.guestflow.processor.auth.AuthHarness.RULES;
import static io.guestflow.processor.auth.AuthRecords.created;
import static io.guestflow.processor.auth.AuthRecords.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.auth.AuthStatus;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.contracts.auth.GuestAuthResult.NotAuthenticated;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.failure.DeadLetter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens when time is over: deadlines, outcomes that are late, timers. */
class AuthDeadlinesTest {
    private static final Duration TICK = Duration.ofMillis(200);

    @TempDir
    private Path stateDir;

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
}
