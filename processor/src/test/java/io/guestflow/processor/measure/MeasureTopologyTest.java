package io.guestflow.processor.measure;

import static io.guestflow.processor.measure.Given.RULES;
import static io.guestflow.processor.measure.Given.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.analytics.ConversationMetrics;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.cxone.PagingFault;
import io.guestflow.contracts.cxone.QueryCommand.MeasureConversations;
import io.guestflow.contracts.cxone.QueryOutcome;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Measurement;
import io.guestflow.contracts.facts.Source;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From the end of a conversation to CXone's own figures of it. */
class MeasureTopologyTest {
    private static final Duration WAIT = RULES.batchWait();
    private static final Duration TICK = Duration.ofSeconds(1);

    @TempDir
    private Path stateDir;

    private MeasureHarness measure;

    @BeforeEach
    void start() {
        measure = new MeasureHarness(RULES, stateDir);
    }

    @AfterEach
    void stop() {
        measure.close();
    }

    @Test
    void whatEndsWithinHalfAMinuteIsAskedForTogether() {
        measure.ended("a");
        measure.advance(Duration.ofSeconds(20));
        measure.ended("b");
        assertEquals(List.of(), measure.commands());
        measure.advance(Duration.ofSeconds(11));
        MeasureConversations command = measure.command();
        assertEquals(List.of("a", "b"), command.conversationIds());
        assertEquals(measure.now().plus(RULES.commandTime()), command.deadline());
        measure.ended("c");
        measure.advance(WAIT.plus(TICK));
        assertEquals(List.of("c"), measure.command().conversationIds());
    }

    @Test
    void aHundredWaitForNobody() {
        IntStream.range(0, 230).forEach(i -> measure.ended("c" + i));
        List<MeasureConversations> commands = measure.commands();
        assertEquals(
                List.of(100, 100),
                commands.stream().map(c -> c.conversationIds().size()).toList());
        assertNotEquals(commands.getFirst().commandId(), commands.getLast().commandId());
        measure.advance(WAIT.plus(TICK));
        assertEquals(List.of(), measure.commands(), "as many are out as may be");
        assertEquals(230, measure.pending());
        measure.answer(commands.getFirst());
        assertEquals(30, measure.command().conversationIds().size());
    }

    /** What more commands would do is wait at effects until it is too late for them, and be asked for again. */
    @Test
    void aBacklogOfEndsIsAskedForAsItIsAnswered() {
        IntStream.range(0, 1_000).forEach(i -> measure.ended("c" + i));
        measure.advance(WAIT.plus(TICK));
        measure.restart();
        List<MeasureConversations> out = new ArrayList<>(measure.commands());
        int commands = out.size();
        assertEquals(2, commands);
        List<String> told = new ArrayList<>();
        while (!out.isEmpty()) {
            MeasureConversations next = out.removeFirst();
            measure.answer(next, next.conversationIds().toArray(String[]::new));
            List<MeasureConversations> more = measure.commands();
            commands += more.size();
            out.addAll(more);
            assertTrue(out.size() <= 2, out.size() + " are out");
            told.addAll(ids(measure.metrics()));
        }
        assertEquals(10, commands);
        assertEquals(1_000, new HashSet<>(told).size());
        assertEquals(1_000, told.size());
        assertEquals(0, measure.stored());
    }

    @Test
    void silenceMakesPlaceToo() {
        IntStream.range(0, 300).forEach(i -> measure.ended("c" + i));
        assertEquals(2, measure.commands().size());
        measure.advance(RULES.commandTime().plus(RULES.outcomeTime()).plus(TICK));
        assertEquals("c200", measure.command().conversationIds().getFirst());
    }

