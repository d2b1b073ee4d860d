package io.guestflow.processor.measure;

import static io.guestflow.processor.measure.Given.RULES;
import static io.guestflow.processor.measure.Given.START;
import static io.guestflow.processor.measure.Given.figures;
import static io.guestflow.processor.measure.Given.goingOn;
import static io.guestflow.processor.measure.Given.subject;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.cxone.ConversationFigures;
import io.guestflow.contracts.cxone.PagingFault;
import io.guestflow.contracts.cxone.QueryOutcome;
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
        List<Verdict> verdicts = answers.fold(List.of(subject("a"), subject("b")), measured(figures("b")), NOW);
        assertEquals(
                List.of(
                        new Verdict.Again(subject("a").answered(), NOW.plus(Duration.ofMinutes(1))),
                        new Verdict.Measured(subject("b").answered(), figures("b"))),
                verdicts);
    }

    @Test
    void twoEndsOfOneConversationAreBothMeasured() {
        List<Verdict> verdicts = answers.fold(List.of(subject("a"), subject("a")), measured(figures("a")), NOW);
        assertTrue(verdicts.stream().allMatch(Verdict.Measured.class::isInstance), verdicts::toString);
    }

    @Test
    void delaysGrowAndThenItIsMissing() {
        List<String> story = new ArrayList<>();
        Subject subject = subject("a");
        while (true) {
            Verdict verdict = answers.fold(List.of(subject), measured(), NOW).getFirst();
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
            Verdict verdict =
                    answers.fold(List.of(subject), measured(goingOn("a")), NOW).getFirst();
            subject = subject.answered();
            assertEquals(new Verdict.Again(subject, NOW.plus(delay)), verdict);
        }
        assertEquals(
                new Verdict.Measured(subject.answered(), goingOn("a")),
                answers.fold(List.of(subject), measured(goingOn("a")), NOW).getFirst());
    }

    @Test
    void aTenantThatTellsNoTimesTellsNothingOfAnEndEither() {
        ConversationFigures bare = new ConversationFigures("a", null, null, 1, 1);
        assertEquals(
                new Verdict.Measured(subject("a").answered(), bare),
                answers.fold(List.of(subject("a")), measured(bare), NOW).getFirst());
    }

    @ParameterizedTest
    @EnumSource
    void aPartOfAnAnswerIsNoAnswerForTheRest(PagingFault fault) {
        QueryOutcome part =
                new QueryOutcome.MeasuredInPart("1.x", List.of(figures("b")), fault, null, "m", null, 1, 1, NOW);
        assertEquals(
                List.of(
                        new Verdict.Again(subject("a").failed(), NOW.plus(Duration.ofMinutes(1))),
                        new Verdict.Measured(subject("b").answered(), figures("b"))),
                answers.fold(List.of(subject("a"), subject("b")), part, NOW));
    }

    @Test
    void aFailureIsNoAnswerAndMayAskForTime() {
        assertEquals(
                new Verdict.Again(subject("a").failed(), NOW.plus(Duration.ofMinutes(1))),
                answers.fold(List.of(subject("a")), failed(30), NOW).getFirst());
        assertEquals(
                new Verdict.Again(subject("a").failed(), NOW.plusSeconds(600)),
                answers.fold(List.of(subject("a")), failed(600), NOW).getFirst());
        assertEquals(
                new Verdict.Again(subject("a").failed(), NOW.plus(Duration.ofMinutes(1))),
                answers.silence(List.of(subject("a")), NOW).getFirst());
    }

    @Test
    void whatCannotBeAskedIsTriedUntilItIsTooLate() {
        Subject subject = subject("a");
        Instant now = NOW;
        int tries = 0;
        while (true) {
            Verdict verdict = answers.fold(List.of(subject), failed(null), now).getFirst();
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

    private static QueryOutcome measured(ConversationFigures... figures) {
        return new QueryOutcome.Measured("1.x", List.of(figures), 1, 1, NOW);
    }

    private static QueryOutcome failed(@Nullable Integer retryAfterSeconds) {
        return new QueryOutcome.CallFailed("1.x", ErrorCode.UPSTREAM_ERROR, null, "failed", retryAfterSeconds, 1, NOW);
    }
}
