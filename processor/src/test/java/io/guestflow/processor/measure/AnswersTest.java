package io.guestflow.processor.measure;

import static io.guestflow.processor.measure.Given.RULES;
import static io.guestflow.processor.measure.Given.START;
import static io.guestflow.processor.measure.Given.figures;
import static io.guestflow.processor.measure.Given.goingOn;
import static io.guestflow.processor.measure.Given.subject;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.cxone.ConversationFigures;
import io.guestflow.contracts.cxone.PagingFault;
import io.guestflow.contracts.cxone.QueryOutcome;
import io.guestflow.processor.measure.Refusals.Meant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an answer means for each conversation. */
class AnswersTest {
    private static final Instant NOW = START.plusSeconds(60);

    private final Answers answers = new Answers(RULES);

    @Test
    void whatIsToldIsMeasuredAndWhatIsNotIsAskedForAgain() {
        List<Verdict> verdicts = verdicts(List.of(subject("a"), subject("b")), measured(figures("b")));
        assertEquals(
                List.of(
                        new Verdict.Again(subject("a").answered(), NOW.plus(Duration.ofMinutes(1))),
                        new Verdict.Measured(subject("b").answered(), figures("b"))),
                verdicts);
    }

    @Test
    void twoEndsOfOneConversationAreBothMeasured() {
        List<Verdict> verdicts = verdicts(List.of(subject("a"), subject("a")), measured(figures("a")));
        assertTrue(verdicts.stream().allMatch(Verdict.Measured.class::isInstance), verdicts::toString);
    }

    @Test
    void delaysGrowAndThenItIsMissing() {
        List<String> story = new ArrayList<>();
        Subject subject = subject("a");
        while (true) {
            Verdict verdict = verdicts(List.of(subject), measured()).getFirst();
            subject = verdict.subject();
            if (verdict instanceof Verdict.Again(Subject _, Instant at)) {
                story.add(Duration.between(NOW, at).toString());
            } else {
                story.add(verdict.getClass().getSimpleName() + " after " + subject.asked());
                break;
            }
        }
        assertEquals(List.of("PT1M", "PT5M", "PT15M", "Missing after 4"), story);
    }

    @Test
    void oneThatGoesOnAtCxoneIsAskedForAgainAndTakenAsItIsInTheEnd() {
        Subject subject = subject("a");
        for (Duration delay : RULES.delays()) {
            Verdict verdict = verdicts(List.of(subject), measured(goingOn("a"))).getFirst();
            subject = subject.answered();
            assertEquals(new Verdict.Again(subject, NOW.plus(delay)), verdict);
        }
        assertEquals(
                new Verdict.Measured(subject.answered(), goingOn("a")),
                verdicts(List.of(subject), measured(goingOn("a"))).getFirst());
    }