    /** One id that CXone does not take must not cost the others a day. */
    @Test
    void oneIdThatIsRefusedLeavesTheOthersTheirAnswers() {
        IntStream.range(0, 99).forEach(i -> measure.ended("c" + i));
        measure.ended("bad");
        List<String> told = new ArrayList<>();
        int commands = answeredUnlessAmong("bad"::equals, told);
        assertTrue(commands <= 15, commands + " commands");
        assertEquals(99, told.size());
        measure.advance(TICK);
        assertEquals(1, measure.pending());

        for (Duration delay : RULES.delays()) {
            measure.ended("new" + delay);
            measure.advance(delay.plus(TICK));
            List<MeasureConversations> all = measure.commands();
            assertEquals(List.of(List.of("new" + delay), List.of("bad")), idsOf(all), "never among others again");
            measure.answer(all.getFirst(), "new" + delay);
            measure.refuse(all.getLast(), ErrorCode.UPSTREAM_REJECTED, 400);
        }
        ConversationMetrics bad = measure.metrics().getLast();
        assertEquals("bad", bad.conversationId());
        assertEquals(Measurement.MISSING, bad.state());
        assertEquals(4, bad.asked());
        assertEquals(0, measure.stored());
    }

    /** As of one channel whose ids analytics do not take: the others are measured, and so are those that come after. */
    @ParameterizedTest
    @ValueSource(ints = {25, 4})
    void aQuarterThatIsRefusedLeavesTheOthersTheirAnswers(int together) {
        Predicate<String> bad = id -> Integer.parseInt(id.substring(1)) / together % 4 == 1;
        List<String> told = new ArrayList<>();
        for (int hour = 0; hour < 3; hour++) {
            // As many batches as are out at a time.
            int first = 200 * hour;
            IntStream.range(first, first + 200).forEach(i -> measure.ended("c" + i));
            int commands = 0;
            for (int second = 0; second < 3_600; second += 10) {
                commands += answeredUnlessAmong(bad, told);
                measure.advance(Duration.ofSeconds(10));
            }
            assertEquals(
                    IntStream.range(0, first + 200)
                            .mapToObj(i -> "c" + i)
                            .filter(bad.negate())
                            .collect(Collectors.toSet()),
                    new HashSet<>(told));
            assertTrue(commands <= 400, commands + " commands");
        }
    }

    /** Answers whatever is asked, and rejects what one of those is among. */
    private int answeredUnlessAmong(Predicate<String> refused, List<String> told) {
        int commands = 0;
        List<MeasureConversations> out = new ArrayList<>(measure.commands());
        while (!out.isEmpty()) {
            MeasureConversations next = out.removeFirst();
            commands++;
            if (next.conversationIds().stream().anyMatch(refused)) {
                measure.refuse(next, ErrorCode.UPSTREAM_REJECTED, 400);
            } else {
                measure.answer(next, next.conversationIds().toArray(String[]::new));
            }
            out.addAll(measure.commands());
            measure.metrics().stream()
                    .filter(metrics -> metrics.state() == Measurement.MEASURED)
                    .forEach(metrics -> told.add(metrics.conversationId()));
        }
        return commands;
    }

    @Test
    void aTenantThatRefusesEverythingIsNotAskedADayLong() {
        IntStream.range(0, 500).forEach(i -> measure.ended("c" + i));
        Instant end = measure.now();
        List<ConversationMetrics> told = new ArrayList<>();
        int commands = 0;
        while (told.size() < 500) {
            List<MeasureConversations> out = measure.commands();
            out.forEach(command -> measure.refuse(command, ErrorCode.UPSTREAM_FORBIDDEN, 403));
            commands += out.size();
            measure.advance(TICK);
            told.addAll(measure.metrics());
            assertTrue(measure.now().isBefore(end.plus(Duration.ofHours(1))), "it must end");
        }
        // Some forty until it is known, twice, and those that were alone by then go alone.
        assertTrue(commands < 200, commands + " commands");
        assertTrue(told.stream().allMatch(metrics -> metrics.state() == Measurement.UNANSWERED));
        assertEquals(0, measure.stored());
    }

    @Test
    void whatIsSwitchedOffKeepsNothingAndForgetsWhatWasPending() {
        MeasureConversations command = asked("a");
        IntStream.range(0, 250).forEach(i -> measure.ended("c" + i));
        measure.commands();
        measure.restart(Given.rules(false, 32_768, 2, 1_000));
        measure.ended("b");
        measure.advance(MeasureProcessor.HOLD_OFF);
        measure.answer(command, "a");
        measure.advance(Duration.ofHours(1));
        assertEquals(List.of(), measure.commands());
        assertEquals(List.of(), measure.metrics());
        assertEquals(0, measure.stored());
        assertEquals(0, measure.pending());
        assertEquals(252, measure.became("switched.off"));
    }

