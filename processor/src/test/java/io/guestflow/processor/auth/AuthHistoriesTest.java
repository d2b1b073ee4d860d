package io.guestflow.processor.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.contracts.facts.Fact;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories: requests and repeats, outcomes that come late, twice, in any order or never, and the clock. Whatever
 * the order, what the contract promises holds.
 */
class AuthHistoriesTest {
    private static final int STEPS = 300;
    private static final int REQUESTS = 12;

    @TempDir
    private Path stateDir;

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyAttemptHasOneFinalResultAndEveryFactItsOwnId(long seed) {
        Random random = new Random(seed);
        try (AuthHarness auth = new AuthHarness(AuthHarness.RULES, stateDir)) {
            Recorder seen = new Recorder();
            List<AuthOutcome> underway = new ArrayList<>();
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> {
                        int n = random.nextInt(REQUESTS);
                        auth.request(AuthRecords.request("r" + n, "g" + n % 5, "\"timeoutMs\":2000"));
                    }
                    case 3, 4 -> {
                        if (!underway.isEmpty()) {
                            int pick = random.nextInt(underway.size());
                            // Left in place one time in three: the same outcome comes again.
                            auth.outcome(random.nextInt(3) == 0 ? underway.get(pick) : underway.remove(pick));
                        }
                    }
                    case 5 -> auth.advance(Duration.ofMillis(random.nextInt(5_000)));
                    default -> auth.advance(Duration.ofMillis(random.nextInt(200)));
                }
                for (AuthCommand command : auth.commands()) {
                    if (random.nextInt(10) > 0) {
                        underway.add(outcomeOf(command, random));
                    }
                }
                seen.read(auth);
            }
            advanceBeyondAllThatIsDue(auth, Duration.ofSeconds(61));
            seen.read(auth);

            assertEquals(0, auth.pending(), "nothing pends beyond its deadline");
            assertEquals(
                    auth.count("guestflow.auth.requests"),
                    auth.count("guestflow.auth.finals")
                            + auth.count("guestflow.auth.replays")
                            + auth.count("guestflow.auth.suppressed"));
            assertEquals(seen.finals.size(), auth.count("guestflow.auth.finals"));
            assertEquals(
                    seen.finals.size(),
                    seen.factKinds.getOrDefault("AuthSucceeded", 0)
                            + seen.factKinds.getOrDefault("AuthFailed", 0)
                            + seen.factKinds.getOrDefault("AuthRejected", 0),
                    "one fact for each final result");

            advanceBeyondAllThatIsDue(auth, Duration.ofMinutes(15));
            advanceBeyondAllThatIsDue(auth, Duration.ofMinutes(15));
            assertEquals(0, auth.stored(), "everything is forgotten in the end");
        }
    }

    /** What is due is done in pieces of bounded time, on a slow machine in many. */
    private static void advanceBeyondAllThatIsDue(AuthHarness auth, Duration by) {
        auth.advance(by);
        while (auth.timersLag() > 0) {
            auth.advance(GuestAuthProcessor.PUNCTUATE_EVERY);
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, 25);
    }

    private static AuthOutcome outcomeOf(AuthCommand command, Random random) {
        return switch (command) {
            case AuthCommand.Authenticate authenticate ->
                switch (random.nextInt(4)) {
                    case 0 -> AuthRecords.failed(authenticate, ErrorCode.UPSTREAM_ERROR);
                    case 1 -> AuthRecords.created(authenticate, "conv-" + command.guestId(), false);
                    default -> AuthRecords.created(authenticate, "conv-" + command.guestId(), true);
                };
            case AuthCommand.InjectContext inject ->
                random.nextBoolean()
                        ? new AuthOutcome.ContextInjected(
                                inject.commandId(),
                                inject.requestId(),
                                inject.guestId(),
                                inject.conversationId(),
                                200,
                                1,
                                AuthHarness.START)
                        : AuthRecords.failed(
                                inject,
                                random.nextBoolean() ? ErrorCode.UPSTREAM_REJECTED : ErrorCode.UPSTREAM_UNAVAILABLE);
        };
    }

    /** Checks what comes out as it comes. */
    private static final class Recorder {
        final Map<String, GuestAuthResult> finals = new HashMap<>();
        final Map<String, Integer> factKinds = new HashMap<>();
        private final Set<String> factIds = new HashSet<>();
        private final Map<String, Integer> lastAttempt = new HashMap<>();

        void read(AuthHarness auth) {
            for (AuthHarness.Answered answered : auth.answers()) {
                GuestAuthResult result = answered.result();
                String request = result.guestId() + "/" + result.requestId();
                String attempt = request + "/" + result.attempt();
                if (answered.replayed()) {
                    assertEquals(finals.get(attempt), result, "a replay is the same result");
                    continue;
                }
                assertTrue(finals.put(attempt, result) == null, "second final result of " + attempt);
                int before = lastAttempt.getOrDefault(request, 0);
                assertEquals(before + 1, result.attempt(), "attempts count up");
                lastAttempt.put(request, result.attempt());
                if (before > 0) {
                    assertTrue(finals.get(request + "/" + before).retryable(), "only a retryable failure is retried");
                }
                if (result instanceof Authenticated authenticated) {
                    assertEquals("conv-" + result.guestId(), authenticated.conversationId());
                }
            }
            for (Fact fact : auth.facts()) {
                assertTrue(factIds.add(fact.factId()), "second fact with the id of " + fact);
                factKinds.merge(fact.getClass().getSimpleName(), 1, Integer::sum);
            }
        }
    }
}