    @Test
    void aTenantThatTellsNoTimesTellsNothingOfAnEndEither() {
        ConversationFigures bare = new ConversationFigures("a", null, null, 1, 1);
        assertEquals(
                new Verdict.Measured(subject("a").answered(), bare),
                verdicts(List.of(subject("a")), measured(bare)).getFirst());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNREADABLE_ROW")
    void aPartOfAnAnswerIsNoAnswerForTheRest(PagingFault fault) {
        QueryOutcome part = part(fault, figures("b"));
        assertEquals(
                List.of(
                        new Verdict.Again(subject("a").failed(), NOW.plus(Duration.ofMinutes(1))),
                        new Verdict.Measured(subject("b").answered(), figures("b"))),
                verdicts(List.of(subject("a"), subject("b")), part));
    }

    @Test
    void aFailureIsNoAnswerAndMayAskForTime() {
        assertEquals(
                new Verdict.Again(subject("a").failed(), NOW.plus(Duration.ofMinutes(1))),
                verdicts(List.of(subject("a")), failed(30)).getFirst());
        assertEquals(
                new Verdict.Again(subject("a").failed(), NOW.plusSeconds(600)),
                verdicts(List.of(subject("a")), failed(600)).getFirst());
        assertEquals(
                new Verdict.Again(subject("a").failed(), NOW.plus(Duration.ofMinutes(1))),
                each(answers.silence(List.of(subject("a")), NOW)).getFirst());
    }

    @Test
    void whatCannotBeAskedIsTriedUntilItIsTooLate() {
        Subject subject = subject("a");
        Instant now = NOW;
        int tries = 0;
        while (true) {
            Verdict verdict = each(answers.fold(List.of(subject), failed(null), Meant.NOBODY, now))
                    .getFirst();
            subject = verdict.subject();
            tries++;
            if (!(verdict instanceof Verdict.Again(Subject _, Instant at))) {
                assertEquals(new Verdict.Unanswered(subject), verdict);
                break;
            }
            assertTrue(at.isAfter(now));
            now = at;
        }
        assertTrue(now.isBefore(START.plus(RULES.giveUpAfter())));
        // Three that grow, then every quarter of an hour of the day.
        assertTrue(tries > 90 && tries < 100, tries + " tries");
    }

    @Test
    void aBatchThatIsRefusedIsAskedForInHalvesDownToOne() {
        List<Subject> five = List.of(subject("a"), subject("b"), subject("c"), subject("d"), subject("e"));
        for (Meant one : List.of(Meant.ONE, Meant.ONE_UNTOLD)) {
            assertEquals(
                    new Ruling.Halves(five.subList(0, 2), five.subList(2, 5)),
                    answers.fold(five, rejected(400), one, NOW));
        }
    }

    /** CXone has answered, and does not have it. */
    @Test
    void oneThatIsRejectedByItselfIsMissingInTheEndAndNeverAmongOthersAgain() {
        assertEquals(
                List.of("PT1M", "PT5M", "PT15M", "Missing after 4"), storyOf(rejected(400), Meant.ONE, subject("a")));
        Verdict first = each(answers.fold(List.of(subject("a")), rejected(400), Meant.ONE, NOW))
                .getFirst();
        assertEquals(subject("a").alone().answered(), first.subject());
    }

    /** CXone has it, perhaps, and does not tell. */
    @Test
    void whatIsRefusedIsNotTriedForADayAndNeverSaidToBeMissing() {
        List<String> refused = List.of("PT1M", "PT5M", "PT15M", "Unanswered after 0");
        assertEquals(refused, storyOf(rejected(403), Meant.ONE_UNTOLD, subject("a")));
        assertEquals(refused, storyOf(rejected(401), Meant.ALL, subject("a")));
        assertEquals(refused, storyOf(part(PagingFault.UNREADABLE_ROW), Meant.NOBODY, subject("a")));
    }

    @Test
    void aRefusalOfAllSplitsNothing() {
        List<Verdict> verdicts = each(answers.fold(List.of(subject("a"), subject("b")), rejected(403), Meant.ALL, NOW));
        assertEquals(
                List.of(subject("a").refused(), subject("b").refused()),
                verdicts.stream().map(Verdict::subject).toList());
    }

    @Test
    void aRowThatCannotBeReadSaysNothingOfThoseThatCan() {
        List<Verdict> verdicts =
                verdicts(List.of(subject("a"), subject("b")), part(PagingFault.UNREADABLE_ROW, figures("b")));
        assertEquals(
                List.of(
                        new Verdict.Again(subject("a").refused(), NOW.plus(Duration.ofMinutes(1))),
                        new Verdict.Measured(subject("b").answered(), figures("b"))),
                verdicts);
    }

    /** One that always is like that, as one that is live and has no duration yet, keeps nobody else from being missing. */
    @Test
    void aRowThatTellsWhoseItIsSaysNothingOfTheOthers() {
        QueryOutcome part = new QueryOutcome.MeasuredInPart(
                "1.x", List.of(figures("b")), PagingFault.UNREADABLE_ROW, List.of("c"), null, "m", null, 1, 1, NOW);
        assertEquals(
                List.of(
                        new Verdict.Again(subject("a").answered(), NOW.plus(Duration.ofMinutes(1))),
                        new Verdict.Measured(subject("b").answered(), figures("b")),
                        new Verdict.Again(subject("c").refused(), NOW.plus(Duration.ofMinutes(1)))),
                verdicts(List.of(subject("a"), subject("b"), subject("c")), part));
    }

    private List<String> storyOf(QueryOutcome outcome, Meant meant, Subject first) {
        List<String> story = new ArrayList<>();
        Verdict verdict =
                each(answers.fold(List.of(first), outcome, meant, NOW)).getFirst();
        while (verdict instanceof Verdict.Again(Subject subject, Instant at)) {
            story.add(Duration.between(NOW, at).toString());
            assertTrue(story.size() < 10, "it must end");
            verdict = each(answers.fold(List.of(subject), outcome, meant, NOW)).getFirst();
        }
        story.add(verdict.getClass().getSimpleName() + " after "
                + verdict.subject().asked());
        return story;
    }

    private List<Verdict> verdicts(List<Subject> asked, QueryOutcome outcome) {
        return each(answers.fold(asked, outcome, Meant.NOBODY, NOW));
    }

    private static List<Verdict> each(Ruling ruling) {
        return assertInstanceOf(Ruling.Each.class, ruling).verdicts();
    }

    private static QueryOutcome part(PagingFault fault, ConversationFigures... figures) {
        return new QueryOutcome.MeasuredInPart("1.x", List.of(figures), fault, List.of(), null, "m", null, 1, 1, NOW);
    }

    private static QueryOutcome rejected(int status) {
        return new QueryOutcome.CallFailed("1.x", ErrorCode.UPSTREAM_REJECTED, status, "no", null, 1, NOW);
    }

    private static QueryOutcome measured(ConversationFigures... figures) {
        return new QueryOutcome.Measured("1.x", List.of(figures), 1, 1, NOW);
    }

    private static QueryOutcome failed(@Nullable Integer retryAfterSeconds) {
        return new QueryOutcome.CallFailed("1.x", ErrorCode.UPSTREAM_ERROR, null, "failed", retryAfterSeconds, 1, NOW);
    }
}
