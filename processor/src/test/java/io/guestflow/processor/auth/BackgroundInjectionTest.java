package io.guestflow.processor.auth;

import static io.guestflow.processor.auth.AuthHarness.RULES;
import static io.guestflow.processor.auth.AuthRecords.created;
import static io.guestflow.processor.auth.AuthRecords.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthCommand.InjectContext;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.facts.Fact;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Context that is injected after its guest was authenticated: short tries, with the waiting between them here. */
class BackgroundInjectionTest {
    private static final Duration TICK = GuestAuthProcessor.PUNCTUATE_EVERY;

    @TempDir
    private Path stateDir;

    @Test
    void itIsTriedAgainAfterDelaysThatGrowByShortCommandsOfTheirOwn() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            authenticateWithoutContext(auth);
            InjectContext first = injection(auth);
            List<Long> delays = new ArrayList<>();
            List<InjectContext> tries = new ArrayList<>(List.of(first));
            for (int i = 0; i < 5; i++) {
                auth.outcome(failed(tries.getLast(), ErrorCode.UPSTREAM_ERROR, null));
                delays.add(untilTheNextTry(auth, tries));
            }

            assertEquals(List.of(1L, 2L, 4L, 8L, 15L), delays);
            assertEquals(
                    tries.size(),
                    new HashSet<>(tries.stream().map(InjectContext::commandId).toList()).size(),
                    "each command has an id of its own");
            tries.forEach(command -> {
                assertEquals(first.requestRef(), command.requestRef(), "what Idempotency-Key is made of");
                assertEquals(first.context(), command.context());
                assertEquals("conv-1", command.conversationId());
            });
            assertEquals(List.of(), auth.facts());

