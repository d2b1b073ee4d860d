package io.guestflow.processor.auth;

import static io.guestflow.processor.auth.AuthHarness.RULES;
import static io.guestflow.processor.auth.AuthHarness.START;
import static io.guestflow.processor.auth.AuthRecords.created;
import static io.guestflow.processor.auth.AuthRecords.failed;
import static io.guestflow.processor.auth.AuthRecords.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.processor.auth.CrashWorld.Answer;
import io.guestflow.processor.auth.CrashWorld.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Under at-least-once a kill leaves any part of what one record or timer led to. Every such part, for every step of some
 * histories: in the end everybody is answered, nobody in two ways, and nothing is left.
 */
class CrashPointsTest {
    private static final int TIMEOUT_MS = 4_000;
    private static final Instant DEADLINE = START.plusMillis(TIMEOUT_MS);
    private static final List<Duration> DOWNTIMES = List.of(Duration.ofMillis(300), Duration.ofSeconds(30));

    /** Too many steps mean that it goes round in circles. */
    private static final int MOST_STEPS = 100;

    private enum History implements CrashWorld.Around {
        AUTHENTICATED(true, command -> at(START, created(command, "conv-1", true))),
        CONTEXT_LATER(
                true,
                command -> at(
                        START,
                        command instanceof AuthCommand.InjectContext inject
                                ? new AuthOutcome.ContextInjected(
                                        inject.commandId(), "r1", "g1", "conv-1", 200, 1, START)
                                : created(command, "conv-1", false))),
        CONTEXT_AT_THE_SECOND_TRY(
                true,
                command -> at(
                        START,
                        command instanceof AuthCommand.InjectContext inject
                                ? inject.commandId().endsWith(".context")
                                        ? failed(command, ErrorCode.UPSTREAM_UNAVAILABLE)
                                        : new AuthOutcome.ContextInjected(
                                                inject.commandId(), "r1", "g1", "conv-1", 200, 1, START)
                                : created(command, "conv-1", false))),
        FAILED_AND_TRIED_AGAIN(
                true,
                command -> at(
                        START,
                        command.attempt() == 1
                                ? failed(command, ErrorCode.UPSTREAM_ERROR)
                                : created(command, "conv-1", true))),
        FAILED_FOR_GOOD(false, command -> at(START, failed(command, ErrorCode.UPSTREAM_REJECTED))),
        NEVER_ANSWERED(false, command -> null),
        NEVER_ANSWERED_AND_TRIED_AGAIN(
                true, command -> command.attempt() == 1 ? null : at(START, created(command, "conv-1", true))),
        ANSWERED_TOO_LATE(false, command -> at(DEADLINE.plusSeconds(1), created(command, "conv-1", true))),
        ANSWERED_TOO_LATE_AND_TRIED_AGAIN(
                true, command -> at(DEADLINE.plusSeconds(1), created(command, "conv-1", true))),
        REFUSED(false, command -> null, request("r1", "g1", "\"consent\":{\"accepted\":false}")),
        INVALID(false, command -> null, "{\"requestId\":\"r1\",\"guestId\":\"g1\"}"),
        ONE_TOO_MANY(
                true,
                command -> command.requestId().equals("r2") ? at(START, created(command, "conv-1", true)) : null,
                asked("r1"),
                asked("r2"));

        private final boolean retries;
        private final Function<AuthCommand, @Nullable Answer> effects;
        private final List<String> requests;

        History(boolean retries, Function<AuthCommand, @Nullable Answer> effects, String... requests) {
            this.retries = retries;
            this.effects = effects;
            this.requests = requests.length == 0 ? List.of(asked("r1")) : List.of(requests);
        }

        @Override
        public AuthRules rules() {
            return new AuthRules(
                    RULES.rememberFor(),
                    RULES.defaultTimeout(),
                    1,
                    RULES.channelsAllowed(),
                    RULES.consentPolicies(),
                    RULES.rejectContext(),
                    RULES.contextRetryFor(),
                    true);
        }

        @Override
        public List<String> requests() {
            return requests;
        }

        @Override
        public boolean retries() {
            return retries;
        }

        @Override
        public @Nullable Answer answer(AuthCommand command) {
            return effects.apply(command);
        }

        private static Answer at(Instant from, AuthOutcome outcome) {
            return new Answer(from, outcome);
        }