    /** It would end the process at the same outcome after every restart. */
    @Test
    void anOutcomeThatCannotBeTakenInIsADeadLetterAndTheOthersGoOn() {
        MeasureConversations command = asked("a", "b");
        IntStream.range(0, 200).forEach(i -> measure.ended("c" + i));
        measure.commands();
        measure.damage(1, 1);
        measure.answer(command, "a", "b");
        assertEquals(1, measure.deadLetters().size());
        assertEquals(2, measure.became("dropped"));
        assertEquals(100, measure.command().conversationIds().size(), "its place is free");
        measure.advance(TICK);
        assertEquals(200, measure.pending());
    }

    @Test
    void aBatchThatCannotBeAskedForIsGivenUpAndTheOthersAreAsked() {
        measure.ended("a");
        measure.damage(1, 0);
        IntStream.range(0, 99).forEach(i -> measure.ended("c" + i));
        measure.ended("next");
        measure.advance(WAIT.plus(TICK));
        assertEquals(List.of("next"), measure.command().conversationIds());
        assertEquals(1, measure.deadLetters().size());
        assertEquals(100, measure.became("dropped"));
        assertEquals(1, measure.pending());
    }

    @Test
    void aBatchWhoseTimerFailsForGoodLeavesItsPlace() {
        asked("a", "b");
        IntStream.range(0, 200).forEach(i -> measure.ended("c" + i));
        measure.commands();
        measure.damage(1, 0);
        for (int i = 0; i < 24 * 60 && measure.deadLetters().isEmpty(); i++) {
            measure.advance(Duration.ofMinutes(1));
        }
        assertEquals(1, measure.deadLetters().size());
        assertEquals(2, measure.became("dropped"));
        assertEquals(200, measure.pending());
    }

    @Test
    void aStateThatIsLostTakesNoOutcomeOfBefore() {
        MeasureConversations before = asked("a");
        measure.loseState();
        MeasureConversations after = asked("b");
        assertNotEquals(before.commandId(), after.commandId());
        measure.answer(before, "a", "b");
        assertEquals(List.of(), measure.metrics());
        assertEquals(1, measure.ignoredOutcomes());
    }

    @Test
    void onlyEndsMatter() {
        Source source = new Source("cxone-events", 0, 1);
        measure.fact(new Fact.MessageSeen("f1", START, "g", Given.DIMENSIONS, source, "a", Direction.INBOUND));
        measure.fact(new Fact.GuestLinked("f2", START, "g", Given.DIMENSIONS, source, "a", 1));
        measure.advance(WAIT.plus(TICK));
        assertEquals(List.of(), measure.commands());
    }

    @Test
    void figuresAreToldWithTheDifferenceToOurs() {
        MeasureConversations command = asked("a");
        measure.advance(TICK);
        measure.answer(command, "a");
        Fact.SessionEnded ended = Given.ended("a", START);
        Instant endedAt = START.plus(MeasureProcessor.HOLD_OFF);
        ConversationMetrics told = measure.metrics().getFirst();
        assertEquals(
                new ConversationMetrics(
                        "a",
                        ended.guestRef(),
                        Given.DIMENSIONS,
                        Measurement.MEASURED,
                        EndReason.CLOSED_UPSTREAM,
                        new ConversationMetrics.Own(
                                endedAt.minus(Given.LASTED), endedAt, Given.LASTED.toMillis(), 2, 3),
                        new ConversationMetrics.Upstream(
                                START.minus(Given.LASTED), START.plusSeconds(1), Given.LASTED.toMillis() + 1_000, 6),
                        new ConversationMetrics.Difference(1_000, 1),
                        1,
                        measure.now()),
                told);
        Fact.ConversationMeasured fact = measure.facts().getFirst();
        assertEquals(Measurement.MEASURED, fact.state());
        assertEquals(ended.guestRef(), fact.guestRef());
        assertEquals("cxone-query-outcomes", fact.source().topic());
        assertEquals(1_000, fact.durationDifferenceMs());
        assertEquals(1, fact.messagesDifference());
        assertEquals(1, measure.became("measured"));
        measure.advance(Duration.ofHours(2));
        assertEquals(0, measure.stored(), "nothing is left of it");
        assertEquals(List.of(), measure.commands());
    }