            auth.outcome(injected(tries.getLast(), auth.now()));
            Fact.ContextInjected told =
                    assertInstanceOf(Fact.ContextInjected.class, auth.facts().getFirst());
            assertEquals(5 * 2 + 1, told.calls(), "the calls of all tries");
        }
    }

    @Test
    void aTryHasFewSecondsSoThatItHoldsNoPlaceThatGuestsWaitFor() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            authenticateWithoutContext(auth);

            Instant deadline = injection(auth).deadline();

            assertFalse(deadline.isAfter(auth.now().plusSeconds(5)), deadline::toString);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"UPSTREAM_ERROR", "UPSTREAM_UNAVAILABLE", "RATE_LIMITED", "DEADLINE_EXCEEDED"})
    void whatMayPassIsTriedAgainNotBeforeItIsAskedFor(ErrorCode code) {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            authenticateWithoutContext(auth);
            List<InjectContext> tries = new ArrayList<>(List.of(injection(auth)));

            auth.outcome(failed(tries.getFirst(), code, 7));

            assertEquals(7, untilTheNextTry(auth, tries));
        }
    }

    @Test
    void whatIsFinalEndsItAtOnce() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            authenticateWithoutContext(auth);

            auth.outcome(failed(injection(auth), ErrorCode.UPSTREAM_REJECTED, null));

            Fact.ContextFailed told =
                    assertInstanceOf(Fact.ContextFailed.class, auth.facts().getFirst());
            assertEquals(ErrorCode.UPSTREAM_REJECTED, told.code());
            assertEquals(2, told.calls());
            auth.advance(Duration.ofSeconds(61));
            assertEquals(List.of(), auth.commands());
            assertEquals(List.of(), auth.facts());
        }
    }

    @Test
    void aCommandThatIsNeverAnsweredIsFollowedByAnother() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            authenticateWithoutContext(auth);
            InjectContext lost = injection(auth);
            List<InjectContext> tries = new ArrayList<>(List.of(lost));

            assertEquals(10, untilTheNextTry(auth, tries));
            auth.outcome(injected(lost, auth.now()));

            assertInstanceOf(Fact.ContextInjected.class, auth.facts().getFirst());
            auth.outcome(injected(tries.getLast(), auth.now()));
            assertEquals(List.of(), auth.facts(), "it is told once");
            assertEquals(1, auth.count("guestflow.auth.outcomes.stray"));
        }
    }

    @Test
    void itIsGivenUpWhenTheNextTryWouldComeTooLate() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            authenticateWithoutContext(auth);

            auth.outcome(failed(injection(auth), ErrorCode.UPSTREAM_UNAVAILABLE, 60));

            Fact.ContextFailed told =
                    assertInstanceOf(Fact.ContextFailed.class, auth.facts().getFirst());
            assertEquals(ErrorCode.UPSTREAM_UNAVAILABLE, told.code());
        }
    }

    @Test
    void theSameFailureTwiceIsCountedOnce() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            authenticateWithoutContext(auth);
            List<InjectContext> tries = new ArrayList<>(List.of(injection(auth)));
            auth.outcome(failed(tries.getFirst(), ErrorCode.UPSTREAM_ERROR, null));
            auth.outcome(failed(tries.getFirst(), ErrorCode.UPSTREAM_ERROR, null));
            untilTheNextTry(auth, tries);
            auth.outcome(injected(tries.getLast(), auth.now()));

            assertEquals(3, ((Fact.ContextInjected) auth.facts().getFirst()).calls());
        }
    }

    @Test
    void itIsRememberedForAsLongAsItIsTried() {
        AuthRules forgetful = new AuthRules(
                Duration.ofSeconds(1),
                RULES.defaultTimeout(),
                3,
                RULES.channelsAllowed(),
                RULES.consentPolicies(),
                false,
                Duration.ofSeconds(60),
                false);
        try (AuthHarness auth = new AuthHarness(forgetful, stateDir)) {
            authenticateWithoutContext(auth);
            for (int i = 0; i < 61; i++) {
                auth.advance(Duration.ofSeconds(1));
            }

            assertEquals(
                    List.of("ContextFailed"),
                    auth.facts().stream().map(f -> f.getClass().getSimpleName()).toList());
            auth.advance(Duration.ofSeconds(10));
            assertEquals(0, auth.stored());
        }
    }

    @Test
    void anEntryOfTheVersionBeforeIsReadAndTriedNoMore() {
        String stored = """
                {"result":{"requestId":"r1","attempt":1,"guestId":"g1","channelId":"c","status":"AUTHENTICATED",
                "conversationId":"conv-1","expiresAt":"2026-11-22T08:00:00.000Z","contextInjected":false,
                "contextDropped":[],"completedAt":"2026-11-22T07:00:00.000Z","latencyMs":5},"requestRef":"ref",
                "dimensions":{},"opening":{"topic":"t","partition":0,"offset":1},
                "cause":{"topic":"o","partition":0,"offset":1},
                "injection":{"commandId":"ref.1.context","conversationId":"conv-1","contextKeys":["segment"],
                "deadline":"2026-11-22T07:01:00.000Z"},"facts":[],"trace":{}}""";

        Ended ended = Ended.CODEC.read(stored.getBytes(StandardCharsets.UTF_8));

        assertEquals("ref.1.context", ended.injection().commandId());
        assertEquals(ended.injection().deadline(), ended.injection().nextAt());
        assertEquals(ended, Ended.CODEC.read(Ended.CODEC.write(ended)));
    }

    private static void authenticateWithoutContext(AuthHarness auth) {
        auth.request(request("r1", "g1"));
        auth.outcome(created(auth.command(), "conv-1", false));
        auth.answer();
        auth.facts();
    }

    private static InjectContext injection(AuthHarness auth) {
        List<AuthCommand> commands = auth.commands();
        assertEquals(1, commands.size(), commands::toString);
        return assertInstanceOf(InjectContext.class, commands.getFirst());
    }

    /** In whole seconds. */
    private static long untilTheNextTry(AuthHarness auth, List<InjectContext> tries) {
        Instant from = auth.now();
        while (true) {
            auth.advance(TICK);
            assertTrue(auth.now().isBefore(from.plusSeconds(60)), "there is no next try");
            List<AuthCommand> commands = auth.commands();
            if (!commands.isEmpty()) {
                tries.add((InjectContext) commands.getFirst());
                return Duration.between(from, auth.now()).toSeconds();
            }
        }
    }

    private static AuthOutcome injected(InjectContext command, Instant at) {
        return new AuthOutcome.ContextInjected(command.commandId(), "r1", "g1", "conv-1", 200, 1, at);
    }

    private static AuthOutcome failed(InjectContext command, ErrorCode code, @Nullable Integer retryAfterSeconds) {
        return new AuthOutcome.CallFailed(
                command.commandId(), "r1", "g1", code, null, "it failed", retryAfterSeconds, 2, command.deadline());
    }
}