        private static String asked(String requestId) {
            return request(requestId, "g1", "\"timeoutMs\":" + TIMEOUT_MS);
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CONTEXT_AT_THE_SECOND_TRY")
    void whateverIsLostEverybodyIsAnsweredInOneWay(History history) {
        int crashes = 0;
        for (boolean outcomesFirst : new boolean[] {false, true}) {
            CrashWorld world = CrashWorld.of(history, outcomesFirst);
            CrashWorld beforeLast = world.copy();
            Map<String, List<Write>> last = Map.of();
            for (int step = 0; ; step++) {
                assertTrue(step < MOST_STEPS, "it never ends");
                world.react();
                CrashWorld before = world.copy();
                Map<String, List<Write>> writes = world.step();
                if (writes == null) {
                    break;
                }
                String where = history + (outcomesFirst ? ", outcomes first" : "") + ", killed at step " + step;
                crashes += crashes(where, world, before, writes, Map.of(), DOWNTIMES);
                if (step == 1 && before.outcomesRead() < world.outcomesRead()) {
                    // The commit may come only after both the first request and its outcome; what effects have
                    // answered, they have read. Not with a deadline that passes meanwhile: then nothing knows of the
                    // answer. The settings say so: the thread commits every 100 ms.
                    Map<String, List<Write>> both = new TreeMap<>(last);
                    writes.forEach((name, more) -> both.merge(name, more, CrashPointsTest::joined));
                    List<Write> commands = last.getOrDefault(AuthTopology.COMMANDS_SINK, List.of());
                    Map<String, Integer> least = Map.of(AuthTopology.COMMANDS_SINK, commands.size());
                    crashes += crashes(
                            where + " before the commit", world, beforeLast, both, least, DOWNTIMES.subList(0, 1));
                }
                writes.forEach(world::store);
                beforeLast = before;
                last = writes;
            }
            check(history + " undisturbed", history, world, true);
        }
        assertTrue(crashes > 50, "hardly any crash: " + crashes);
    }

    @Tag("full")
    @ParameterizedTest(name = "{0}")
    @EnumSource(names = "CONTEXT_AT_THE_SECOND_TRY")
    void whateverIsLostOfALongHistoryEverybodyIsAnsweredInOneWay(History history) {
        whateverIsLostEverybodyIsAnsweredInOneWay(history);
    }

    private static int crashes(
            String where,
            CrashWorld world,
            CrashWorld before,
            Map<String, List<Write>> writes,
            Map<String, Integer> least,
            List<Duration> downtimes) {
        int crashes = 0;
        for (Map<String, Integer> stored : prefixes(writes, least)) {
            for (Duration downtime : downtimes) {
                CrashWorld crashed = world.crashedTo(before, downtime);
                stored.forEach(
                        (name, count) -> crashed.store(name, writes.get(name).subList(0, count)));
                String what = where + " for " + downtime + ", of " + counts(writes) + " stored " + stored;
                runToTheEnd(what, crashed);
                check(what, crashed.around(), crashed, downtime.toMillis() < TIMEOUT_MS);
                crashes++;
            }
        }
        return crashes;
    }

    private static void runToTheEnd(String what, CrashWorld world) {
        for (int step = 0; ; step++) {
            assertTrue(step < MOST_STEPS, () -> "it never ends: " + what);
            Map<String, List<Write>> writes = world.step();
            if (writes == null) {
                return;
            }
            writes.forEach(world::store);
        }
    }

    private static void check(String what, CrashWorld.Around around, CrashWorld world, boolean inTime) {
        assertEquals(0, world.stored(), () -> "entries are left: " + what);
        assertEquals(0, world.pending(), () -> "it counts pending requests: " + what);
        Map<String, GuestAuthResult> finals = new HashMap<>();
        for (GuestAuthResult result : world.results()) {
            String attempt = result.requestId() + "/" + result.attempt();
            GuestAuthResult other = finals.putIfAbsent(attempt, result);
            assertEquals(other == null ? result : other, result, () -> "answered in two ways: " + what);
        }
        for (String requestId : List.of("r1", "r2")) {
            if (around.requests().stream().noneMatch(json -> json.contains("\"" + requestId + "\""))) {
                continue;
            }
            assertTrue(finals.containsKey(requestId + "/1"), () -> requestId + " is not answered: " + what);
            if (around == History.AUTHENTICATED && inTime) {
                assertTrue(
                        finals.get(requestId + "/1") instanceof GuestAuthResult.Authenticated,
                        () -> "CXone's answer is lost: " + what);
            }
        }
        if (around == History.CONTEXT_LATER || around == History.CONTEXT_AT_THE_SECOND_TRY) {
            assertTrue(
                    !inTime || world.facts().stream().anyMatch(Fact.ContextInjected.class::isInstance),
                    () -> "the context is not told of: " + what);
        }
        for (GuestAuthResult result : finals.values()) {
            assertTrue(
                    world.facts().stream().anyMatch(fact -> tells(fact, result)),
                    () -> "no fact of " + result + ": " + what);
        }
    }

    private static boolean tells(Fact fact, GuestAuthResult result) {
        return switch (fact) {
            case Fact.AuthSucceeded told ->
                told.requestId().equals(result.requestId()) && told.attempt() == result.attempt();
            case Fact.AuthRejected told ->
                told.requestId().equals(result.requestId()) && told.attempt() == result.attempt();
            case Fact.AuthFailed told ->
                told.requestId().equals(result.requestId()) && told.attempt() == result.attempt();
            default -> false;
        };
    }

    /** All ways to store a beginning of what was written to each place. */
    private static List<Map<String, Integer>> prefixes(Map<String, List<Write>> writes, Map<String, Integer> least) {
        List<Map<String, Integer>> all = List.of(Map.of());
        for (Map.Entry<String, List<Write>> place : writes.entrySet()) {
            List<Map<String, Integer>> longer = new ArrayList<>();
            for (Map<String, Integer> some : all) {
                for (int count = least.getOrDefault(place.getKey(), 0);
                        count <= place.getValue().size();
                        count++) {
                    Map<String, Integer> more = new TreeMap<>(some);
                    more.put(place.getKey(), count);
                    longer.add(more);
                }
            }
            all = longer;
        }
        return all;
    }

    private static Map<String, Integer> counts(Map<String, List<Write>> writes) {
        Map<String, Integer> counts = new TreeMap<>();
        writes.forEach((name, list) -> counts.put(name, list.size()));
        return counts;
    }

    private static List<Write> joined(List<Write> some, List<Write> more) {
        List<Write> joined = new ArrayList<>(some);
        joined.addAll(more);
        return joined;
    }
}