    @Test
    void whatIsMissingIsAskedForAgainAndThenReported() {
        MeasureConversations command = asked("a", "b");
        measure.answer(command, "b");
        assertEquals(List.of("b"), ids(measure.metrics()));
        List<Duration> delays = new ArrayList<>();
        for (Duration delay : RULES.delays()) {
            measure.advance(delay.minus(TICK));
            assertEquals(List.of(), measure.commands());
            measure.advance(TICK.plusMillis(500));
            measure.advance(WAIT.plus(TICK));
            MeasureConversations again = measure.command();
            assertEquals(List.of("a"), again.conversationIds());
            assertNotEquals(command.commandId(), again.commandId());
            delays.add(delay);
            measure.answer(again);
        }
        assertEquals(RULES.delays(), delays);
        ConversationMetrics missing = measure.metrics().getFirst();
        assertEquals(Measurement.MISSING, missing.state());
        assertEquals(4, missing.asked());
        assertNull(missing.cxone());
        assertNull(missing.difference());
        Fact.ConversationMeasured fact = measure.facts().getLast();
        assertEquals(Measurement.MISSING, fact.state());
        assertEquals("guest-facts", fact.source().topic(), "no outcome tells of it");
        measure.advance(Duration.ofDays(2));
        assertEquals(List.of(), measure.commands());
        assertEquals(0, measure.stored());
    }

    @Test
    void thoseAskedForAgainGoWithThoseThatAreNew() {
        measure.answer(asked("a"));
        measure.advance(RULES.delays().getFirst().minusSeconds(5));
        measure.ended("b");
        measure.advance(Duration.ofSeconds(6));
        assertEquals(List.of(), measure.commands());
        measure.advance(Duration.ofSeconds(25));
        MeasureConversations both = measure.command();
        assertEquals(List.of("b", "a"), both.conversationIds());
        measure.answer(both, "a", "b");
        assertEquals(List.of("b", "a"), ids(measure.metrics()));
    }

    @Test
    void aBatchThatIsNearlyFullIsAskedForAgainAsItIs() {
        List<String> most = conversations(75);
        measure.answer(asked(most.toArray(String[]::new)));
        measure.advance(RULES.delays().getFirst().minusSeconds(5));
        measure.ended("new");
        measure.advance(Duration.ofSeconds(6));
        MeasureConversations again = measure.command();
        assertEquals(most, again.conversationIds(), "it waits for nobody");
        measure.advance(WAIT);
        assertEquals(List.of("new"), measure.command().conversationIds());
        measure.restart();
        measure.answer(again, most.toArray(String[]::new));
        assertEquals(most, ids(measure.metrics()));
        measure.advance(TICK);
        assertEquals(1, measure.pending());
    }

    @Test
    void aRestOfABatchJoinsWhatIsNew() {
        measure.answer(asked(conversations(74).toArray(String[]::new)));
        measure.advance(RULES.delays().getFirst().minusSeconds(5));
        measure.ended("new");
        measure.advance(Duration.ofSeconds(6));
        assertEquals(List.of(), measure.commands());
        measure.advance(WAIT);
        assertEquals(75, measure.command().conversationIds().size());
    }

    @Test
    void aBatchThatIsDueWhileAsManyAreOutAsMayBeIsAskedForWhenOneIsAnswered() {
        List<String> most = conversations(75);
        measure.answer(asked(most.toArray(String[]::new)));
        measure.advance(RULES.delays().getFirst().minusSeconds(5));
        IntStream.range(0, 200).forEach(i -> measure.ended("new" + i));
        List<MeasureConversations> out = measure.commands();
        assertEquals(2, out.size());
        measure.advance(Duration.ofSeconds(6));
        assertEquals(List.of(), measure.commands());
        measure.restart();
        measure.answer(out.getFirst(), out.getFirst().conversationIds().toArray(String[]::new));
        MeasureConversations again = measure.command();
        assertEquals(most, again.conversationIds());
        measure.answer(again, most.toArray(String[]::new));
        measure.answer(out.getLast(), out.getLast().conversationIds().toArray(String[]::new));
        assertEquals(275, measure.metrics().size());
        assertEquals(0, measure.stored());
    }

    @Test
    void aPartOfAnAnswerIsTakenAndTheRestAskedForAgain() {
        MeasureConversations command = asked("a", "b");
        measure.outcome(new QueryOutcome.MeasuredInPart(
                command.commandId(),
                List.of(Given.figures("a")),
                PagingFault.CALL_FAILED,
                List.of(),
                ErrorCode.RATE_LIMITED,
                "wait",
                600,
                1,
                2,
                measure.now()));
        assertEquals(List.of("a"), ids(measure.metrics()));
        measure.advance(Duration.ofSeconds(599));
        measure.advance(WAIT);
        assertEquals(List.of(), measure.commands(), "CXone asked to wait");
        measure.advance(TICK);
        measure.advance(WAIT.plus(TICK));
        assertEquals(List.of("b"), measure.command().conversationIds());
    }

    @Test
    void whatIsNeverAnsweredIsTriedForADayAndThenReported() {
        MeasureConversations command = asked("a");
        Instant end = measure.now();
        int tries = 1;
        while (measure.metrics().isEmpty()) {
            measure.advance(Duration.ofMinutes(1));
            tries += measure.commands().size();
            assertTrue(measure.now().isBefore(end.plus(Duration.ofHours(25))), "it must end");
        }
        assertTrue(tries > 70 && tries < 100, tries + " tries");
        assertEquals(0, measure.stored());
        Fact.ConversationMeasured fact = measure.facts().getLast();
        assertEquals(Measurement.UNANSWERED, fact.state());
        assertEquals("guest-facts", fact.source().topic(), "nothing but the end caused it");
        measure.answer(command, "a");
        assertEquals(List.of(), measure.metrics(), "too late");
        assertEquals(1, measure.ignoredOutcomes());
    }

    @Test
    void theFirstOutcomeCounts() {
        MeasureConversations command = asked("a", "b");
        measure.answer(command, "a");
        measure.answer(command, "a", "b");
        assertEquals(List.of("a"), ids(measure.metrics()));
        assertEquals(1, measure.ignoredOutcomes());
    }

    @Test
    void outcomesOfNobodysCommandsAreIgnoredAndUnreadableOnesAreDeadLetters() {
        for (String id : List.of("99.x", "1.x", "x", ".x", "1", "99999999999999999999.x")) {
            measure.outcome(new QueryOutcome.Measured(id, List.of(Given.figures("a")), 1, 1, START));
        }
        assertEquals(6, measure.ignoredOutcomes());
        measure.rawOutcome("{}".getBytes(StandardCharsets.UTF_8));
        measure.rawOutcome(null);
        assertEquals(2, measure.deadLetters().size());
        assertEquals(List.of(), measure.metrics());
    }

    /** Of those a state that is lost may have told already. */
    @Test
    void whatWasOverLongBeforeTheStateBeganIsPassedOver() {
        measure.fact(Given.ended("old", START.minus(RULES.giveUpAfter())));
        measure.fact(Given.ended("young", START.minus(RULES.giveUpAfter()).plusSeconds(60)));
        measure.advance(WAIT.plus(TICK));
        assertEquals(List.of("young"), measure.command().conversationIds());
        assertEquals(1, measure.became("too.old"));
        assertEquals(List.of(), measure.metrics(), "what came of it then must not be overwritten");
    }

    /** A process that was down over a weekend. */
    @Test
    void anEndThatIsReadLateIsAskedForOnce() {
        measure.advance(Duration.ofDays(3));
        measure.restart();
        measure.fact(Given.ended("told", measure.now().minus(Duration.ofDays(2))));
        measure.fact(Given.ended("untold", measure.now().minus(Duration.ofDays(2))));
        measure.advance(WAIT.plus(TICK));
        MeasureConversations command = measure.command();
        measure.outcome(new QueryOutcome.MeasuredInPart(
                command.commandId(),
                List.of(Given.figures("told")),
                PagingFault.CALL_FAILED,
                List.of(),
                ErrorCode.UPSTREAM_ERROR,
                "failed",
                null,
                1,
                2,
                measure.now()));
        List<ConversationMetrics> told = measure.metrics();
        assertEquals(List.of("told", "untold"), ids(told));
        assertEquals(
                List.of(Measurement.MEASURED, Measurement.UNANSWERED),
                told.stream().map(ConversationMetrics::state).toList());
        assertEquals(0, measure.stored());
    }

    @Test
    void anEndThatIsToldTwiceIsAskedForOnce() {
        Fact.SessionEnded ended = Given.ended("a", measure.now());
        measure.fact(ended);
        measure.fact(ended);
        measure.advance(WAIT.plus(TICK));
        assertEquals(List.of("a"), measure.command().conversationIds());
        assertEquals(1, measure.pending());
    }

    @Test
    void oneThatGoesOnAtCxoneIsAskedForWhenItIsOverThere() {
        measure.fact(Given.ended("a", measure.now(), measure.now().plusSeconds(600)));
        measure.advance(Duration.ofSeconds(599));
        assertEquals(List.of(), measure.commands());
        measure.advance(TICK);
        measure.advance(WAIT.plus(TICK));
        assertEquals(List.of("a"), measure.command().conversationIds());
    }

    @Test
    void beyondItsBoundNothingMoreIsAskedFor() {
        measure.close();
        measure = new MeasureHarness(Given.rules(true, 32_768, 2, 2), stateDir);
        measure.ended("a");
        measure.ended("b");
        measure.ended("c");
        ConversationMetrics refused = measure.metrics().getFirst();
        assertEquals("c", refused.conversationId());
        assertEquals(Measurement.UNANSWERED, refused.state());
        assertEquals(0, refused.asked());
        assertEquals(3, measure.stored(), "a batch of two conversations");
    }

    @Test
    void aRestartForgetsNothing() {
        measure.ended("a");
        measure.restart();
        measure.ended("b");
        measure.advance(WAIT.plus(TICK));
        MeasureConversations command = measure.command();
        assertEquals(List.of("a", "b"), command.conversationIds());
        measure.restart();
        measure.answer(command, "a");
        assertEquals(List.of("a"), ids(measure.metrics()));
        measure.restart();
        measure.advance(RULES.delays().getFirst());
        measure.advance(WAIT.plus(TICK));
        MeasureConversations again = measure.command();
        assertEquals(List.of("b"), again.conversationIds());
        measure.answer(again, "b");
        assertEquals(List.of("b"), ids(measure.metrics()));
        assertEquals(0, measure.stored());
    }

    @Test
    void outcomesThatHadBeenWaitingAreReadBeforeTheirTimeIsOver() {
        MeasureConversations command = asked("a");
        measure.advance(RULES.commandTime().plus(RULES.outcomeTime()).minus(TICK.multipliedBy(2)));
        measure.restart();
        measure.advance(Duration.ofSeconds(5));
        measure.answer(command, "a");
        assertEquals(0, measure.ignoredOutcomes());
        assertEquals(List.of("a"), ids(measure.metrics()));
    }

    @Test
    void factsHaveIdsOfTheirOwn() {
        List<String> ids = new ArrayList<>();
        MeasureConversations first = asked("a", "b");
        measure.answer(first, "a", "b");
        measure.facts().forEach(fact -> ids.add(fact.factId()));
        MeasureConversations second = asked("c", "c2");
        measure.answer(second, "c", "c2");
        measure.facts().forEach(fact -> ids.add(fact.factId()));
        assertEquals(4, new HashSet<>(ids).size(), ids::toString);
    }

    private MeasureConversations asked(String... conversationIds) {
        for (String id : conversationIds) {
            measure.ended(id);
        }
        measure.advance(WAIT.plus(TICK));
        return measure.command();
    }

    private static List<List<String>> idsOf(List<MeasureConversations> commands) {
        return commands.stream().map(MeasureConversations::conversationIds).toList();
    }

    private static List<String> ids(List<ConversationMetrics> metrics) {
        return metrics.stream().map(ConversationMetrics::conversationId).toList();
    }

    private static List<String> conversations(int count) {
        return IntStream.range(0, count).mapToObj(i -> "c" + i).toList();
    }
}
